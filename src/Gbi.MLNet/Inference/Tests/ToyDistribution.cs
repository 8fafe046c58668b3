using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Numerics.Probability;

namespace Gbi.Inference.Tests;

/// <summary>A test statistic of toys in bins, next to the numbers of toys that asymptotic formulas expect in them.</summary>
/// <param name="Edges">Borders of the bins, one more than bins; from 0 to the largest value.</param>
/// <param name="Tested">Toys with the tested strength in each bin.</param>
/// <param name="Background">Toys without signal; null where the test has none.</param>
/// <param name="ExpectedTested">Expected toys with the tested strength; null where they are not known.</param>
/// <param name="ExpectedBackground">The same without signal; null where there are none, or they are not known.</param>
/// <remarks>
/// Cowan et al., arXiv:1007.1727, equations 36, 43, 52, 57 and 64 to 66; where the statistic is 0 by definition, its share is in the first
/// bin.
/// </remarks>
public sealed record ToyDistribution(
    IReadOnlyList<double> Edges, IReadOnlyList<double> Tested, IReadOnlyList<double>? Background, IReadOnlyList<double>? ExpectedTested,
    IReadOnlyList<double>? ExpectedBackground)
{
    private const int BinCount = 40;

    /// <summary>The distribution of a test's toys.</summary>
    /// <param name="result">The test.</param>
    /// <param name="qAsimov">The statistic of the Asimov data of μ = 0; null where it is not known: only q₀ does without.</param>
    /// <param name="isBounded">Whether the bounds of fits keep μ̂ from being negative, so that q is q̃ and t is t̃.</param>
    /// <returns>Null where no toy was fitted.</returns>
    public static ToyDistribution? Of(ToyTestResult result, double? qAsimov, bool isBounded)
    {
        ArgumentNullException.ThrowIfNull(result);
        TestStatistic statistic = result.Options.Statistic;
        double highest = result.Tested.Values.Concat(result.Background?.Values ?? []).Append(result.Observed).Where(double.IsFinite)
            .DefaultIfEmpty(0).Max();
        if (!(highest > 0) || result.Tested.FittedCount == 0)
        {
            return null;
        }

        double[] edges = [.. Enumerable.Range(0, BinCount + 1).Select(edge => highest * edge / BinCount)];
        return new ToyDistribution(
            edges, Counts(result.Tested, edges), result.Background is { } without ? Counts(without, edges) : null,
            Expected(result.Tested, edges, TailOfTested(statistic, qAsimov, isBounded)),
            result.Background is { } background ? Expected(background, edges, TailOfBackground(statistic, qAsimov, isBounded)) : null);
    }

    private static double[] Counts(ToyFits toys, double[] edges)
    {
        double[] counts = new double[BinCount];
        foreach (double value in toys.Values.Where(double.IsFinite))
        {
            counts[Math.Clamp((int)(value / edges[^1] * BinCount), 0, BinCount - 1)]++;
        }

        return counts;
    }

    /// <summary>N [P(q ≥ low) − P(q ≥ high)]; all that is not above 0 is in the first bin.</summary>
    private static double[]? Expected(ToyFits toys, double[] edges, Func<double, double>? tail) => tail is null
        ? null
        : [.. Enumerable.Range(0, BinCount).Select(bin => toys.FittedCount * ((bin == 0 ? 1 : tail(edges[bin])) - tail(edges[bin + 1])))];

    private static Func<double, double>? TailOfTested(TestStatistic statistic, double? qAsimov, bool isBounded) =>
        (statistic, qAsimov) switch
        {
            (TestStatistic.Q0, _) => q => TailProbability.OfNormal(Math.Sqrt(q)),
            (_, null) => null,
            (TestStatistic.TMu, { } known) => isBounded
                ? t => TailProbability.OfNormal(Math.Sqrt(t)) + AsymptoticCls.Observed(t, known).SignalAndBackground
                : t => 2 * TailProbability.OfNormal(Math.Sqrt(t)),
            (TestStatistic.QMu, _) when !isBounded => q => TailProbability.OfNormal(Math.Sqrt(q)),
            (_, { } known) => q => AsymptoticCls.Observed(q, known).SignalAndBackground,
        };

    private static Func<double, double>? TailOfBackground(TestStatistic statistic, double? qAsimov, bool isBounded) =>
        (statistic, qAsimov) switch
        {
            (TestStatistic.QMu, { } known) when !isBounded => q => TailProbability.OfNormal(Math.Sqrt(q) - Math.Sqrt(known)),
            (TestStatistic.QMu or TestStatistic.QTildeMu, { } known) => q => AsymptoticCls.Observed(q, known).Background,
            _ => null,
        };
}
