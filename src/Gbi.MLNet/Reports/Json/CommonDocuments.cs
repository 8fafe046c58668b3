using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Inference.Fits;

namespace Gbi.Reports.Json;

/// <summary>A number with its standard error.</summary>
internal sealed record EstimateDocument(
    [property: Meaning("The estimate")] double Value,
    [property: Meaning("Its standard error")] double Error)
{
    public static EstimateDocument Of(Estimate estimate) => new(estimate.Value, estimate.Error);
}

/// <summary>A confidence interval.</summary>
internal sealed record LevelDocument(
    [property: Meaning("Confidence level")] double ConfidenceLevel,
    [property: Meaning("Lower end")] double Lower,
    [property: Meaning("Upper end")] double Upper)
{
    public static LevelDocument Of(ConfidenceInterval interval) => new(interval.ConfidenceLevel, interval.Lower, interval.Upper);
}

/// <summary>A check and what it allows.</summary>
internal sealed record CheckDocument(
    [property: Meaning("What is checked")] string Name,
    [property: Meaning("The number that was found")] double Value,
    [property: Meaning("Its standard error; null where it has none")] double? Error,
    [property: Meaning("Lowest value that passes; null for any")] double LowestAllowed,
    [property: Meaning("Highest value that passes; null for any")] double HighestAllowed,
    [property: Meaning("Whether it passed")] bool Passed,
    [property: Meaning("What to do where it failed")] string Remedy,
    [property: Meaning("What limits the check; null where nothing does")] string? Caveat)
{
    public static CheckDocument Of(ClosureCheck check) => new(
        check.Name, check.Value, check.Error, check.LowestAllowed, check.HighestAllowed, check.Passed, check.Remedy, check.Caveat);
}
