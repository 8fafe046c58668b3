using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Csv;

namespace Gbi.Cli;

/// <summary>Events from Parquet or CSV, told apart by the name.</summary>
internal static class EventFile
{
    public static bool IsText(string path) => Path.GetExtension(path).ToUpperInvariant() is ".CSV";

    public static EventTable Read(string path, EventSchema schema, CancellationToken cancellation) => IsText(path)
        ? CsvEventReader.Read(path, schema, cancellation)
        : ParquetEventReader.Read(path, schema, cancellation);
}
