using System.Reflection;
using Gbi.Events.IO.Footers;
using PureHDF;

namespace Gbi.Events.IO.Hdf5;

/// <summary>How a value lies in the bytes of a row.</summary>
/// <param name="Kind">What it means; <see cref="ValueKind.Unknown"/> where it is no number and no text of fixed length.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="IsBigEndian">Whether its highest byte comes first.</param>
internal readonly record struct Hdf5Layout(ValueKind Kind, int Size, bool IsBigEndian)
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The layout of a type: integers of 1 to 8 bytes, IEEE numbers of 2 to 8, enumerations as integers, text of fixed
    /// length.</summary>
    public static Hdf5Layout Of(IH5DataType type) => type.Class switch
    {
        H5DataTypeClass.FixedPoint => Integer(type, type.FixedPoint.IsSigned),
        H5DataTypeClass.FloatingPoint => Floating(type),
        H5DataTypeClass.Enumerated => Of(type.Enumeration.BaseType),
        H5DataTypeClass.String => new Hdf5Layout(ValueKind.Text, type.Size, false),
        _ => new Hdf5Layout(ValueKind.Unknown, type.Size, false),
    };

    private static Hdf5Layout Integer(IH5DataType type, bool isSigned)
    {
        ValueKind kind = (type.Size, isSigned) switch
        {
            (1, true) => ValueKind.Int8,
            (1, false) => ValueKind.UInt8,
            (2, true) => ValueKind.Int16,
            (2, false) => ValueKind.UInt16,
            (4, true) => ValueKind.Int32,
            (4, false) => ValueKind.UInt32,
            (8, true) => ValueKind.Int64,
            (8, false) => ValueKind.UInt64,
            _ => ValueKind.Unknown,
        };
        return Checked(type, kind, bits => Number(bits, "BitOffset") == 0 && Number(bits, "BitPrecision") == 8 * type.Size);
    }

    private static Hdf5Layout Floating(IH5DataType type)
    {
        (ValueKind kind, int exponent, int mantissa) = type.Size switch
        {
            2 => (ValueKind.Half, 5, 10),
            4 => (ValueKind.Float, 8, 23),
            8 => (ValueKind.Double, 11, 52),
            _ => (ValueKind.Unknown, 0, 0),
        };
        return Checked(
            type, kind, bits => Number(bits, "ExponentSize") == exponent && Number(bits, "MantissaSize") == mantissa
                && Number(bits, "ExponentLocation") == mantissa && Number(bits, "ExponentBias") == (1 << (exponent - 1)) - 1);
    }

    // The package knows the order of bytes and the place of bits, and reads members of structures without a look at them. What it does not
    // show is asked of it by name: where a later version has other names, the type is unknown and the column is refused.
    private static Hdf5Layout Checked(IH5DataType type, ValueKind kind, Func<object, bool> isPlain)
    {
        object? message = type.GetType().GetField("_dataType", Any)?.GetValue(type);
        object? bits = Property(message, "BitField"), first = (Property(message, "Properties") as Array)?.GetValue(0);
        string? order = Property(bits, "ByteOrder")?.ToString();
        bool isKnown = first is not null && order is "LittleEndian" or "BigEndian" && isPlain(first!);
        return new Hdf5Layout(isKnown ? kind : ValueKind.Unknown, type.Size, order == "BigEndian");
    }

    private static object? Property(object? of, string name) => of?.GetType().GetProperty(name, Any)?.GetValue(of);

    private static long Number(object of, string name) =>
        Property(of, name) is IConvertible number ? number.ToInt64(System.Globalization.CultureInfo.InvariantCulture) : -1;
}
