using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Gbi.Numerics.Probability;

/// <summary>Tail probabilities and quantiles that tests and intervals need.</summary>
internal static class TailProbability
{
    /// <summary>P(χ² ≥ <paramref name="value"/>) for a number of degrees of freedom; NaN for none, which tests nothing.</summary>
    public static double OfChiSquared(double value, double degreesOfFreedom) => degreesOfFreedom > 0
        ? SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2, value / 2)
        : double.NaN;

    /// <summary>One-sided P(z ≥ <paramref name="value"/>) of a standard normal z.</summary>
    public static double OfNormal(double value) => 0.5 * SpecialFunctions.Erfc(value / Math.Sqrt(2));

    /// <summary>The value that χ² with one degree of freedom exceeds with probability 1 − <paramref name="confidenceLevel"/>.</summary>
    public static double ChiSquaredOneQuantile(double confidenceLevel)
    {
        double z = Normal.InvCDF(0, 1, 0.5 + (confidenceLevel / 2));
        return z * z;
    }

    /// <summary>The value −2 ln(1 − <paramref name="confidenceLevel"/>) that χ² with two degrees of freedom exceeds with probability 1 −
    /// it.</summary>
    public static double ChiSquaredTwoQuantile(double confidenceLevel) => -2 * Math.Log(1 - confidenceLevel);

    /// <summary>
    /// Kolmogorov's Q(λ) = 2 Σ (−1)^(j−1) exp(−2 j² λ²), j = 1, 2, …: the probability that √n times the largest distance of an empirical
    /// distribution from the true one is λ or more, for large n. Accurate to 1e-12. Range of λ: 0 or more.
    /// </summary>
    /// <remarks>Below λ = 1 the series of the complement, √(2π)/λ Σ exp(−(2j−1)² π²/(8λ²)), converges at once.</remarks>
    public static double OfKolmogorov(double lambda)
    {
        if (lambda <= 0)
        {
            return 1;
        }

        double sum = 0;
        for (int j = 1; j <= 6; j++)
        {
            double odd = (2 * j) - 1;
            sum += lambda < 1
                ? Math.Exp(-odd * odd * Math.PI * Math.PI / (8 * lambda * lambda))
                : (j % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * j * j * lambda * lambda);
        }

        return Math.Clamp(lambda < 1 ? 1 - (Math.Sqrt(2 * Math.PI) / lambda * sum) : sum, 0, 1);
    }

    /// <summary>
    /// The probability that n numbers of a known continuous distribution have an empirical distribution at least so far from it:
    /// Q((√n + 0.12 + 0.11/√n) D) with Kolmogorov's Q. Accurate to some per cent of itself for n of 8 or more.
    /// </summary>
    /// <param name="distance">D, the largest distance. Range: [0, 1].</param>
    /// <param name="count">n; a weighted sample has an effective number.</param>
    /// <remarks>Stephens, J. R. Stat. Soc. B 32 (1970) 115.</remarks>
    public static double OfKolmogorovDistance(double distance, double count) => OfKolmogorov(KolmogorovSharpness(count) * distance);

    /// <summary>The distance D that n such numbers exceed with a probability: accurate to 1e-5 for probabilities up to 0.05.</summary>
    /// <param name="probability">Range: (0, 0.05].</param>
    /// <param name="count">n.</param>
    /// <remarks>From the first term of Kolmogorov's series.</remarks>
    public static double KolmogorovDistance(double probability, double count) =>
        Math.Sqrt(0.5 * Math.Log(2 / probability)) / KolmogorovSharpness(count);

    /// <summary>P(k ≤ <paramref name="count"/>) of a binomial number k.</summary>
    public static double OfBinomialUpTo(int count, int trials, double probability) => Binomial.CDF(probability, trials, count);

    /// <summary>The z below which a standard normal number lies with a probability. Range: (0, 1).</summary>
    public static double NormalQuantile(double probability) => Normal.InvCDF(0, 1, probability);

    private static double KolmogorovSharpness(double count)
    {
        double root = Math.Sqrt(count);
        return root + 0.12 + (0.11 / root);
    }
}
