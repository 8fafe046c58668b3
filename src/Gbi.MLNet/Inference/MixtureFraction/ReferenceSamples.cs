using Gbi.Numerics;

namespace Gbi.Inference.MixtureFraction;

/// <summary>
/// The finite samples of signal and background on which a ratio was calibrated. A mixture fit knows p_S and p_B only as well as
/// these samples do.
/// </summary>
/// <param name="Signal">Out-of-fold log ratios of the signal sample.</param>
/// <param name="SignalWeights">One per event, or empty for 1 each.</param>
/// <param name="Background">Out-of-fold log ratios of the background sample.</param>
/// <param name="BackgroundWeights">One per event, or empty for 1 each.</param>
public sealed record ReferenceSamples(
    ReadOnlyMemory<float> Signal,
    ReadOnlyMemory<double> SignalWeights,
    ReadOnlyMemory<float> Background,
    ReadOnlyMemory<double> BackgroundWeights)
{
    /// <summary>
    /// Variance of the expectation of ψ = (r−1)/(1+μ(r−1)) under the mixture, from the size of the samples:
    /// (1−μ)² Var_B(ψ)/n_B + μ² Var_S(ψ)/n_S, each as Σ w² (ψ − ψ̄)² / (Σ w)².
    /// </summary>
    internal double ScoreVariance(double fraction) =>
        ((1 - fraction) * (1 - fraction) * VarianceOfMean(Background, BackgroundWeights, fraction))
        + (fraction * fraction * VarianceOfMean(Signal, SignalWeights, fraction));

    private static double VarianceOfMean(ReadOnlyMemory<float> logRatio, ReadOnlyMemory<double> weights, double fraction)
    {
        double sumOfWeights = Sum((weight, _) => weight);
        double mean = Sum((weight, score) => weight * score) / sumOfWeights;
        return Sum((weight, score) => weight * weight * (score - mean) * (score - mean)) / (sumOfWeights * sumOfWeights);

        double Sum(Func<double, double, double> term) => EventBlocks.Sum(logRatio.Length, (start, length) =>
        {
            double sum = 0;
            ReadOnlySpan<float> values = logRatio.Span;
            ReadOnlySpan<double> given = weights.Span;
            for (int i = start; i < start + length; i++)
            {
                double excess = Math.Exp(values[i]) - 1;
                sum += term(given.IsEmpty ? 1 : given[i], excess / (1 + (fraction * excess)));
            }

            return sum;
        });
    }
}
