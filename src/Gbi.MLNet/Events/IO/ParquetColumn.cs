using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type in words, such as "double", "text" or "nested list".</param>
/// <param name="IsNullable">Whether it can hold nulls.</param>
/// <param name="IsNumeric">Whether it can be read as a feature or a weight.</param>
public sealed record ParquetColumn(string Name, string TypeName, bool IsNullable, bool IsNumeric)
{
    internal static ParquetColumn Of(Field field) => field is DataField { IsArray: false } leaf
        ? new ParquetColumn(leaf.Name, NameOf(leaf), leaf.IsNullable, IsNumber(leaf))
        : new ParquetColumn(
            field.Name, $"nested {(field is DataField ? "list" : field.SchemaType.ToString().ToLowerInvariant())}", field.IsNullable,
            false);

    private static bool IsNumber(DataField field) => field is not TimeDataField && Type.GetTypeCode(field.ClrType)
        is >= TypeCode.SByte and <= TypeCode.Double or TypeCode.Boolean;

    private static string NameOf(DataField field) => field switch
    {
        TimeDataField => "time of day",
        DecimalDataField => "decimal",
        DateTimeDataField { DateTimeFormat: DateTimeFormat.Date } => "date",
        DateTimeDataField => "date and time",
        _ when field.ClrType == typeof(ReadOnlyMemory<char>) => "text",
        _ when field.ClrType == typeof(ReadOnlyMemory<byte>) => "bytes",
        _ => Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Single => "float",
            TypeCode.Boolean => "bool",
            TypeCode.Byte => "unsigned 8-bit integer",
            TypeCode.SByte => "8-bit integer",
            TypeCode.Int16 => "16-bit integer",
            TypeCode.UInt16 => "unsigned 16-bit integer",
            TypeCode.Int32 => "32-bit integer",
            TypeCode.UInt32 => "unsigned 32-bit integer",
            TypeCode.Int64 => "64-bit integer",
            TypeCode.UInt64 => "unsigned 64-bit integer",
            _ => field.ClrType.Name.ToLowerInvariant(),
        },
    };
}
