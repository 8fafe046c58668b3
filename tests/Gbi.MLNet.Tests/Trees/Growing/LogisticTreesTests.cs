using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Tests.Trees.Growing;

[TestFixture]
internal sealed class LogisticTreesTests
{
    private static readonly TreeOptions OneCut = new() { TreeCount = 1, LeafCount = 2, LearningRate = 1, L2 = 0 };

    [TestCase(0.0), TestCase(1.0), TestCase(25.0)]
    public void One_tree_takes_the_obvious_cut_and_its_leaves_hold_a_newton_step(double l2)
    {
        // 100 events at x = −1, three numerators to one denominator, mirrored at x = 1; noise on either side of it in the table.
        // At F = 0: g = w (½ − y), h = w/4, so that the leaf at x = −1 holds ½ (W₁ − W₀) / (¼ (W₁ + W₀) + λ) = 25/(25 + λ).
        float[] x = [.. Enumerable.Range(0, 200).Select(row => row < 100 ? -1f : 1f)];
        bool[] isNumerator = [.. Enumerable.Range(0, 200).Select(row => (row % 4 == 1) != (row < 100))];
        float[] noise = [.. Enumerable.Range(0, 200).Select(row => (float)new Seed(1).Uniform(row))];
        TreeEnsemble trees = Train(EventTable.FromColumns(("a", noise), ("x", x), ("b", noise)), isNumerator, OneCut with { L2 = l2 });
        double leaf = 25 / (25 + l2);
        foreach ((float at, double expected) in new[] { (-1e9f, leaf), (-1f, leaf), (1f, -leaf), (1e9f, -leaf) })
        {
            Assert.That(Predict(trees, 0.9f, at, 0.1f), Is.EqualTo(expected).Within(1e-6), $"x = {at}");
        }
    }

    [Test]
    public void Class_balance_and_total_weight_do_not_enter()
    {
        // Weights of the numerator × 7, of the denominator × 0.1: the samples' densities are the same.
        EventTable events = TwoGaussians.Numerator(2000, 1).Append(TwoGaussians.Denominator(2000, 1));
        bool[] isNumerator = [.. Enumerable.Range(0, 4000).Select(row => row < 2000)];
        float[] plain = Train(events, isNumerator, new TreeOptions { TreeCount = 10 }).Predict(events);
        EventTable weighted = events.WithWeights(isNumerator.Select(first => first ? 7 : 0.1).ToArray());
        BinnedEvents data = FeatureBins.Learn(events, TwoGaussians.Features).Apply(events);
        float[] other = LogisticTrees.Train(data, isNumerator, weighted.Weights, new TreeOptions { TreeCount = 10 }).Predict(events);
        Assert.That(other, Is.EqualTo(plain).Within(1e-4));
    }

    [Test]
    public void Trees_learn_the_log_ratio_of_two_unit_gaussians()
    {
        // 2 · 100,000 events; a constant would miss ln p₁/p₀ = 2x by 2√2 = 2.83.
        EventTable numerator = TwoGaussians.Numerator(100_000, 2);
        EventTable denominator = TwoGaussians.Denominator(100_000, 2);
        TreeEnsemble trees = Train(
            numerator.Append(denominator), [.. Enumerable.Range(0, 200_000).Select(row => row < 100_000)],
            new TreeOptions { TreeCount = 100, LeafCount = 16 });
        EventTable test = TwoGaussians.Numerator(20_000, 3).Append(TwoGaussians.Denominator(20_000, 3));
        Assert.That(TwoGaussians.RootMeanSquareError(test, trees.Predict(test)), Is.LessThan(0.3));
    }

    [Test]
    public void Missing_values_go_to_the_side_that_they_resemble()
    {
        // Of the missing values nine in ten are numerators, like those at x = 1; at x = 0 one in ten.
        foreach (float like in new[] { 0f, 1f })
        {
            float[] x = [.. Enumerable.Range(0, 3000).Select(row => row < 1000 ? float.NaN : row < 2000 ? 0 : 1)];
            bool[] isNumerator = [.. x.Select((value, row) =>
                (row % 10 == 0) != ((float.IsNaN(value) ? like : value) == 1))];
            TreeEnsemble trees = Train(EventTable.FromColumns(("x", x)), isNumerator, OneCut);
            Assert.That(Predict(trees, float.NaN), Is.EqualTo(Predict(trees, like)));
            Assert.That(Predict(trees, 1) * Predict(trees, 0), Is.LessThan(0));
        }
    }

