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
internal sealed record IntervalAtLevelDocument(
    [property: Meaning("Confidence level")] double ConfidenceLevel,
    [property: Meaning("Lower end")] double Lower,
    [property: Meaning("Upper end")] double Upper)
{
    public static IntervalAtLevelDocument Of(ConfidenceInterval interval) => new(interval.ConfidenceLevel, interval.Lower, interval.Upper);
}

/// <summary>A range of masses or of a parameter.</summary>
internal sealed record RangeDocument(
    [property: Meaning("Lower end; null for no limit")] double Lower,
    [property: Meaning("Upper end; null for no limit")] double Upper)
{
    public static RangeDocument OfRegion(MassWindow window) => new(window.Low, window.High);

    public static RangeDocument OfMasses(MassWindow window) => new(window.OuterLow, window.OuterHigh);
}

/// <summary>A check and what it allows.</summary>
internal sealed record CheckDocument(
    [property: Meaning("What is checked")] string Name,
    [property: Meaning("The number that was found")] double Value,
    [property: Meaning("Its standard error; null where it has none")] double? Error,
    [property: Meaning("Lowest value that passes; null for any")] double LowestAllowed,
    [property: Meaning("Highest value that passes; null for any")] double HighestAllowed,
    [property: Meaning("Whether it passed: the value is allowed, and the samples are large enough to say so")] bool Passed,
    [property: Meaning("Whether the value is unknown, or the samples are too small to confirm it")] bool Inconclusive,
    [property: Meaning("What to do where it failed")] string Remedy,
    [property: Meaning("What limits the check; null where nothing does")] string? Caveat)
{
    public static CheckDocument Of(ClosureCheck check) => new(
        check.Name, check.Value, check.Error, check.LowestAllowed, check.HighestAllowed, check.Passed, check.IsInconclusive, check.Remedy,
        check.Caveat);
}
