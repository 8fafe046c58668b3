using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Csv;

namespace Gbi.Cli;

/// <summary>Events from Parquet or text (.csv, .tsv, either also .gz), told apart by the name.</summary>
internal static class EventFile
{
    /// <summary>The formats as help texts name them.</summary>
    public const string Formats = "Parquet or CSV (.csv, .tsv, also .gz)";

    private static readonly string[] TextEndings = [".csv", ".csv.gz", ".tsv", ".tsv.gz"];

    public static bool IsText(string path) => TextEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Columns that can be read as numbers.</summary>
    public static string[] Columns(string path)
    {
        if (IsText(path))
        {
            using CsvRecords records = CsvRecords.Open(path);
            return [.. records.Header.Where(name => name.Length > 0).Distinct()];
        }

        return [.. new ParquetEventReader(path).Columns.Where(column => column.IsNumeric).Select(column => column.Name)];
    }

    public static EventTable Read(string path, EventSchema schema, CancellationToken cancellation) => IsText(path)
        ? CsvEventReader.Read(path, schema, cancellation)
        : ParquetEventReader.Read(path, schema, cancellation);
}
