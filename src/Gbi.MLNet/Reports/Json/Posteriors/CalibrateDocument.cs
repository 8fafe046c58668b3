using Gbi.Diagnostics.Posteriors;
using Gbi.Diagnostics.Posteriors.Repair;

namespace Gbi.Reports.Json.Posteriors;

/// <summary>Tests of a posterior on given pairs.</summary>
[DocumentKind("calibrate", "Tests of a posterior on pairs of true parameters and observations; printed by `gbi calibrate --json`")]
internal sealed record CalibrateDocument(
    [property: Meaning("File of the posterior")] string Model,
    [property: Meaning("The tests")] PosteriorTestsDocument Tests,
    [property: Meaning("Levels of regions of highest density that have the coverage which is wanted")]
    IReadOnlyList<RepairedLevelDocument> RepairedLevels) : ResultDocument
{
    public static CalibrateDocument Of(string model, PosteriorReport report, IReadOnlyList<RecalibratedLevel> levels) => new(
        model,
        PosteriorTestsDocument.Of(report),
        [.. levels.Select(level => new RepairedLevelDocument(level.Nominal, new EstimateDocument(level.Level, level.LevelError)))]);
}

internal sealed record RepairedLevelDocument(
    [property: Meaning("Coverage that is wanted")] double Nominal,
    [property: Meaning("Level of the region that has it; 1 for the whole support")] EstimateDocument Level);
