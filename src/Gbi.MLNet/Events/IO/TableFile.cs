using Gbi.Events.IO.Csv;

namespace Gbi.Events.IO;

/// <summary>Files of rows in Parquet or in text (.csv, .tsv, either also .gz), told apart by the name.</summary>
internal static class TableFile
{
    private static readonly string[] TextEndings = [".csv", ".csv.gz", ".tsv", ".tsv.gz"];

    /// <summary>Whether a file of this name is text.</summary>
    public static bool IsText(string path) => TextEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Columns that can be read as numbers; those of text are known on reading alone.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static string[] NumberColumns(string path)
    {
        if (IsText(path))
        {
            using CsvRecords records = CsvRecords.Open(path);
            return [.. records.Header.Where(name => name.Length > 0).Distinct()];
        }

        return [.. new ParquetEventReader(path).Columns.Where(column => column.IsNumeric).Select(column => column.Name)];
    }

    /// <summary>Columns of all rows.</summary>
    /// <exception cref="DataException">The file or a column cannot be read.</exception>
    public static EventTable Read(string path, IReadOnlyList<string> columns, EventReadOptions options, CancellationToken cancellation) =>
        IsText(path)
            ? CsvEventReader.Read(path, columns, options, cancellation)
            : new ParquetEventReader(path).Read(columns, options, cancellation);
}