    [Test]
    public void Being_missing_is_itself_a_reason_to_cut()
    {
        // The feature is constant where it is there: x = 5 or missing, and the missing ones are mostly numerators.
        float[] x = [.. Enumerable.Range(0, 2000).Select(row => row < 1000 ? float.NaN : 5)];
        bool[] isNumerator = [.. x.Select((value, row) => (row % 10 == 0) != float.IsNaN(value))];
        TreeEnsemble trees = Train(EventTable.FromColumns(("x", x)), isNumerator, OneCut);

        // A Newton step from 0: 2 (W₁ − W₀)/(W₁ + W₀) = 2 · 0.8.
        Assert.That(Predict(trees, float.NaN), Is.EqualTo(1.6).Within(1e-5));
        Assert.That(Predict(trees, 5), Is.EqualTo(-1.6).Within(1e-5));
    }

    [TestCase(2), TestCase(32), TestCase(33), TestCase(100)]
    public void A_table_is_scored_like_its_events_one_by_one(int leaves)
    {
        // 6001 events, some with missing values, some beyond all that was trained on, in trees of few and of many leaves.
        EventTable events = TwoGaussians.Numerator(3000, 4).Append(TwoGaussians.Denominator(3001, 4));
        float[] x = [.. events["x"].ToArray().Select((value, row) => row % 11 == 0 ? float.NaN : row % 100 == 1 ? 1e9f * value : value)];
        EventTable table = EventTable.FromColumns(("x", x), ("noise", events["noise"].ToArray()));
        TreeEnsemble trees = Train(
            table, [.. Enumerable.Range(0, 6001).Select(row => row < 3000)],
            new TreeOptions { TreeCount = 10, LeafCount = leaves, MinLeafHessian = 0.1 });
        float[] outputs = trees.Predict(table);
        for (int row = 0; row < table.Count; row++)
        {
            Assert.That(outputs[row], Is.EqualTo(Predict(trees, x[row], table["noise"][row])), $"row {row}");
        }
    }

    [Test]
    public void A_pair_of_opposite_weights_cancels()
    {
        // Every tenth event stands three times, with weights 1, +3 and −3.
        EventTable events = TwoGaussians.Numerator(20_000, 5).Append(TwoGaussians.Denominator(20_000, 5));
        bool[] isNumerator = [.. Enumerable.Range(0, 40_000).Select(row => row < 20_000)];
        int[] tenth = [.. Enumerable.Range(0, 4000).Select(row => 10 * row)];
        EventTable pairs = events.Select(tenth);
        EventTable signed = events.WithWeights(Enumerable.Repeat(1.0, 40_000).ToArray())
            .Append(pairs.WithWeights(Enumerable.Repeat(3.0, 4000).ToArray()))
            .Append(pairs.WithWeights(Enumerable.Repeat(-3.0, 4000).ToArray()));
        bool[] ofPairs = [.. tenth.Select(row => isNumerator[row])];
        var options = new TreeOptions { TreeCount = 60, LeafCount = 8 };
        float[] unsigned = Train(events, isNumerator, options).Predict(events);
        float[] found = Train(signed, [.. isNumerator, .. ofPairs, .. ofPairs], options).Predict(events);
        double squares = unsigned.Zip(found, (a, b) => (double)(a - b) * (a - b)).Average();

        // What remains, other bin borders, is less than half of what the finite sample costs either.
        Assert.That(Math.Sqrt(squares), Is.LessThan(TwoGaussians.RootMeanSquareError(events, unsigned) / 2));
    }

