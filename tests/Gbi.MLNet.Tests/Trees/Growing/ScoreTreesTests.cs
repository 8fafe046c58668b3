using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Tests.Trees.Growing;

/// <summary>
/// Latent z ~ N(θ, I), seen as x ~ N(z, s² I): the joint score at θ = 0 is ∇_θ ln p(x,z|θ) = z, and the score of what is seen
/// E[z|x] = x/(1 + s²).
/// </summary>
[TestFixture]
internal sealed class ScoreTreesTests
{
    private const double Smearing = 0.8;

    [TestCase(1), TestCase(3), TestCase(5), TestCase(8)]
    public void Trees_learn_the_score_of_what_is_seen(int parameters)
    {
        // E[z|x] has the standard deviation 1/√(1 + s²) = 0.78; z itself misses it by s/√(1 + s²) = 0.62.
        (EventTable events, float[] scores) = Simulate(50_000, parameters, 1);
        TreeEnsemble trees = Train(events, scores, Ones(events.Count), new TreeOptions { TreeCount = 100 });
        (EventTable test, _) = Simulate(5000, parameters, 2);
        float[] found = trees.Predict(test);
        Assert.That(trees.OutputCount, Is.EqualTo(parameters));
        for (int k = 0; k < parameters; k++)
        {
            double error = Math.Sqrt(Enumerable.Range(0, test.Count).Average(row =>
                Math.Pow(found[(row * parameters) + k] - (test[$"x{k}"][row] / (1 + (Smearing * Smearing))), 2)));
            Assert.That(error, Is.LessThan(0.12), $"parameter {k}");
        }
    }

    [TestCase(0.0), TestCase(30.0)]
    public void A_leaf_moves_from_the_mean_of_all_to_its_own(double l2)
    {
        // Two targets; on the left their weighted means are 2 and −1, on the right 0 and 3; of all, weights 1 to 3, 0.5 and 2.
        // Scaled to mean 1, the sides weigh 50 and 150: a leaf takes W/(W + λ) of the way.
        float[] x = [.. Enumerable.Range(0, 200).Select(row => row < 100 ? -1f : 1f)];
        float[] scores = [.. x.SelectMany((side, row) => side < 0 ? new[] { 2f + (row % 2) - 0.5f, -1f } : [0f, 3f])];
        double[] weights = [.. x.Select(side => side < 0 ? 1.0 : 3)];
        TreeEnsemble trees = Train(
            EventTable.FromColumns(("x", x)), scores, weights, new TreeOptions { TreeCount = 1, LeafCount = 2, LearningRate = 1, L2 = l2 });
        double left = 50 / (50 + l2);
        double right = 150 / (150 + l2);
        Assert.That(Predict(trees, -1), Is.EqualTo(new[] { 0.5 + (1.5 * left), 2 - (3 * left) }).Within(1e-6));
        Assert.That(Predict(trees, 1), Is.EqualTo(new[] { 0.5 - (0.5 * right), 2 + right }).Within(1e-6));
    }

    [Test]
    public void A_leaf_with_too_little_weight_is_not_made()
    {
        // The ten events on the right weigh 10 − 10 = 0, then 2: less than the least weight, 5.
        float[] x = [.. Enumerable.Range(0, 100).Select(row => row < 90 ? -1f : 1f)];
        float[] scores = [.. x.Select(side => side > 0 ? 5f : 0)];
        foreach (int negative in new[] { 5, 4 })
        {
            double[] weights = [.. x.Select((side, row) => row >= 100 - negative ? -1.0 : 1)];
            TreeEnsemble trees = Train(
                EventTable.FromColumns(("x", x)), scores, weights, new TreeOptions { TreeCount = 3, MinLeafHessian = 5 });
            Assert.That(Predict(trees, 1), Is.EqualTo(Predict(trees, -1)));
        }
    }

