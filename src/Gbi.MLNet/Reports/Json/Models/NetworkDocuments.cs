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

/// <summary>A network of others that became a ratio.</summary>
[DocumentKind("adopt", "A network that others exported, made a likelihood ratio; printed by `gbi adopt --json`")]
internal sealed record AdoptDocument(
    [property: Meaning("File that was written")] string Out,
    [property: Meaning("Program that exported the network; null where it does not say")] string? Producer,
    [property: Meaning("Version of the network's operators")] long Opset,
    [property: Meaning("Features, in their order")] IReadOnlyList<string> Features,
    [property: Meaning("Output of the network")] string Output,
    [property: Meaning("Position of the number that counts")] int Slot,
    [property: Meaning("Numbers of an event in the output")] int Slots,
    [property: Meaning("Name of the slot's class; null where the network does not say")] string? Class,
    [property: Meaning("What the output means: \"probability\", \"logit\", \"log-ratio\" or \"score\"")] string Meaning,
    [property: Meaning("Events that the network takes at a time; null for any number")] long? Batch,
    [property: Meaning("What was measured on events; null where none were given")] AdoptedEventsDocument? Events,
    [property: Meaning("Sentences about what may be wrong")] IReadOnlyList<string> Warnings) : ResultDocument;

internal sealed record AdoptedEventsDocument(
    [property: Meaning("Events of the numerator")] int Numerator,
    [property: Meaning("Events of the denominator")] int Denominator,
    [property: Meaning("Area under the ROC curve")] EstimateDocument Auc,
    [property: Meaning("Method of the calibration; null without one")] string? Calibration,
    [property: Meaning("Mean ratio over the denominator before normalisation; 1 where it closes")] EstimateDocument MeanRatio,
    [property: Meaning("Events of both samples whose log ratio is clipped")] int Clipped);

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
