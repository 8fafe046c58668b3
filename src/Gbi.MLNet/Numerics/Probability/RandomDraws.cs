using MathNet.Numerics.Distributions;

namespace Gbi.Numerics.Probability;

/// <summary>Draws from the distributions that simulators are made of.</summary>
internal static class RandomDraws
{
    private const double LargestExactMean = 1e8;

    /// <summary>A normal number.</summary>
    public static double NextNormal(this Random random, double mean, double standardDeviation) =>
        Normal.Sample(random, mean, standardDeviation);

    /// <summary>An exponential number.</summary>
    public static double NextExponential(this Random random, double mean) => Exponential.Sample(random, 1 / mean);

    /// <summary>
    /// A Poisson count, a whole number; 0 for a mean of 0. From a mean of 10⁸ on by the normal distribution with the skewness of
    /// Poisson's, whose quantiles are those of Poisson's to 10⁻⁸ of a standard deviation: Cornish and Fisher, Rev. ISI 5 (1937) 307.
    /// </summary>
    public static double NextPoissonCount(this Random random, double mean)
    {
        if (mean < LargestExactMean)
        {
            return mean > 0 ? Poisson.Sample(random, mean) : 0;
        }

        double z = Normal.Sample(random, 0, 1);
        return Math.Round(mean + (Math.Sqrt(mean) * z) + (((z * z) - 1) / 6));
    }

    /// <summary>The same as an integer.</summary>
    /// <exception cref="OverflowException">The count is above 2³¹.</exception>
    public static int NextPoisson(this Random random, double mean) => checked((int)random.NextPoissonCount(mean));

    /// <summary>A number in (0, 1) with density ∝ x^(a−1) (1−x)^(b−1).</summary>
    public static double NextBeta(this Random random, double a, double b) => Beta.Sample(random, a, b);
}
