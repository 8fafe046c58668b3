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
}
