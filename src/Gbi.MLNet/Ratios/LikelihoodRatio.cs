namespace Gbi.Ratios;

/// <summary>The likelihood-ratio trick: a classifier between two samples is a ratio of their densities.</summary>
public static class LikelihoodRatio
{
    /// <summary>
    /// ln p₁(x)/p₀(x) = ln P/(1−P) − ln W₁/W₀, where P is the probability that a classifier gives to the numerator p₁.
    /// </summary>
    /// <param name="probability">P; range [0, 1]. At 0 and 1 the result is −∞ and +∞: clip it.</param>
    /// <param name="logPriorOdds">ln W₁/W₀: weights of the numerator's training sample over those of the denominator's.</param>
    /// <remarks>Cranmer, Pavez and Louppe, arXiv:1506.02169.</remarks>
    public static double LogRatio(double probability, double logPriorOdds) =>
        Math.Log(probability) - Math.Log(1 - probability) - logPriorOdds;

    /// <summary>Limits |log r| to <paramref name="maxAbs"/>.</summary>
    public static float Clip(double logRatio, double maxAbs) => (float)Math.Clamp(logRatio, -maxAbs, maxAbs);
}
