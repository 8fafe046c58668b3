using Gbi.Events;

namespace Gbi.Diagnostics.Closure;

/// <summary>One check of the closure set.</summary>
/// <param name="Name">What is checked, as people read it.</param>
/// <param name="Value">What was found; NaN where it could not be found, which is inconclusive.</param>
/// <param name="Error">Its statistical error, or null where it has none.</param>
/// <param name="LowestAllowed">Smallest value that passes; −∞ where nothing is too small.</param>
/// <param name="HighestAllowed">Largest value that passes.</param>
/// <param name="Remedy">One sentence: what to do where it fails.</param>
/// <param name="Caveat">One sentence on what these events leave inconclusive; null where there is nothing.</param>
public sealed record ClosureCheck(
    string Name, double Value, double? Error, double LowestAllowed, double HighestAllowed, string Remedy, string? Caveat = null)
{
    /// <summary>Whether the value was not found, or the samples are too small to confirm that it is what it should be.</summary>
    public bool IsInconclusive
    {
        get => !Failed && (field || double.IsNaN(Value));
        init;
    }

    /// <summary>Whether the value is not allowed.</summary>
    public bool Failed => Value < LowestAllowed || Value > HighestAllowed;

    /// <summary>Whether the value is allowed, and the samples are large enough to say so.</summary>
    public bool Passed => !Failed && !IsInconclusive;
}

/// <summary>The closure set of one density ratio: what was measured and which checks it passes.</summary>
public sealed record ClosureReport
{
    /// <summary>Events of the numerator.</summary>
    public required int NumeratorEvents { get; init; }

    /// <summary>Events of the denominator.</summary>
    public required int DenominatorEvents { get; init; }

    /// <summary>Mean of r over the denominator.</summary>
    public required Estimate Mean { get; init; }

    /// <summary>The classifier test after reweighting.</summary>
    public required ReweightingTest Reweighting { get; init; }

    /// <summary>Predicted against observed log ratio.</summary>
    public required CalibrationCurve Curve { get; init; }

    /// <summary>Kolmogorov–Smirnov distances after reweighting, one per feature.</summary>
    public required IReadOnlyList<FeatureDistance> Features { get; init; }

    /// <summary>Events at the ends of the classifier's range.</summary>
    public required Saturation Saturation { get; init; }

    /// <summary>What the weights w r leave of the denominator.</summary>
    public required RatioWeightQuality Weights { get; init; }

    /// <summary>The checks, in the order of the properties above.</summary>
    public required IReadOnlyList<ClosureCheck> Checks { get; init; }

    /// <summary>Whether no check fails.</summary>
    public bool Passed => Checks.All(check => !check.Failed);
}
