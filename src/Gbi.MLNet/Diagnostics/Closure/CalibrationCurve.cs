using Gbi.Events;
using Gbi.Numerics.Probability;

namespace Gbi.Diagnostics.Closure;

/// <summary>One bin of a calibration curve.</summary>
/// <param name="Predicted">Mean predicted ln r: half the mean over the bin's numerator and half that over its denominator.</param>
/// <param name="Observed">ln(Σ w₁/W₁) − ln(Σ w₀/W₀), with the sums over the bin's events and W over all.</param>
/// <param name="Error">Statistical error of the observed: √(1/n₁ + 1/n₀) with the bin's effective numbers of events.</param>
/// <param name="EffectiveNumerator">n₁ = (Σ w₁)² / Σ w₁².</param>
/// <param name="EffectiveDenominator">n₀ = (Σ w₀)² / Σ w₀².</param>
public sealed record CalibrationPoint(
    double Predicted, double Observed, double Error, double EffectiveNumerator, double EffectiveDenominator)
{
    /// <summary>
    /// What a mean weighted by 1/error² overestimates this point by: ½ (1/n₁ − 1/n₀) to leading order. The log of n is ½/n too low, but
    /// upward fluctuations of the smaller sample have the larger weight, which is twice as much.
    /// </summary>
    internal double Bias => ((1 / EffectiveNumerator) - (1 / EffectiveDenominator)) / 2;
}

/// <summary>
/// The predicted log ratio against the one that events show, and the straight line through it: slope 1 where the ratio is calibrated;
/// 1/a where it is the a-th power of the right one.
/// </summary>
/// <param name="Points">Bins of rising ln r with about equal content, each sample counting the same.</param>
/// <param name="Slope">Of the straight line weighted by 1/error²; NaN with fewer than 3 bins.</param>
/// <param name="SlopeError">Its statistical error.</param>
/// <param name="Intercept">Of the same line, at ln r = 0; 0 where the ratio is normalised and calibrated.</param>
/// <param name="ChiSquared">Σ (distance from the line / error)².</param>
/// <remarks>
/// Within a bin of width v the mean ln r is v²/24 below ln of the mean r over the denominator and as much above it over the numerator;
/// taking half of each cancels that. Errors of different bins are taken for independent: what they share, the sums W, is in the
/// intercept. The line is freed of the bias of weighted logarithms.
/// </remarks>
public sealed record CalibrationCurve(
    IReadOnlyList<CalibrationPoint> Points, double Slope, double SlopeError, double Intercept, double ChiSquared)
{
    private const int FewestPoints = 3;

    /// <summary>Points less the two parameters of the line.</summary>
    public int DegreesOfFreedom => Math.Max(0, Points.Count - 2);

    /// <summary>P(χ² ≥ <see cref="ChiSquared"/>): how straight the curve is; NaN with fewer than 3 bins.</summary>
    public double GoodnessOfFit => Points.Count < FewestPoints ? double.NaN : TailProbability.OfChiSquared(ChiSquared, DegreesOfFreedom);

    /// <summary>The curve of two samples.</summary>
    /// <param name="numerator">ln r of events of p₁.</param>
    /// <param name="denominator">ln r of events of p₀.</param>
    /// <param name="binCount">Most bins; those with fewer than 50 effective events of either sample are joined with the next.</param>
    public static CalibrationCurve Of(WeightedScores numerator, WeightedScores denominator, int binCount)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, FewestPoints);
        IReadOnlyList<CalibrationPoint> points = LogRatioBins.Points(numerator, denominator, binCount);
        if (points.Count < FewestPoints)
        {
            return new CalibrationCurve(points, double.NaN, double.NaN, double.NaN, double.NaN);
        }

        double weights = 0;
        double meanX = 0;
        double meanY = 0;
        foreach (CalibrationPoint point in points)
        {
            double weight = 1 / (point.Error * point.Error);
            weights += weight;
            meanX += weight * point.Predicted;
            meanY += weight * (point.Observed - point.Bias);
        }

        meanX /= weights;
        meanY /= weights;
        double variance = points.Sum(point => Square((point.Predicted - meanX) / point.Error));
        double slope = points.Sum(point =>
            (point.Predicted - meanX) * (point.Observed - point.Bias - meanY) / (point.Error * point.Error)) / variance;
        double intercept = meanY - (slope * meanX);
        double chiSquared = points.Sum(
            point => Square((point.Observed - point.Bias - intercept - (slope * point.Predicted)) / point.Error));
        return new CalibrationCurve(points, slope, 1 / Math.Sqrt(variance), intercept, chiSquared);
    }

    private static double Square(double value) => value * value;
}
