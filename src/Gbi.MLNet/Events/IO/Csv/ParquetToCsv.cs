using Gbi.Events.IO.Appending;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Writes the flat columns of a Parquet file as separated values: a header line, then one line an event, integers and decimals with all of
/// their digits, other numbers with the fewest that read back the same, truth values as 1 and 0, times as ISO 8601, an empty cell for a
/// missing value. The separator is a comma, in a file named .tsv a tab; a file named .gz is compressed by gzip. One row group is in memory
/// at a time.
/// </summary>
public static class ParquetToCsv
{
    /// <summary>Writes a file.</summary>
    /// <param name="parquetPath">The file to read, or a folder or a glob of parts.</param>
    /// <param name="csvPath">The file to write; it appears when it is whole.</param>
    /// <param name="columns">Columns to write, in order; null for all columns but those of bytes and nested ones.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="leftOut">Is told of columns that text leaves out where none are named; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops the work; no output is left then.</param>
    /// <returns>Number of events.</returns>
    /// <exception cref="DataException">A file cannot be read or written, or a column is unknown or cannot be text.</exception>
    public static long Convert(
        string parquetPath, string csvPath, IReadOnlyList<string>? columns = null, bool overwrite = false,
        Action<ParquetColumn>? leftOut = null, CancellationToken cancellationToken = default)
    {
        if (!TextNames.IsText(csvPath))
        {
            throw new DataException($"{csvPath} is not text by its name; give it a name that ends with .csv, .tsv, .csv.gz or .tsv.gz.");
        }

        var options = new AppendOptions { KeepColumns = columns, Terms = overwrite };
        (long rows, IReadOnlyList<ParquetColumn> missing) = ColumnAppender.Copy(parquetPath, csvPath, options, cancellationToken);
        foreach (ParquetColumn column in missing)
        {
            leftOut?.Invoke(column);
        }

        return rows;
    }
}
