using Gbi.Events;
using Gbi.Numerics.Probability;

namespace Gbi.Inference.Tests;

/// <summary>
/// Whether p-values are uniform, as those of right tests without signal are: the Kolmogorov–Smirnov distance
/// D = max |F(p) − p| of their distribution F, with its probability.
/// </summary>
/// <param name="Count">n, the number of p-values.</param>
/// <param name="Distance">D. Range: (0, 1].</param>
/// <param name="Probability">How often uniform values lie this far from it or farther.</param>
/// <remarks>
/// Q(λ), λ = (√n + 0.12 + 0.11/√n) D (Stephens, J. R. Stat. Soc. B 32 (1970) 115). Ranks of toys among the same toys are uniform by
/// construction and show nothing: p-values from toys need a set of toys that are not among those tested. P-values of counts, and those
/// of tests at a bound such as q₀ = 0, come in steps and are not uniform.
/// </remarks>
internal sealed record UniformityTest(int Count, double Distance, double Probability)
{
    /// <summary>Tests p-values.</summary>
    /// <param name="probabilities">Each in [0, 1].</param>
    /// <exception cref="DataException">There is none, or one is not in [0, 1].</exception>
    public static UniformityTest Of(IReadOnlyList<double> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (probabilities.Count == 0 || probabilities.Any(value => !(value is >= 0 and <= 1)))
        {
            throw new DataException(
                $"A test of uniformity needs p-values in [0, 1]; of {probabilities.Count:N0} given, "
                    + $"{probabilities.Count(value => !(value is >= 0 and <= 1)):N0} are not.");
        }

        double[] sorted = [.. probabilities.Order()];
        double distance = 0;
        for (int at = 0; at < sorted.Length; at++)
        {
            distance = Math.Max(distance, Math.Max(((at + 1.0) / sorted.Length) - sorted[at], sorted[at] - ((double)at / sorted.Length)));
        }

        double root = Math.Sqrt(sorted.Length);
        return new UniformityTest(sorted.Length, distance, TailProbability.OfKolmogorov((root + 0.12 + (0.11 / root)) * distance));
    }
}
