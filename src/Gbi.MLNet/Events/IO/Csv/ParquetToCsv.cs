using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Gbi.Events.IO.Outputs;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Writes the columns of numbers of a Parquet file as separated values: a header line, then one line an event, numbers in single
/// precision with the fewest digits that read back the same, an empty cell for a missing value. The separator is a
/// comma, in a file named .tsv a tab; a file named .gz is compressed by gzip. One row group is in memory at a time.
/// </summary>
public static class ParquetToCsv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t|\"\n\r");

    /// <summary>Writes a file.</summary>
    /// <param name="parquetPath">The file to read.</param>
    /// <param name="csvPath">The file to write; it appears when it is whole.</param>
    /// <param name="columns">Columns to write, in order; null for all columns of numbers.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="cancellationToken">Stops the work; no output is left then.</param>
    /// <returns>Number of events.</returns>
    /// <exception cref="DataException">A file cannot be read or written, or a column is unknown or holds no numbers.</exception>
    public static long Convert(
        string parquetPath, string csvPath, IReadOnlyList<string>? columns = null, bool overwrite = false,
        CancellationToken cancellationToken = default)
    {
        var reader = new ParquetEventReader(parquetPath);
        string[] names = [.. columns ?? [.. reader.Columns.Where(column => column.IsNumeric).Select(column => column.Name)]];
        using var file = new PendingFile(csvPath, overwrite);
        bool isGzip = Path.GetExtension(csvPath).Equals(".gz", StringComparison.OrdinalIgnoreCase);
        string name = isGzip ? Path.GetFileNameWithoutExtension(csvPath) : csvPath;
        char separator = name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';
        Stream stream = isGzip ? new GZipStream(file.Stream, CompressionLevel.Optimal, leaveOpen: true) : file.Stream;
        using (var text = new StreamWriter(stream, leaveOpen: !isGzip) { NewLine = "\n" })
        {
            text.WriteLine(string.Join(separator, names.Select(Quoted)));

            // What is NaN in the file is missing in the text: both are empty cells.
            var options = new EventReadOptions { MissingValue = double.NaN };
            foreach (EventTable events in reader.ReadRowGroups(names, options, cancellationToken))
            {
                Write(events, names, separator, text);
            }
        }

        file.Complete();
        return reader.RowCount;
    }

    private static void Write(EventTable events, string[] names, char separator, StreamWriter text)
    {
        ReadOnlyMemory<float>[] columns = [.. names.Select(events.Memory)];
        Span<char> digits = stackalloc char[32];
        for (int row = 0; row < events.Count; row++)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                if (column > 0)
                {
                    text.Write(separator);
                }

                float value = columns[column].Span[row];
                if (!float.IsNaN(value) && value.TryFormat(digits, out int length, "R", CultureInfo.InvariantCulture))
                {
                    text.Write(digits[..length]);
                }
                else if (columns.Length == 1)
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
