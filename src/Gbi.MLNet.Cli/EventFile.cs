using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Cli;

/// <summary>Events from Parquet or text (.csv, .tsv, either also .gz), told apart by the name.</summary>
internal static class EventFile
{
    /// <summary>The formats as help texts name them.</summary>
    public const string Formats = "Parquet or CSV (.csv, .tsv, also .gz)";

    public static bool IsText(string path) => TableFile.IsText(path);

    /// <summary>Columns that can be read as numbers.</summary>
    public static string[] Columns(string path) => TableFile.NumberColumns(path);

    public static EventTable Read(string path, EventSchema schema, CancellationToken cancellation) =>
        TableFile.Read(path, schema.Observables, EventReadOptions.For(schema), cancellation);
}
