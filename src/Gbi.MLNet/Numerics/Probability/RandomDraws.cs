using MathNet.Numerics.Distributions;

namespace Gbi.Numerics.Probability;

/// <summary>Draws from the distributions that simulators are made of.</summary>
internal static class RandomDraws
{
    /// <summary>A normal number.</summary>
    public static double NextNormal(this Random random, double mean, double standardDeviation) =>
        Normal.Sample(random, mean, standardDeviation);

    /// <summary>An exponential number.</summary>
    public static double NextExponential(this Random random, double mean) => Exponential.Sample(random, 1 / mean);

    /// <summary>A Poisson count; 0 for a mean of 0.</summary>
    public static int NextPoisson(this Random random, double mean) => mean > 0 ? Poisson.Sample(random, mean) : 0;

    /// <summary>A number in (0, 1) with density ∝ x^(a−1) (1−x)^(b−1).</summary>
    public static double NextBeta(this Random random, double a, double b) => Beta.Sample(random, a, b);
}
