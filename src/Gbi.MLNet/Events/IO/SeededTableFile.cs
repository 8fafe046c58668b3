using System.Globalization;
using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Outputs;
using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>Writes a table with one more column of whole numbers, such as seeds, to Parquet or, in a file named .csv, to CSV.</summary>
internal static class SeededTableFile
{
    // Read at once and deleted.
    private static readonly OutputTerms Terms = new(false) { Sweeps = false, Flushes = false };

    /// <summary>Writes a file, which must not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="table">Columns of single precision.</param>
    /// <param name="name">Name of the column of whole numbers, which is the last one.</param>
    /// <param name="numbers">One a row.</param>
    /// <exception cref="DataException">It cannot be written.</exception>
    public static void Write(string path, EventTable table, string name, int[] numbers)
    {
        if (TextNames.IsText(path))
        {
            WriteText(path, table, name, numbers);
            return;
        }

        DataField[] fields = [.. table.ColumnNames.Select(column => new DataField<float>(column)), new DataField<int>(name)];
        using var output = new ParquetOutput(path, Terms, fields, new Dictionary<string, string>());
        output.WriteRowGroup(group => WriteAsync(group, fields, table, numbers));
        output.Complete();
    }

    private static async Task WriteAsync(ParquetRowGroupWriter group, DataField[] fields, EventTable table, int[] numbers)
    {
        for (int k = 0; k < fields.Length - 1; k++)
        {
            await ParquetOutput.WriteAsync(group, fields[k], table.Memory(fields[k].Name), CancellationToken.None).ConfigureAwait(false);
        }

        await group.WriteAsync<int>(fields[^1], numbers, null, null, CancellationToken.None).ConfigureAwait(false);
    }

    private static void WriteText(string path, EventTable table, string name, int[] numbers)
    {
        using var file = new PendingFile(path, Terms);
        using (var text = new StreamWriter(file.Stream, leaveOpen: true) { NewLine = "\n" })
        {
            text.WriteLine(string.Join(',', table.ColumnNames.Append(name).Select(CsvOutput.Quoted)));
            ReadOnlyMemory<float>[] columns = [.. table.ColumnNames.Select(table.Memory)];
            for (int row = 0; row < table.Count; row++)
            {
                foreach (ReadOnlyMemory<float> column in columns)
                {
                    text.Write(column.Span[row].ToString("R", CultureInfo.InvariantCulture));
                    text.Write(',');
                }

                text.WriteLine(numbers[row].ToString(CultureInfo.InvariantCulture));
            }
        }

        file.Complete();
    }
}
