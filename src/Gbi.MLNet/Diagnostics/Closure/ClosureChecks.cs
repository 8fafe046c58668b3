using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics.Closure;

/// <summary>What passes, check by check, and how often the right ratio does not (its false alarms).</summary>
internal static class ClosureChecks
{
    /// <summary>Standard deviations that a value may be away; a normal one is farther in 4.6 % of all samples, above in 2.3 %.</summary>
    private const double Sigmas = 2;

    /// <summary>Probability of a distance beyond its limit in any of the features.</summary>
    private const double DistanceProbability = 0.05;

    public static ClosureCheck[] Of(ClosureReport report, ClosureOptions options) =>
    [
        Mean(report.Mean, options),
        Reweighting(report, options),
        Slope(report.Curve, options),
        Distance(report.Features, options),
        new(
            "Saturated events", report.Saturation.Fraction, null, double.NegativeInfinity, options.MaxSaturation,
            "Train with the default options, or drop a feature that separates the samples completely: its ratio is clipped and not "
                + "learnt."),
        new(
            "Pareto shape of the weights", report.Weights.ParetoShape, null, double.NegativeInfinity, options.MaxParetoShape,
            "A few events dominate the sums over the reweighted denominator: generate more denominator events where the numerator is, or "
                + "restrict the analysis to where the samples overlap."),
    ];

    /// <summary>
    /// |C − 1| ≤ 2σ, so 4.6 % false alarms. Where 2σ ≤ 1 % this includes the other target, |C − 1| &lt; 1 %. Where 2σ is larger, the sample
    /// cannot resolve 1 %, and to demand it would refuse the right ratio for the size of the sample, more often than not where σ
    /// is above 1.5 %. So 2σ decides alone then, and a caveat says that 1 % is not confirmed.
    /// </summary>
    private static ClosureCheck Mean(Estimate mean, ClosureOptions options)
    {
        double halfWidth = Sigmas * mean.Error;
        return new ClosureCheck(
            "Mean ratio over the denominator", mean.Value, mean.Error, 1 - halfWidth, 1 + halfWidth,
            "Calibrate and normalise the ratio on events that it was not trained on, and train on samples that are at least as large as "
                + "these.",
            TooFew(halfWidth, options.MeanTolerance))
        { IsInconclusive = halfWidth > options.MeanTolerance };
    }

    /// <summary>
    /// A ≤ 0.52 + 2σ. False alarms: a normal variable above 2 + 0.02/σ, 2.3 % at most and fewer the larger the samples.
    /// </summary>
    private static ClosureCheck Reweighting(ClosureReport report, ClosureOptions options)
    {
        ReweightingTest test = report.Reweighting;
        double halfWidth = Sigmas * test.Error;
        bool isSubsample = test.NumeratorEvents < report.NumeratorEvents || test.DenominatorEvents < report.DenominatorEvents;
        return new ClosureCheck(
            "AUC after reweighting", test.Area, test.Error, double.NegativeInfinity, options.MaxArea + halfWidth,
            "A classifier still separates the numerator from the reweighted denominator: give the model the feature with the largest "
                + "distance if it lacks it, else train it on more events. Leave the number of trees to the held-out loss, as 'gbi train "
                + "ratio' does without --trees and --early-stopping 0: a fixed number under- or overfits.",
            isSubsample
                ? Text(
                    $"The classifier test took a random {test.NumeratorEvents:N0} of {report.NumeratorEvents:N0} numerator and "
                        + $"{test.DenominatorEvents:N0} of {report.DenominatorEvents:N0} denominator events.")
                : TooFew(halfWidth, options.MaxArea - 0.5))
        { IsInconclusive = halfWidth > options.MaxArea - 0.5 };
    }

    /// <summary>
    /// |slope − 1| ≤ 0.05 + 2σ: no learnt ratio is exact, and with enough events every one of them is significantly off. False alarms: a
    /// normal variable beyond ±(2 + 0.05/σ), 4.6 % at most and fewer the larger the samples.
    /// </summary>
    private static ClosureCheck Slope(CalibrationCurve curve, ClosureOptions options)
    {
        double halfWidth = options.SlopeTolerance + (Sigmas * curve.SlopeError);
        return new ClosureCheck(
            "Slope of the calibration curve", curve.Slope, curve.SlopeError, 1 - halfWidth, 1 + halfWidth,
            SlopeRemedy(curve),
            TooFew(Sigmas * curve.SlopeError, options.SlopeTolerance))
        { IsInconclusive = Sigmas * curve.SlopeError > options.SlopeTolerance };
    }

    private static string SlopeRemedy(CalibrationCurve curve) => curve.Slope switch
    {
        double.NaN =>
            Text(
                $"The log ratios fill {curve.Points.Count} bins with enough events, too few for a slope: give more events, or a model "
                    + $"that separates the samples."),
        < 0 => "The ratio is small where the numerator is and large where the denominator is: check whether the two files are swapped.",
        _ =>
            "A slope below 1 means an overconfident ratio, above 1 an underconfident one: train it with the default options of 'gbi train "
                + "ratio', with which held-out events choose the number of trees and calibrate the ratio.",
    };

    /// <summary>
    /// In every feature D ≤ 0.01 + its critical distance at 5 % over the number of features (Bonferroni); shown is the one closest to its
    /// limit or farthest beyond it. At most about 5 % false alarms, fewer in larger samples and where features are correlated.
    /// </summary>
    private static ClosureCheck Distance(IReadOnlyList<FeatureDistance> features, ClosureOptions options)
    {
        FeatureDistance worst = features.MaxBy(feature => feature.Distance / LimitOf(feature))!;
        return new ClosureCheck(
            "Largest distance of a feature", worst.Distance, null, double.NegativeInfinity, LimitOf(worst),
            $"The reweighted denominator differs most in {worst.Feature}: give the model this feature if it lacks it, else train it on "
                + $"more events, with the default options. The ratio reproduces its training sample, whose own distance from the "
                + $"numerator is about 1/√n for n training events: fewer than these test events do not suffice.");

        double LimitOf(FeatureDistance feature) =>
            options.DistanceTolerance + feature.CriticalDistance(DistanceProbability / features.Count);
    }

    private static string? TooFew(double halfWidth, double wanted) => !(halfWidth > wanted) ? null : Text(
        $"Inconclusive: 2σ = {halfWidth:G2} exceeds the tolerance {wanted:G2}; about "
            + $"{Math.Ceiling(halfWidth * halfWidth / (wanted * wanted)):N0} times as many events are needed.");
}