    [Test]
    public void The_same_trees_grow_on_one_and_two_threads()
    {
        (EventTable events, float[] scores) = Simulate(40_000, 3, 3);
        (float[] one, float[] two) = ThreadLimit.Compare(() =>
            Train(events, scores, Ones(events.Count), new TreeOptions { TreeCount = 5 }).Predict(events));
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void Training_stops_at_the_smallest_loss_of_the_events_held_out()
    {
        // The trees that are kept are those of a training without early stopping, and no number of trees up to where it stopped does
        // better.
        (EventTable events, float[] scores) = Simulate(3000, 1, 4);
        double[] training = [.. Enumerable.Range(0, 3000).Select(row => row % 2 == 0 ? 1.0 : 0)];
        double[] heldOut = [.. training.Select(weight => 1 - weight)];
        var options = new TreeOptions { TreeCount = 400, EarlyStoppingRounds = 10 };
        BinnedEvents data = FeatureBins.Learn(events, events.ColumnNames).Apply(events);
        TreeEnsemble stopped = ScoreTrees.Train(data, scores, training, options, heldOut);
        int kept = stopped.TreeCount;
        double LossWith(int trees, out float[] outputs)
        {
            TreeOptions whole = options with { TreeCount = trees, EarlyStoppingRounds = null };
            outputs = ScoreTrees.Train(data, scores, training, whole).Predict(events);
            return outputs.Select((value, row) => heldOut[row] * Math.Pow(value - scores[row], 2)).Sum();
        }

        double best = LossWith(kept, out float[] same);
        Assert.That(kept, Is.InRange(5, 200));
        Assert.That(stopped.Predict(events), Is.EqualTo(same));
        foreach (int trees in Enumerable.Range(1, kept + 10).Where(trees => trees != kept))
        {
            Assert.That(LossWith(trees, out _), Is.GreaterThan(best * (1 - 1e-7)), $"{trees} trees instead of {kept}");
        }
    }

    [Test]
    public void Training_stops_at_once_on_noise()
    {
        (EventTable events, float[] scores) = Simulate(4000, 2, 5);
        float[] shuffled = [.. new Seed(6).Permutation(4000).SelectMany(row => scores.AsSpan(2 * row, 2).ToArray())];
        double[] training = [.. Enumerable.Range(0, 4000).Select(row => row < 2000 ? 1.0 : 0)];
        double[] heldOut = [.. training.Select(weight => 1 - weight)];
        BinnedEvents data = FeatureBins.Learn(events, events.ColumnNames).Apply(events);
        var options = new TreeOptions { TreeCount = 300, EarlyStoppingRounds = 5 };
        TreeEnsemble trees = ScoreTrees.Train(data, shuffled, training, options, heldOut);
        Assert.That(trees.TreeCount, Is.LessThan(4));
    }

    [Test]
    public void Scores_that_are_not_finite_and_arrays_of_other_lengths_are_refused()
    {
        EventTable events = EventTable.FromColumns(("x", [1, 2]));
        Assert.That(
            () => Train(events, [1, float.NaN], [1, 1], new TreeOptions()),
            Throws.TypeOf<DataException>().With.Message.Contains("Score 0 of event 1 is NaN"));
        Assert.That(
            () => Train(events, [1, 2], [1, -1], new TreeOptions()),
            Throws.TypeOf<DataException>().With.Message.Contains("The weights sum to 0"));
        Assert.That(
            () => Train(events, [1, 2, 3], [1, 1], new TreeOptions()),
            Throws.ArgumentException.With.Message.Contains("3 scores and 2 weights for 2 events"));
    }

    private static TreeEnsemble Train(EventTable events, float[] scores, double[] weights, TreeOptions options) =>
        ScoreTrees.Train(FeatureBins.Learn(events, events.ColumnNames).Apply(events), scores, weights, options);

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static float[] Predict(TreeEnsemble trees, float x)
    {
        float[] outputs = new float[trees.OutputCount];
        trees.Predict([x], outputs);
        return outputs;
    }

    private static (EventTable Events, float[] Scores) Simulate(int count, int parameters, ulong seed)
    {
        Random random = new Seed(seed).CreateRandom();
        float[] scores = [.. Enumerable.Range(0, count * parameters).Select(_ => (float)random.NextNormal(0, 1))];
        return (EventTable.FromColumns([.. Enumerable.Range(0, parameters).Select(k => ($"x{k}", Enumerable.Range(0, count)
            .Select(row => (float)random.NextNormal(scores[(row * parameters) + k], Smearing)).ToArray()))]), scores);
    }
}
