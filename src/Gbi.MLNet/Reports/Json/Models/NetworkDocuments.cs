namespace Gbi.Reports.Json.Models;

/// <summary>A ratio or a posterior that was exported.</summary>
[DocumentKind("export", "A likelihood ratio or a posterior written as an ONNX file; printed by `gbi export --json`")]
internal sealed record ExportDocument(
    [property: Meaning("File that was written")] string Out,
    [property: Meaning("What was exported: \"ratio\", \"posterior\" or \"posterior_density\"")] string Network,
    [property: Meaning("Name of the numerator; null for a posterior")] string? Numerator,
    [property: Meaning("Name of the denominator; null for a posterior")] string? Denominator,
    [property: Meaning("Parameters of a posterior, in their order; null for a ratio")] IReadOnlyList<string>? Parameters,
    [property: Meaning("Features, in their order")] IReadOnlyList<string> Features,
    [property: Meaning("Events on which ONNX Runtime was compared with the model; null with --no-check")] int? CheckedEvents,
    [property: Meaning("Largest difference of ln r, or of ln q, of itself where that is beyond ±1; null with --no-check")]
    double? MaxDifference) : ResultDocument;

/// <summary>A network's outputs compared with what is expected of them.</summary>
[DocumentKind("parity", "Outputs of a network compared with those of the program that trained it; printed by `gbi parity --json`")]
internal sealed record ParityDocument(
    [property: Meaning("What the network is: \"ratio\" or another kind that guides/networks.md lists")] string Network,
    [property: Meaning("Events that were run")] int Events,
    [property: Meaning("Where they were run")] string Provider,
    [property: Meaning("Largest difference that is accepted")] double Tolerance,
    [property: Meaning("Largest difference; null where one of both is no number")] double MaxDifference,
    [property: Meaning("Largest difference of each output column")] IReadOnlyDictionary<string, double> Outputs,
    [property: Meaning("Whether the largest difference is accepted")] bool Passed) : ResultDocument;
