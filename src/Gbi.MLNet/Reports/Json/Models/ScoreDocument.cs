using Gbi.Reports.Json.Events;

namespace Gbi.Reports.Json.Models;

/// <summary>Files that were scored.</summary>
[DocumentKind("score", "Files that were scored; printed by `gbi score --json`")]
internal sealed record ScoreDocument(
    [property: Meaning("File or folder that was written")] string Out,
    [property: Meaning("Events scored by this run")] long Events,
    [property: Meaning("Columns that were appended")] IReadOnlyList<string> Columns,
    [property: Meaning("Time from reading to writing", Unit = "s")] double ElapsedSeconds,
    [property: Meaning("The files, in the order of the inputs")] IReadOnlyList<ScoredFileDocument> Files,
    [property: Meaning("The models, in the order of --model")] IReadOnlyList<ScoringModelDocument> Models) : ResultDocument;

internal sealed record ScoredFileDocument(
    [property: Meaning("File of events")] string In,
    [property: Meaning("File with the scores")] string Out,
    [property: Meaning("Its events")] long Events,
    [property: Meaning("Whether it was complete before, so that nothing was done")] bool WasThere,
    [property: Meaning("Columns of the events that the output cannot hold and lacks")] IReadOnlyList<LeftOutColumn> LeftOut);

internal sealed record ScoringModelDocument(
    [property: Meaning("Name of the model's file")] string Model,
    [property: Meaning("Where its network ran; null for trees")] string? Provider,
    [property: Meaning("Numerator of a ratio; null for others")] string? Numerator,
    [property: Meaning("Denominator of a ratio; null for others")] string? Denominator,
    [property: Meaning("Nuisance parameters of a systematic, parameters of a posterior; null for a ratio")]
    IReadOnlyList<string>? Parameters,
    [property: Meaning("Terms of a systematic; null for others")] IReadOnlyList<string>? Monomials);
