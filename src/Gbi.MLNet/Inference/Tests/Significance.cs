using Gbi.Numerics.Probability;
using MathNet.Numerics.Distributions;

namespace Gbi.Inference.Tests;

/// <summary>Significances of an excess, in standard deviations of a one-sided normal.</summary>
public static class Significance
{
    /// <summary>
    /// The asymptotic significance of <paramref name="observed"/> events over a background b with error d:
    /// Z² = 2 n ln[n (b+d²)/(b²+n d²)] − 2 (b²/d²) ln[1 + d² (n−b)/(b (b+d²))]; for d = 0, Z² = 2 (n ln(n/b) − (n−b)).
    /// 0 where there is no excess.
    /// </summary>
    /// <param name="observed">n; 0 or more.</param>
    /// <param name="background">b; above 0.</param>
    /// <param name="error">d, its absolute standard deviation; 0 or more.</param>
    /// <remarks>Cousins, Linnemann and Tucker, NIM A 595 (2008) 480; Cowan et al., arXiv:1007.1727.</remarks>
    public static double OfExcess(double observed, double background, double error) =>
        Math.Max(0, OfDifference(observed, background, error));

    /// <summary>The same with a sign: negative where fewer events are observed than expected, so that Φ(−Z) is a p-value for deficits
    /// too.</summary>
    /// <param name="observed">n; 0 or more. For n = 0 its logarithm's term is 0.</param>
    /// <param name="background">b; above 0.</param>
    /// <param name="error">d, its absolute standard deviation; 0 or more.</param>
    public static double OfDifference(double observed, double background, double error)
    {
        if (!(background > 0 && error >= 0 && observed >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(background), background,
                $"A significance needs a background above 0, an error and a count of at least 0; given {background}, {error} and "
                    + $"{observed}.");
        }

        double excess = observed - background;
        double variance = error * error;
        double squared = variance > 1e-12 * background
            ? (
                observed > 0
                    ? 2 * observed * Math.Log(observed * (background + variance) / ((background * background) + (observed * variance)))
                    : 0)
                - (2 * background * background / variance * LogMath.OnePlus(variance * excess / (background * (background + variance))))
            : 2 * ((observed > 0 ? observed * Math.Log(observed / background) : 0) - excess);
        return Math.CopySign(Math.Sqrt(Math.Max(0, squared)), excess);
    }

    /// <summary>The Z with a one-sided p-value Φ(−Z) = <paramref name="probability"/>; negative above ½, −∞ for 1.</summary>
    /// <param name="probability">p. Range: (0, 1].</param>
    public static double OfProbability(double probability)
    {
        if (!(probability is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A p-value must be above 0 and at most 1.");
        }

        return -Normal.InvCDF(0, 1, probability);
    }

    /// <summary>√q₀ for q₀ = 2 (NLL(0) − NLL(μ̂)), or 0 for μ̂ ≤ 0.</summary>
    /// <remarks>Cowan et al., arXiv:1007.1727, equation 53.</remarks>
    public static double OfDiscovery(double q0) => Math.Sqrt(Math.Max(0, q0));

    /// <summary>
    /// The significance of a sum of yields that are fitted one by one, q₀ being −2 ln of the likelihood without them over the best one:
    /// P(z ≥ Z) = ½ P(χ²_k ≥ q₀), the half for a sum above 0. √q₀ for one yield, less for more.
    /// </summary>
    /// <param name="q0">q₀; 0 or more.</param>
    /// <param name="yieldCount">k; 1 or more.</param>
    /// <remarks>
    /// The yields may be of either sign. Where the probability is too small for a number, both tails come from their series in the
    /// logarithm.
    /// </remarks>
    public static double OfDiscovery(double q0, int yieldCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(yieldCount);
        if (yieldCount == 1 || !(q0 > 0))
        {
            return OfDiscovery(q0);
        }

        double logTail = -Math.Log(2) + LogTail.OfChiSquared(q0, yieldCount);
        return Math.Max(0, LogTail.NormalQuantile(logTail));
    }
}
