using Gbi.Events;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Ratios;
using Gbi.Trees.Model;

namespace Gbi.Onnx.Export;

/// <summary>
/// Events made to distinguish two implementations of the same trees: each value is a threshold of a node, the next number above one, or
/// missing, and every feature goes through its values independently of the others, so that leaves are met that no data reach.
/// </summary>
internal static class ThresholdEvents
{
    // One value of a feature in so many is missing.
    private const int MissingShare = 16;

    private const int MostDeviations = 2;

    /// <summary>Makes events for a ratio; the same ones at every call.</summary>
    /// <param name="ratio">The ratio; its features become the columns.</param>
    /// <param name="count">Number of events. Range: 0 or more.</param>
    /// <remarks>
    /// Value number ⌊n · frac(i √pⱼ)⌋ of n for event i and feature j with the j-th prime pⱼ: a sequence of Kronecker, whose points
    /// fill the space of all features evenly (Niederreiter, Random Number Generation and Quasi-Monte Carlo Methods, 1992).
    /// </remarks>
    public static EventTable Of(RatioModel ratio, int count)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        TreeEnsemble[] trees = [.. ratio.Folds.SelectMany(members => members)];
        return Of(
            ratio.Features, count, feature => BordersOf(trees, feature),
            feature => ratio.SometimesMissing?.Contains(feature) != false);
    }

    /// <summary>Makes observations for a posterior; the same ones at every call. Polynomials distinguish any values: those at whole
    /// deviations from their means are added.</summary>
    /// <param name="posterior">The posterior; its features become the columns.</param>
    /// <param name="count">Number of observations. Range: 0 or more.</param>
    public static EventTable Of(TreePosterior posterior, int count)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        Conditional[] conditionals = [.. posterior.Members.SelectMany(member => member.Conditionals)];
        ConditionalMean[] means =
        [
            .. posterior.Summaries.First.SelectMany(round => round), .. posterior.Summaries.Means,
            .. posterior.Summaries.Products.Select(product => product.Mean),
            .. conditionals.SelectMany(one => one.Location.Means), .. conditionals.Select(one => one.Scale).OfType<ConditionalMean>(),
        ];
        TreeEnsemble[] trees = [.. means.SelectMany(mean => mean.Trees), .. conditionals.SelectMany(one => one.Bits.Levels)];
        return Of(
            posterior.Features, count,
            feature => BordersOf(trees, feature).Concat(means.SelectMany(mean => DeviationsOf(mean.Polynomial.Terms, feature))),
            _ => true);
    }

    private static EventTable Of(
        IReadOnlyList<string> features, int count, Func<string, IEnumerable<float>> bordersOf, Func<string, bool> isSometimesMissing)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var columns = new List<KeyValuePair<string, ReadOnlyMemory<float>>>();
        foreach ((string feature, int prime) in features.Zip(Primes()))
        {
            float[] values = Values(bordersOf(feature), isSometimesMissing(feature));
            float[] column = new float[count];
            for (int row = 0; row < count; row++)
            {
                double position = (row + 1) * Math.Sqrt(prime);
                column[row] = values[(int)(values.Length * (position - Math.Floor(position)))];
            }

            columns.Add(new(feature, column));
        }

        return new EventTable(columns, count);
    }

    private static float[] Values(IEnumerable<float> borders, bool isSometimesMissing)
    {
        float[] thresholds = [.. borders.Append(0).Distinct().Order()];
        int missing = isSometimesMissing ? 1 + (2 * thresholds.Length / MissingShare) : 0;
        return [.. thresholds, .. thresholds.Select(float.BitIncrement), .. Enumerable.Repeat(float.NaN, missing)];
    }

    private static IEnumerable<float> BordersOf(TreeEnsemble[] ensembles, string feature) =>
        from ensemble in ensembles
        let number = ensemble.Features.ToList().IndexOf(feature)
        from tree in ensemble.Trees
        from node in tree.Nodes
        where node.Feature == number
        select node.Threshold;

    private static IEnumerable<float> DeviationsOf(PolynomialTerms terms, string feature) =>
        from term in terms.All
        from factor in new[] { (term.First, term.Mean, term.Scale), (First: term.Second, Mean: term.SecondMean, Scale: term.SecondScale) }
        where factor.First >= 0 && terms.Names[factor.First] == feature && factor.Scale > 0
        from deviations in Enumerable.Range(-MostDeviations, 1 + (2 * MostDeviations))
        select factor.Mean + (deviations / factor.Scale);

    private static IEnumerable<int> Primes()
    {
        var found = new List<int>();
        for (int candidate = 2; ; candidate++)
        {
            if (found.TrueForAll(prime => candidate % prime != 0))
            {
                found.Add(candidate);
                yield return candidate;
            }
        }
    }
}
