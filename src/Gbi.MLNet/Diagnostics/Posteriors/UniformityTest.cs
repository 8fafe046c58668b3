using Gbi.Numerics.Probability;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>The Kolmogorov–Smirnov test of ranks, which are uniform in (0, 1) for the exact posterior.</summary>
/// <param name="Distance">D, the largest distance of their empirical distribution from F(u) = u.</param>
/// <param name="Count">Number of ranks.</param>
/// <param name="Probability">
/// p: how often ranks of the exact posterior lie this far away or farther, by <c>Q((√n + 0.12 + 0.11/√n) D)</c> with Kolmogorov's Q.
/// </param>
/// <remarks>Stephens, J. R. Stat. Soc. B 32 (1970) 115.</remarks>
public sealed record UniformityTest(double Distance, int Count, double Probability)
{
    /// <summary>Tests ranks in (0, 1).</summary>
    public static UniformityTest Of(IReadOnlyList<double> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        double[] sorted = [.. ranks];
        Array.Sort(sorted);
        double distance = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double below = sorted[i] - ((double)i / sorted.Length);
            double above = ((i + 1.0) / sorted.Length) - sorted[i];
            distance = Math.Max(distance, Math.Max(below, above));
        }

        return new UniformityTest(distance, sorted.Length, TailProbability.OfKolmogorovDistance(distance, sorted.Length));
    }

    /// <summary>
    /// D of ranks of a normal posterior whose standard deviation is c times the right one: |Φ(q) − Φ(c q)| at q = √(2 ln c/(c² − 1)).
    /// </summary>
    /// <param name="widthFactor">c. Range: above 0.</param>
    internal static double DistanceOfWidths(double widthFactor)
    {
        if (widthFactor == 1)
        {
            return 0;
        }

        double at = Math.Sqrt(2 * Math.Log(widthFactor) / ((widthFactor * widthFactor) - 1));
        return Math.Abs(TailProbability.OfNormal(at) - TailProbability.OfNormal(widthFactor * at));
    }
}
