using Gbi.Events.IO.Footers;

namespace Gbi.Events.IO;

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type in words, such as "double", "text" or "nested list".</param>
/// <param name="IsNullable">Whether it can hold nulls.</param>
/// <param name="IsNumeric">Whether it can be read as a feature or a weight.</param>
public sealed record ParquetColumn(string Name, string TypeName, bool IsNullable, bool IsNumeric)
{
    internal static ParquetColumn Of(StoredColumn column) => new(column.Name, column.TypeName, column.IsNullable, column.IsNumeric);
}
