using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Tests.Trees.Growing;

/// <summary>Trees that may only rise or fall in some features, and what they say of their features.</summary>
[TestFixture]
internal sealed class MonotoneTreesTests
{
    private static readonly string[] Features = ["up", "down", "free"];

    [TestCase(1ul), TestCase(2ul), TestCase(3ul)]
    public void A_constrained_feature_never_moves_the_output_the_other_way(ulong seed)
    {
        // A target that follows its features with much noise, so that trees without constraints go wrong somewhere.
        (EventTable events, float[] target) = Simulate(3000, seed);
        TreeEnsemble constrained = Train(events, target, Rising("up", "down"));
        TreeEnsemble unconstrained = Train(events, target, new Dictionary<string, Monotonicity>());
        Assert.That(WrongSteps(constrained, seed), Is.Zero);
        Assert.That(WrongSteps(unconstrained, seed), Is.GreaterThan(100));
    }

    [Test]
    public void Constraints_that_are_true_help()
    {
        (EventTable events, float[] target) = Simulate(3000, 4);
        double constrained = Error(Train(events, target, Rising("up", "down")));
        double unconstrained = Error(Train(events, target, new Dictionary<string, Monotonicity>()));

        // A constant would miss by √(1/12 + 1/12 + 1/8) = 0.54.
        Assert.That(constrained, Is.LessThan(unconstrained));
        Assert.That(constrained, Is.LessThan(0.25));
    }

    [Test]
    public void A_constraint_against_the_data_leaves_the_feature_out()
    {
        (EventTable events, float[] target) = Simulate(3000, 5);
        double[] importance = Train(events, target, Rising("down", "up")).Importance();
        Assert.That(importance[0] + importance[1], Is.LessThan(0.2));
        Assert.That(importance[2], Is.GreaterThan(0.8));
    }

    [Test]
    public void Constraints_of_features_that_are_not_there_and_of_several_outputs_are_refused()
    {
        (EventTable events, float[] target) = Simulate(100, 6);
        Assert.That(
            () => Train(events, target, new Dictionary<string, Monotonicity> { ["sideways"] = Monotonicity.Rising }),
            Throws.ArgumentException.With.Message.Contains("'sideways', which is not among up, down, free"));
        Assert.That(
            () => Train(events, [.. target, .. target], Rising("up", "down")),
            Throws.ArgumentException.With.Message.Contains("trees of 2 outputs, expected one"));
    }

    [Test]
    public void Importance_is_the_share_of_a_feature_in_what_the_cuts_gained()
    {
        // t = 3 [a > 0] + [b > 0] in equal parts: the cut in a lowers Σ (f − t)²/2 by n 9/8, both cuts in b together by n/8.
        float[] a = [.. Enumerable.Range(0, 400).Select(row => (float)(row % 2))];
        float[] b = [.. Enumerable.Range(0, 400).Select(row => (float)(row / 2 % 2))];
        float[] target = [.. a.Zip(b, (x, y) => (3 * x) + y)];
        EventTable events = EventTable.FromColumns(
            ("noise", [.. Enumerable.Range(0, 400).Select(row => (float)new Seed(7).Uniform(row))]), ("a", a), ("b", b));
        BinnedEvents data = FeatureBins.Learn(events, events.ColumnNames).Apply(events);
        double[] ones = [.. Enumerable.Repeat(1.0, 400)];
        var options = new TreeOptions { TreeCount = 1, LeafCount = 4, LearningRate = 1, L2 = 0 };
        Assert.That(ScoreTrees.Train(data, target, ones, options).Importance(), Is.EqualTo(new[] { 0, 0.9, 0.1 }).Within(1e-6));
        Assert.That(ScoreTrees.Train(data, new float[400], ones, options).Importance(), Is.EqualTo(new double[3]));
    }

    private static Dictionary<string, Monotonicity> Rising(string rising, string falling) =>
        new() { [rising] = Monotonicity.Rising, [falling] = Monotonicity.Falling };

    private static TreeEnsemble Train(EventTable events, float[] target, IReadOnlyDictionary<string, Monotonicity> monotone)
    {
        BinnedEvents data = FeatureBins.Learn(events, Features).Apply(events);
        var options = new TreeOptions { TreeCount = 100, LeafCount = 16, Monotone = monotone };
        return ScoreTrees.Train(data, target, [.. Enumerable.Repeat(1.0, events.Count)], options);
    }

    /// <summary>Features uniform in (0, 1), t = up − down + sin(2π free)/2 and noise of width 1.</summary>
    private static (EventTable Events, float[] Target) Simulate(int count, ulong seed)
    {
        EventTable events = Uniform(count, seed);
        Random random = new Seed(seed).Child("noise").CreateRandom();
        return (events, [.. Enumerable.Range(0, count).Select(row => (float)random.NextNormal(Truth(events, row), 1))]);
    }

    private static EventTable Uniform(int count, ulong seed)
    {
        Random random = new Seed(seed).CreateRandom();
        return EventTable.FromColumns([.. Features.Select(name =>
            (name, Enumerable.Range(0, count).Select(_ => (float)random.NextDouble()).ToArray()))]);
    }

    private static double Truth(EventTable events, int row) =>
        events["up"][row] - events["down"][row] + (Math.Sin(2 * Math.PI * events["free"][row]) / 2);

    private static double Error(TreeEnsemble trees)
    {
        EventTable test = Uniform(5000, 99);
        return Math.Sqrt(trees.Predict(test).Select((value, row) => Math.Pow(value - Truth(test, row), 2)).Average());
    }

    /// <summary>How often, on 200 random lines along each constrained feature, a step of 1/50 goes the wrong way.</summary>
    private static int WrongSteps(TreeEnsemble trees, ulong seed)
    {
        EventTable lines = Uniform(200, seed + 1000);
        int wrong = 0;
        for (int line = 0; line < lines.Count; line++)
        {
            float[] from = [.. Features.Select(name => lines[name][line])];
            for (int step = 0; step < 50; step++)
            {
                wrong += Along(0, step + 1) < Along(0, step) ? 1 : 0;
                wrong += Along(1, step + 1) > Along(1, step) ? 1 : 0;
            }

            float Along(int feature, int step)
            {
                float[] values = [.. from];
                values[feature] = step / 50f;
                float[] output = new float[1];
                trees.Predict(values, output);
                return output[0];
            }
        }

        return wrong;
    }
}
