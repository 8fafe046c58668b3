using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Tests.Trees.Growing;

/// <summary>
/// A latent z ~ N(±d, 1), seen as x ~ N(z, s²): the joint ratio is ln r(x,z) = 2 d z, that of what is seen ln r(x) = 2 d x/(1 + s²).
/// </summary>
[TestFixture]
internal sealed class SoftLabelTests
{
    private const double Distance = 0.5;
    private const double Smearing = 0.5;
    private const int Count = 20_000;

    private static readonly TreeOptions Options = new() { TreeCount = 60, LeafCount = 8 };

    [Test]
    public void Soft_labels_give_a_better_ratio_than_hard_ones_on_the_same_events()
    {
        // A constant would miss by 2 d √(1 + s² + d²)/(1 + s²) = 0.98.
        (EventTable events, bool[] isNumerator, float[] jointLogRatio) = Simulate();
        BinnedEvents data = FeatureBins.Learn(events, ["x"]).Apply(events);
        double[] weights = [.. Enumerable.Repeat(1.0, events.Count)];
        double hard = Error(LogisticTrees.Train(data, isNumerator, weights, Options), events);
        double soft = Error(LogisticTrees.TrainSoft(data, isNumerator, jointLogRatio, weights, Options), events);
        TestContext.Out.WriteLine($"RMSE of ln r: {hard:F4} by hard labels, {soft:F4} by soft ones");
        Assert.That(soft, Is.LessThan(0.06));
        Assert.That(soft, Is.LessThan(0.6 * hard));
    }

    [Test]
    public void Certain_soft_labels_are_hard_labels()
    {
        // r(x,z) = ∞ and 0: z alone tells the sample.
        (EventTable events, bool[] isNumerator, _) = Simulate();
        BinnedEvents data = FeatureBins.Learn(events, ["x"]).Apply(events);
        double[] weights = [.. Enumerable.Range(0, events.Count).Select(row => 0.5 + new Seed(2).Uniform(row))];
        float[] certain = [.. isNumerator.Select(first => first ? float.PositiveInfinity : float.NegativeInfinity)];
        Assert.That(
            LogisticTrees.TrainSoft(data, isNumerator, certain, weights, Options).Predict(events),
            Is.EqualTo(LogisticTrees.Train(data, isNumerator, weights, Options).Predict(events)));
    }

    [Test]
    public void Training_stops_early_on_events_held_out()
    {
        (EventTable events, bool[] isNumerator, float[] jointLogRatio) = Simulate();
        BinnedEvents data = FeatureBins.Learn(events, ["x"]).Apply(events);
        double[] training = [.. isNumerator.Select((_, row) => row % 2 == 0 ? 1.0 : 0)];
        double[] heldOut = [.. training.Select(weight => 1 - weight)];
        float[] shuffled = [.. new Seed(3).Permutation(events.Count).Select(row => jointLogRatio[row])];
        TreeOptions patient = Options with { TreeCount = 200, EarlyStoppingRounds = 5 };
        Assert.That(LogisticTrees.TrainSoft(data, isNumerator, shuffled, training, patient, heldOut).TreeCount, Is.LessThan(4));
        Assert.That(LogisticTrees.TrainSoft(data, isNumerator, jointLogRatio, training, patient, heldOut).TreeCount, Is.InRange(15, 150));
    }

    [Test]
    public void A_joint_ratio_that_is_no_number_is_refused()
    {
        EventTable events = EventTable.FromColumns(("x", [1, 2]));
        BinnedEvents data = FeatureBins.Learn(events, ["x"]).Apply(events);
        Assert.That(
            () => LogisticTrees.TrainSoft(data, [true, false], [0, float.NaN], [1, 1], Options),
            Throws.TypeOf<DataException>().With.Message.Contains("joint log ratio of event 1 is no number"));
        Assert.That(
            () => LogisticTrees.TrainSoft(data, [true, false], [0], [1, 1], Options),
            Throws.ArgumentException.With.Message.Contains("1 joint log ratios for 2 events"));
    }

    private static double Error(TreeEnsemble trees, EventTable events) => Math.Sqrt(trees.Predict(events)
        .Select((value, row) => Math.Pow(value - (2 * Distance * events["x"][row] / (1 + (Smearing * Smearing))), 2)).Average());

    private static (EventTable Events, bool[] IsNumerator, float[] JointLogRatio) Simulate()
    {
        Random random = new Seed(1).CreateRandom();
        bool[] isNumerator = [.. Enumerable.Range(0, Count).Select(row => row < Count / 2)];
        double[] z = [.. isNumerator.Select(first => random.NextNormal(first ? Distance : -Distance, 1))];
        float[] x = [.. z.Select(latent => (float)random.NextNormal(latent, Smearing))];
        return (EventTable.FromColumns(("x", x)), isNumerator, [.. z.Select(latent => (float)(2 * Distance * latent))]);
    }
}
