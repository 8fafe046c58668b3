using Gbi.Calibration;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Calibration;

/// <summary>
/// Scores of two Gaussians, N(+½, 1) in the numerator and N(−½, 1) in the denominator, so that ln p₁/p₀ = t at the point t; a score
/// is a function of t. As a grid of points that carry the densities as weights, a fit finds what infinitely many events would give
/// it; as random events, what a finite sample does.
/// </summary>
internal sealed record ScoredGaussians(float[] Scores, bool[] IsNumerator, double[] Weights)
{
    /// <summary>Points over ±9 with the densities as weights: sums over them are integrals to 1e-15.</summary>
    public static ScoredGaussians Exact(Func<double, double> score)
    {
        double[] t = [.. Enumerable.Range(-900, 1801).Select(i => i / 100.0)];
        return new ScoredGaussians(
            [.. t.Select(value => (float)score(value)), .. t.Select(value => (float)score(value))],
            [.. t.Select(_ => true), .. t.Select(_ => false)],
            [.. t.Select(value => Density(value - 0.5)), .. t.Select(value => Density(value + 0.5))]);
    }

    /// <summary>Random events of weight 1.</summary>
    public static ScoredGaussians Random(Func<double, double> score, int each, ulong seed)
    {
        Random random = new Seed(seed).CreateRandom();
        return new ScoredGaussians(
            [.. Enumerable.Range(0, 2 * each).Select(row => (float)score(random.NextNormal(row < each ? 0.5 : -0.5, 1)))],
            [.. Enumerable.Range(0, 2 * each).Select(row => row < each)],
            [.. Enumerable.Repeat(1.0, 2 * each)]);
    }

    /// <summary>Every event as two copies of weight 1.5 w and −0.5 w.</summary>
    public ScoredGaussians Split() => new(
        [.. Scores, .. Scores], [.. IsNumerator, .. IsNumerator], [.. Weights.Select(w => 1.5 * w), .. Weights.Select(w => -0.5 * w)]);

    public IRatioCalibration? Fit(CalibrationMethod method, int minEvents = 25, int maxCells = 200) => RatioCalibration.Fit(
        Scores, IsNumerator, Weights, new CalibrationOptions { Method = method, MinEventsInCell = minEvents, MaxCells = maxCells });

    /// <summary>Mean of the calibrated r over the denominator.</summary>
    public double MeanRatio(IRatioCalibration map)
    {
        int[] rows = [.. Enumerable.Range(0, Scores.Length).Where(row => !IsNumerator[row])];
        return rows.Sum(row => Weights[row] * Math.Exp(map.LogRatio(Scores[row]))) / rows.Sum(row => Weights[row]);
    }

    private static double Density(double x) => Math.Exp(-x * x / 2);
}