    [Test]
    public void Counter_events_of_a_simulator_cost_little_more_than_their_spread()
    {
        // One event in ten has −1, and another one of its sample 2 more: the same densities, Σw² 1.8 times as large, √1.8 = 1.34.
        const int Count = 50_000;
        EventTable events = TwoGaussians.Numerator(Count, 9).Append(TwoGaussians.Denominator(Count, 9));
        bool[] isNumerator = [.. Enumerable.Range(0, 2 * Count).Select(row => row < Count)];
        double[] weights = [.. Enumerable.Range(0, 2 * Count).Select(row => row % 10 == 0 ? -1.0 : row % 10 == 1 ? 3 : 1)];
        EventTable test = TwoGaussians.Numerator(20_000, 10).Append(TwoGaussians.Denominator(20_000, 10));
        double Error(EventTable training) =>
            TwoGaussians.RootMeanSquareError(
                test, Train(training, isNumerator, new TreeOptions { TreeCount = 60, LeafCount = 8 }).Predict(test), 2);
        Assert.That(Error(events.WithWeights(weights)), Is.LessThan(1.34 * Error(events)));
    }

    [TestCase(0.2), TestCase(0.45)]
    public void Signed_weights_never_give_a_log_ratio_that_is_not_a_number(double negative)
    {
        EventTable events = TwoGaussians.Numerator(3000, 6).Append(TwoGaussians.Denominator(3000, 6));
        var seed = new Seed(7);
        double[] weights = [.. Enumerable.Range(0, 6000).Select(row => seed.Uniform(row) < negative ? -1.0 : 1)];
        TreeEnsemble trees = Train(
            events.WithWeights(weights), [.. Enumerable.Range(0, 6000).Select(row => row < 3000)],
            new TreeOptions { TreeCount = 200, LearningRate = 0.3 });
        Assert.That(trees.Predict(events).All(float.IsFinite));
    }

    [Test]
    public void Samples_without_positive_weight_and_arrays_of_other_lengths_are_refused()
    {
        EventTable events = EventTable.FromColumns(("x", [1, 2, 3, 4]));
        Assert.That(
            () => Train(events, [true, true, true, true], OneCut),
            Throws.TypeOf<DataException>().With.Message.Contains("weights of the denominator sum to 0"));
        Assert.That(
            () => Train(events.WithWeights(new double[] { 1, -2, 1, 1 }), [true, true, false, false], OneCut),
            Throws.TypeOf<DataException>().With.Message.Contains("weights of the numerator sum to -1"));
        Assert.That(
            () => Train(events, [true, false], OneCut),
            Throws.ArgumentException.With.Message.Contains("2 labels and 4 weights for 4 events"));
    }

    [Test]
    public void Impossible_options_are_refused_where_they_are_set()
    {
        Assert.That(() => new TreeOptions { TreeCount = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new TreeOptions { LeafCount = 1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new TreeOptions { LearningRate = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new TreeOptions { LearningRate = 1.01 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new TreeOptions { MaxBins = 256 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new TreeOptions { L2 = double.NaN }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new TreeOptions { MinLeafHessian = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Training_stops_when_it_is_cancelled()
    {
        EventTable events = TwoGaussians.Numerator(100, 8).Append(TwoGaussians.Denominator(100, 8));
        BinnedEvents data = FeatureBins.Learn(events, TwoGaussians.Features).Apply(events);
        bool[] isNumerator = [.. Enumerable.Range(0, 200).Select(row => row < 100)];
        Assert.That(
            () =>
                LogisticTrees.Train(
                    data, isNumerator, Enumerable.Repeat(1.0, 200).ToArray(), new TreeOptions(), new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static TreeEnsemble Train(EventTable events, bool[] isNumerator, TreeOptions options)
    {
        BinnedEvents data = FeatureBins.Learn(events, events.ColumnNames, options.MaxBins).Apply(events);
        double[] weights = [.. Enumerable.Range(0, events.Count).Select(events.Weight)];
        return LogisticTrees.Train(data, isNumerator, weights, options);
    }

    private static float Predict(TreeEnsemble trees, params float[] values)
    {
        float[] output = new float[1];
        trees.Predict(values, output);
        return output[0];
    }
}
