using System.Globalization;
using Gbi.Events.IO.Outputs;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Writes the columns of numbers of a Parquet file as comma-separated values: a header line, then one line an event, numbers in single
/// precision with as many digits as tell them apart, an empty cell for a missing value. One row group is in memory at a time.
/// </summary>
public static class ParquetToCsv
{
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
        using (var text = new StreamWriter(file.Stream, leaveOpen: true) { NewLine = "\n" })
        {
            text.WriteLine(string.Join(',', names.Select(Quoted)));

            // What is NaN in the file is missing in the text: both are empty cells.
            foreach (EventTable events in reader.ReadRowGroups(names, new EventReadOptions { MissingValue = double.NaN }, cancellationToken))
            {
                Write(events, names, text);
            }
        }

        file.Complete();
        return reader.RowCount;
    }

    private static void Write(EventTable events, string[] names, StreamWriter text)
    {
        ReadOnlyMemory<float>[] columns = [.. names.Select(events.Memory)];
        Span<char> digits = stackalloc char[32];
        for (int row = 0; row < events.Count; row++)
        {
            for (int column = 0; column < columns.Length; column++)
            {
                if (column > 0)
                {
                    text.Write(',');
                }

                float value = columns[column].Span[row];
                if (!float.IsNaN(value) && value.TryFormat(digits, out int length, "R", CultureInfo.InvariantCulture))
                {
                    text.Write(digits[..length]);
                }
            }

            text.Write('\n');
        }
    }

    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\n\r") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
