using Microsoft.ML;

namespace Gbi.Pipeline.Views.Exact;

/// <summary>Collects the values of a column of a view in its own type: integers, doubles and text, which Single would change.</summary>
internal abstract class ExactCells
{
    /// <summary>Whether a column is collected in its own type, and not in single precision.</summary>
    public static bool Takes(DataViewSchema.Column column) =>
        column.Type.RawType == typeof(ReadOnlyMemory<char>)
            || Type.GetTypeCode(column.Type.RawType) is >= TypeCode.SByte and <= TypeCode.UInt64 or TypeCode.Double;

    /// <summary>A collector of a column of a cursor's rows.</summary>
    public static ExactCells Open(DataViewRow row, DataViewSchema.Column column) => Type.GetTypeCode(column.Type.RawType) switch
    {
        TypeCode.SByte => new Of<sbyte>(row, column),
        TypeCode.Byte => new Of<byte>(row, column),
        TypeCode.Int16 => new Of<short>(row, column),
        TypeCode.UInt16 => new Of<ushort>(row, column),
        TypeCode.Int32 => new Of<int>(row, column),
        TypeCode.UInt32 => new Of<uint>(row, column),
        TypeCode.Int64 => new Of<long>(row, column),
        TypeCode.UInt64 => new Of<ulong>(row, column),
        TypeCode.Double => new Of<double>(row, column),
        _ => new Texts(row, column),
    };

    /// <summary>Takes the value of the row that the cursor stands on.</summary>
    public abstract void Read();

    /// <summary>The values since the last call.</summary>
    public abstract Array Take();

    private class Of<T>(DataViewRow row, DataViewSchema.Column column) : ExactCells
    {
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
        private readonly List<T> _values = [];

        public override void Read()
        {
            T value = default!;
            _getter(ref value);
            _values.Add(Kept(value));
        }

        public override Array Take()
        {
            T[] taken = [.. _values];
            _values.Clear();
            return taken;
        }

        protected virtual T Kept(T value) => value;
    }

    // A getter may use the memory of a text again for the next row.
    private sealed class Texts(DataViewRow row, DataViewSchema.Column column) : Of<ReadOnlyMemory<char>>(row, column)
    {
        protected override ReadOnlyMemory<char> Kept(ReadOnlyMemory<char> value) => value.ToArray();
    }
}
