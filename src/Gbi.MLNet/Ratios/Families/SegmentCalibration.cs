using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;

namespace Gbi.Ratios.Families;

/// <summary>
/// A smooth map g of the log ratio s within one segment of a family, ln r′ = g(s) = s + β₀ + β₁ s + Σ_k β_k w ln(1 + e^{(s−q_k)/w}), by
/// logistic regression of signal against background with a ridge on all but β₀: straight far out, and the identity where the ratio is
/// right.
/// </summary>
/// <remarks>
/// Whatever the quality of s, a fraction fitted with the ratio of the densities of s themselves is unbiased. Smooth, so that the
/// coefficients of a polynomial ln r can be carried along: Δ₀′ = g(Δ₀), Δ_A′ = g′(Δ₀) Δ_A.
/// </remarks>
internal sealed class SegmentCalibration
{
    /// <summary>Fewest signal events that a map is fitted to: fifty for each of its numbers, roughly.</summary>
    public const int FewestSignal = 300;

    private const double Ridge = 1;
    private const double LeastSlope = 0.1;

    private static readonly double[] Quantiles = [0.1, 0.3, 0.5, 0.7, 0.9];

    private readonly double[] _knots;
    private readonly double _width;
    private readonly double[] _beta;

    private SegmentCalibration(double[] knots, double width, double[] beta) => (_knots, _width, _beta) = (knots, width, beta);

    /// <summary>Fits the map.</summary>
    /// <param name="signal">s of signal events, each at its own parameters.</param>
    /// <param name="signalWeights">One per event.</param>
    /// <param name="background">s of background events, at parameters like those of the signal.</param>
    /// <param name="backgroundWeights">One per event.</param>
    /// <returns>Null where there are too few signal events, or the regression does not settle.</returns>
    public static SegmentCalibration? Fit(float[] signal, double[] signalWeights, float[] background, double[] backgroundWeights)
    {
        if (signal.Length < FewestSignal || background.Length < FewestSignal)
        {
            return null;
        }

        float[] sorted = [.. signal.Order()];
        double[] knots = [.. Quantiles.Select(quantile => (double)sorted[(int)(quantile * sorted.Length)])];
        double width = Math.Max(0.25, (knots[^1] - knots[0]) / Quantiles.Length);
        var map = new SegmentCalibration(knots, width, new double[knots.Length + 2]);

        // In effect there are as many events of background as of signal.
        double ofSignal = signalWeights.Sum() / signal.Length;
        double ofBackground = backgroundWeights.Sum() / signal.Length;
        float[] values = [.. signal, .. background];
        var regression = new LogisticRegression(
            map.Terms(values),
            [.. values.Select((_, row) => row < signal.Length)],
            [.. signalWeights.Select(weight => weight / ofSignal), .. backgroundWeights.Select(weight => weight / ofBackground)])
        {
            Offsets = values,
            Ridge = Ridge,
        };
        return regression.Minimise() is { } beta ? new SegmentCalibration(knots, width, beta) : null;
    }

    /// <summary>g(s) and g′(s), the latter kept above 0.</summary>
    public (double Value, double Slope) At(double s)
    {
        double value = s + _beta[0] + (_beta[1] * s);
        double slope = 1 + _beta[1];
        for (int k = 0; k < _knots.Length; k++)
        {
            double distance = (s - _knots[k]) / _width;
            value += _beta[k + 2] * _width * LogMath.Softplus(distance);
            slope += _beta[k + 2] / (1 + Math.Exp(-distance));
        }

        return (value, Math.Max(slope, LeastSlope));
    }

    /// <summary>φ of each event: g(s) = s + β φ.</summary>
    private double[] Terms(float[] values)
    {
        double[] terms = new double[values.Length * _beta.Length];
        EventBlocks.ForEach(values.Length, (start, length) =>
        {
            for (int i = start; i < start + length; i++)
            {
                Fill(values[i], terms.AsSpan(i * _beta.Length, _beta.Length));
            }
        });
        return terms;
    }

    private void Fill(double s, Span<double> phi)
    {
        (phi[0], phi[1]) = (1, s);
        for (int k = 0; k < _knots.Length; k++)
        {
            phi[k + 2] = _width * LogMath.Softplus((s - _knots[k]) / _width);
        }
    }
}
