namespace Gbi.Reports.Json;

/// <summary>Outputs that the same command made before.</summary>
[DocumentKind("finished",
    "Outputs that the same command made before of the same inputs; printed with --json where nothing is left to do")]
internal sealed record FinishedDocument(
    [property: Meaning("Files or folders that are finished")] IReadOnlyList<string> Out) : ResultDocument;
