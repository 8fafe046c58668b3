using System.Buffers;
using System.IO.Compression;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Outputs;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Writes the flat columns of a Parquet file as separated values: a header line, then one line an event, integers and decimals with all of
/// their digits, other numbers with the fewest that read back the same, truth values as 1 and 0, times as ISO 8601, an empty cell for a
/// missing value. The separator is a comma, in a file named .tsv a tab; a file named .gz is compressed by gzip. One row group is in memory
/// at a time.
/// </summary>
public static class ParquetToCsv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t|\"\n\r");

    /// <summary>Writes a file.</summary>
    /// <param name="parquetPath">The file to read.</param>
    /// <param name="csvPath">The file to write; it appears when it is whole.</param>
    /// <param name="columns">Columns to write, in order; null for all columns but those of bytes and nested ones.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="remark">Is told of columns that text leaves out where none are named; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops the work; no output is left then.</param>
    /// <returns>Number of events.</returns>
    /// <exception cref="DataException">A file cannot be read or written, or a column is unknown or cannot be text.</exception>
    public static long Convert(
        string parquetPath, string csvPath, IReadOnlyList<string>? columns = null, bool overwrite = false, Action<string>? remark = null,
        CancellationToken cancellationToken = default) =>
        Convert(parquetPath, csvPath, columns, new OutputTerms(overwrite), remark, cancellationToken);

    /// <summary>The same on terms.</summary>
    internal static long Convert(
        string parquetPath, string csvPath, IReadOnlyList<string>? columns, OutputTerms terms, Action<string>? remark,
        CancellationToken cancellationToken)
    {
        using ParquetFile input = ParquetFile.Open(parquetPath);
        CsvColumn[] cells = [.. Chosen(input, columns).Select(CsvColumn.Of)];
        if (cells.Length == 0)
        {
            throw new DataException($"{input.Name} has no column that text can hold: all are nested or of type bytes.");
        }

        foreach (StoredColumn column in input.Footer.Columns.Where(column => columns is null && !CsvColumn.IsText(column)))
        {
            remark?.Invoke($"Column '{column.Name}' is left out: it is of type {column.TypeName}, which text cannot hold.");
        }

        using var file = new PendingFile(csvPath, terms);
        bool isGzip = Path.GetExtension(csvPath).Equals(".gz", StringComparison.OrdinalIgnoreCase);
        string name = isGzip ? Path.GetFileNameWithoutExtension(csvPath) : csvPath;
        char separator = name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
        Stream stream = isGzip ? new GZipStream(file.Stream, CompressionLevel.Optimal, leaveOpen: true) : file.Stream;
        using (var text = new StreamWriter(stream, leaveOpen: !isGzip) { NewLine = "\n" })
        {
            text.WriteLine(string.Join(separator, cells.Select(column => Quoted(column.Name))));
            long firstRow = 0;
            for (int group = 0; group < input.RowCounts.Count; group++)
            {
                foreach (CsvColumn column in cells)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    column.Load(input, group, firstRow, cancellationToken);
                }

                Write(cells, (int)input.RowCounts[group], separator, text);
                firstRow += input.RowCounts[group];
            }
        }

        file.Complete();
        return input.RowCounts.Sum();
    }

    private static IEnumerable<StoredColumn> Chosen(ParquetFile input, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return input.Footer.Columns.Where(CsvColumn.IsText);
        }

        LoadingChecks.RequireOnce(names);
        return names.Select(name => input.Find(name, numeric: false)).Select(column => CsvColumn.IsText(column) ? column
            : throw new DataException(
                $"Column '{column.Name}' in {input.Name} is of type {column.TypeName}, which text cannot hold; leave it out."));
    }

    private static void Write(CsvColumn[] columns, int rows, char separator, StreamWriter text)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                if (column > 0)
                {
                    text.Write(separator);
                }

                if (!columns[column].Write(row, text) && columns.Length == 1)
                {
                    // An empty line would be skipped on reading.
                    text.Write("\"\"");
                }
            }

            text.Write('\n');
        }
    }

    /// <summary>A name as a cell, quoted where it has to be.</summary>
    internal static string Quoted(string name) =>
        !name.AsSpan().ContainsAny(Special) ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
