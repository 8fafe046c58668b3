using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees.Binning;

namespace Gbi.Tests.Trees.Binning;

[TestFixture]
internal sealed class FeatureBinsTests
{
    [TestCase(255), TestCase(10), TestCase(2)]
    public void Bins_of_a_continuous_feature_are_equal_steps_of_the_quantile_and_its_arcsine(int bins)
    {
        // The share u of the events below the k-th border has u/2 + arcsin(√u)/π = k/bins; by symmetry u = ½ where k = bins/2.
        var seed = new Seed(1);
        float[] values = Draw(51_000, seed.Uniform);
        double[] below = SharesBelow(values, Edges(values, null, bins), null);
        Assert.That(below, Has.Length.EqualTo(bins - 1).And.Ordered.Ascending);
        Assert.That(below.Select(StepOf), Is.EqualTo(Enumerable.Range(1, bins - 1).Select(k => (double)k / bins)).Within(2e-3));
        Assert.That(below[0], Is.LessThan(bins == 2 ? 0.501 : 0.62 / bins)); // the tails are cut finer
    }

    [Test]
    public void Bins_of_weighted_events_count_weight_and_signs_do_not_matter()
    {
        // Weights e^x of alternating sign, x uniform.
        var seed = new Seed(2);
        float[] values = Draw(20_000, seed.Uniform);
        double[] weights = [.. values.Select((x, row) => (row % 2 == 0 ? 1 : -1) * Math.Exp(x))];
        double[] below = SharesBelow(values, Edges(values, weights, 10), [.. weights.Select(Math.Abs)]);
        Assert.That(below.Select(StepOf), Is.EqualTo(Enumerable.Range(1, 9).Select(k => k / 10.0)).Within(1e-3));
    }

    [Test]
    public void Few_values_have_a_bin_each_with_borders_halfway() =>
        Assert.That(Edges([3, 1, 1, 1, 1, 1, 2, 10, 2], null, 255), Is.EqualTo(new[] { 1.5f, 2.5f, 6.5f }));

    [Test]
    public void A_value_that_many_events_share_is_never_cut_and_leaves_bins_for_the_others()
    {
        // Nine tenths of the events at 0, the rest uniform in (0, 1).
        var seed = new Seed(3);
        float[] values = Draw(100_000, row => row % 10 == 0 ? seed.Uniform(row) : 0);
        float[] edges = Edges(values, null, 255);
        Assert.That(edges, Has.Length.GreaterThan(200).And.All.GreaterThan(0));
    }

    [Test]
    public void Neighbouring_numbers_of_single_precision_are_told_apart()
    {
        float next = MathF.BitIncrement(1);
        float[] edges = Edges([1, next, 1, next], null, 255);
        Assert.That(edges, Has.Length.EqualTo(1));
        Assert.That(edges[0], Is.GreaterThanOrEqualTo(1).And.LessThan(next));
    }

    [Test]
    public void A_constant_an_empty_and_a_missing_feature_have_one_bin()
    {
        Assert.That(Edges([5, 5, 5], null, 255), Is.Empty);
        Assert.That(Edges([], null, 255), Is.Empty);
        Assert.That(Edges([float.NaN, float.NaN], null, 255), Is.Empty);
    }

    [Test]
    public void Missing_values_and_events_without_weight_do_not_move_borders()
    {
        Assert.That(Edges([1, float.NaN, 2, float.NaN, 4], null, 255), Is.EqualTo(new[] { 1.5f, 3 }));
        Assert.That(Edges([1, 100, 2, 4], [1, 0, 1, 1], 255), Is.EqualTo(new[] { 1.5f, 3 }));
    }

    [Test]
    public void An_unknown_feature_is_told() => Assert.That(
        () => FeatureBins.Learn(EventTable.FromColumns(("x", [1])), ["y"]),
        Throws.TypeOf<DataException>().With.Message.Contains("There is no column 'y'"));

    private static float[] Edges(float[] values, double[]? weights, int maxBins)
    {
        EventTable table = EventTable.FromColumns(("x", values));
        return FeatureBins.Learn(weights is null ? table : table.WithWeights(weights), ["x"], maxBins).Edges(0).ToArray();
    }

    private static float[] Draw(int count, Func<long, double> draw) => [.. Enumerable.Range(0, count).Select(row => (float)draw(row))];

    private static double StepOf(double share) => (share / 2) + (Math.Asin(Math.Sqrt(share)) / Math.PI);

    /// <summary>For every border the share of the weight that is not above it.</summary>
    private static double[] SharesBelow(float[] values, float[] edges, double[]? weights)
    {
        double[] sums = new double[edges.Length + 1];
        for (int row = 0; row < values.Length; row++)
        {
            sums[edges.Count(edge => values[row] > edge)] += weights is null ? 1 : weights[row];
        }

        double below = 0;
        return [.. sums[..^1].Select(sum => (below += sum) / sums.Sum())];
    }
}
