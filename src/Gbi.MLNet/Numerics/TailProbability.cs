using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Gbi.Numerics;

/// <summary>Tail probabilities and quantiles that tests and intervals need.</summary>
public static class TailProbability
{
    /// <summary>P(χ² ≥ <paramref name="value"/>) for a number of degrees of freedom.</summary>
    public static double OfChiSquared(double value, double degreesOfFreedom) =>
        SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2, value / 2);

    /// <summary>One-sided P(z ≥ <paramref name="value"/>) of a standard normal z.</summary>
    public static double OfNormal(double value) => 0.5 * SpecialFunctions.Erfc(value / Math.Sqrt(2));

    /// <summary>The value that χ² with one degree of freedom exceeds with probability 1 − <paramref name="confidenceLevel"/>.</summary>
    public static double ChiSquaredOneQuantile(double confidenceLevel)
    {
        double z = Normal.InvCDF(0, 1, 0.5 + (confidenceLevel / 2));
        return z * z;
    }
}
