using Gbi.Diagnostics.Closure;

namespace Gbi.Reports.Json.Models;

/// <summary>The closure test of a ratio.</summary>
[DocumentKind("closure", "Closure test of a likelihood ratio; printed by `gbi diagnose --json`")]
internal sealed record RatioClosureDocument(
    [property: Meaning("Whether all checks passed")] bool Passed,
    [property: Meaning("Events of the numerator")] int NumeratorEvents,
    [property: Meaning("Events of the denominator")] int DenominatorEvents,
    [property: Meaning("The checks")] IReadOnlyList<CheckDocument> Checks,
    [property: Meaning("Mean ratio over the denominator; 1 where the ratio is normalised")] EstimateDocument MeanRatio,
    [property: Meaning("Classifier between the numerator and the reweighted denominator")] ReweightingDocument Reweighting,
    [property: Meaning("Predicted log ratio against the one that events show")] CalibrationCurveDocument CalibrationCurve,
    [property: Meaning("Distance in each feature after reweighting")] IReadOnlyList<FeatureDistanceDocument> Features,
    [property: Meaning("Events at the ends of the classifier's range")] SaturationDocument Saturation,
    [property: Meaning("Weights of the denominator times the ratio")] WeightsDocument Weights) : ResultDocument
{
    public static RatioClosureDocument Of(ClosureReport report) => new(
        report.Passed,
        report.NumeratorEvents,
        report.DenominatorEvents,
        [.. report.Checks.Select(CheckDocument.Of)],
        new EstimateDocument(report.Mean.Value, report.Mean.Error),
        ReweightingDocument.Of(report.Reweighting),
        CalibrationCurveDocument.Of(report.Curve),
        [.. report.Features.Select(FeatureDistanceDocument.Of)],
        SaturationDocument.Of(report.Saturation),
        WeightsDocument.Of(report.Weights));
}

internal sealed record ReweightingDocument(
    [property: Meaning("Area under the ROC curve on events that the classifier did not see; 0.5 where the ratio is right")] double Auc,
    [property: Meaning("Its error")] double Error,
    [property: Meaning("Events of the numerator that were used")] int NumeratorEvents,
    [property: Meaning("Events of the denominator that were used")] int DenominatorEvents)
{
    public static ReweightingDocument Of(ReweightingTest test) =>
        new(test.Area, test.Error, test.NumeratorEvents, test.DenominatorEvents);
}

internal sealed record CalibrationCurveDocument(
    [property: Meaning("Slope of the straight line; 1 where the ratio is calibrated, null with fewer than 3 bins")] double Slope,
    [property: Meaning("Its error")] double SlopeError,
    [property: Meaning("The line at ln r = 0; 0 where the ratio is normalised and calibrated")] double Intercept,
    [property: Meaning("χ² of the points about the line")] double ChiSquared,
    [property: Meaning("Degrees of freedom")] int DegreesOfFreedom,
    [property: Meaning("P(χ² ≥ observed)")] double GoodnessOfFit,
    [property: Meaning("Bins of rising ln r")] IReadOnlyList<CalibrationPointDocument> Points)
{
    public static CalibrationCurveDocument Of(CalibrationCurve curve) => new(
        curve.Slope, curve.SlopeError, curve.Intercept, curve.ChiSquared, curve.DegreesOfFreedom, curve.GoodnessOfFit,
        [.. curve.Points.Select(CalibrationPointDocument.Of)]);
}

internal sealed record CalibrationPointDocument(
    [property: Meaning("Mean predicted ln r")] double Predicted,
    [property: Meaning("ln r from the events in the bin")] double Observed,
    [property: Meaning("Error of the observed")] double Error,
    [property: Meaning("Effective events of the numerator", Unit = "events")] double EffectiveNumerator,
    [property: Meaning("Effective events of the denominator", Unit = "events")] double EffectiveDenominator)
{
    public static CalibrationPointDocument Of(CalibrationPoint point) =>
        new(point.Predicted, point.Observed, point.Error, point.EffectiveNumerator, point.EffectiveDenominator);
}

internal sealed record FeatureDistanceDocument(
    [property: Meaning("Name of the feature")] string Feature,
    [property: Meaning("Kolmogorov–Smirnov distance of numerator and reweighted denominator")] double Distance,
    [property: Meaning("Events of an equally sharp one-sample test", Unit = "events")] double EffectiveCount,
    [property: Meaning("How often equal distributions lie this far apart or farther")] double Probability)
{
    public static FeatureDistanceDocument Of(FeatureDistance distance) =>
        new(distance.Feature, distance.Distance, distance.EffectiveCount, distance.Probability);
}

internal sealed record SaturationDocument(
    [property: Meaning("Saturated events of the numerator")] int NumeratorCount,
    [property: Meaning("Saturated events of the denominator")] int DenominatorCount,
    [property: Meaning("Their share in the sample with more of them")] double Fraction,
    [property: Meaning("Events of the numerator whose log ratio was clipped")] int NumeratorClipped,
    [property: Meaning("Events of the denominator whose log ratio was clipped")] int DenominatorClipped)
{
    public static SaturationDocument Of(Saturation saturation) => new(
        saturation.NumeratorCount, saturation.DenominatorCount, saturation.Fraction, saturation.NumeratorClipped,
        saturation.DenominatorClipped);
}

internal sealed record WeightsDocument(
    [property: Meaning("(Σ w r)² / Σ (w r)²", Unit = "events")] double EffectiveCount,
    [property: Meaning("The same over the number of events")] double RelativeEffectiveCount,
    [property: Meaning("Largest |w r| over Σ w r")] double LargestShare,
    [property: Meaning("Shape of the tail of the weights; null where it has none")] double ParetoShape)
{
    public static WeightsDocument Of(RatioWeightQuality weights) =>
        new(weights.EffectiveCount, weights.RelativeEffectiveCount, weights.LargestShare, weights.ParetoShape);
}
