using Gbi.Events.IO;

namespace Gbi.Reports.Json.Events;

/// <summary>Simulated events.</summary>
[DocumentKind("simulate", "Events that were simulated; printed by `gbi simulate dijet --json`")]
internal sealed record SimulateDocument(
    [property: Meaning("File that was written")] string Out,
    [property: Meaning("Events in it")] int Events,
    [property: Meaning("Signal events among them")] int Signal,
    [property: Meaning("Seed")] ulong Seed) : ResultDocument;

/// <summary>A file in another format.</summary>
[DocumentKind("convert", "A file that was converted; printed by `gbi convert --json`")]
internal sealed record ConvertDocument(
    [property: Meaning("File that was written")] string Out,
    [property: Meaning("Columns that the output cannot hold and lacks")] IReadOnlyList<LeftOutColumn> LeftOut) : ResultDocument;

/// <summary>A column that an output lacks.</summary>
internal sealed record LeftOutColumn(
    [property: Meaning("Its name")] string Name,
    [property: Meaning("Its type in the input, such as nested list, bytes or encrypted")] string Type)
{
    /// <summary>Columns for a document.</summary>
    public static IReadOnlyList<LeftOutColumn> Of(IEnumerable<ParquetColumn> columns) =>
        [.. columns.Select(column => new LeftOutColumn(column.Name, column.TypeName))];
}

/// <summary>Events with the kinematics of a particle pair.</summary>
[DocumentKind("pair", "Events with the kinematics of a particle pair; printed by `gbi pair --json`")]
internal sealed record PairDocument(
    [property: Meaning("File that was written")] string Out,
    [property: Meaning("Events in it")] long Events) : ResultDocument;
