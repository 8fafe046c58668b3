using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Tests.Trees.Growing;

/// <summary>Trees that choose among a few borders drawn at random.</summary>
[TestFixture]
internal sealed class RandomCutsTests
{
    private const int Values = 8;
    private const int Count = 400;

    // x takes the values 0 … 7 in turn, so that seven borders lie between them.
    private static readonly float[] Steps = [.. Enumerable.Range(0, Count).Select(row => (float)(row % Values))];

    private static readonly TreeOptions OneTree = new() { TreeCount = 1, LearningRate = 1, L2 = 0, RandomCuts = 1 };

    [Test]
    public void One_cut_takes_every_border_equally_often()
    {
        const int Seeds = 1400;
        int[] taken = new int[Values - 1];
        for (int seed = 0; seed < Seeds; seed++)
        {
            TreeEnsemble stump = Train(Steps, Steps, OneTree with { LeafCount = 2, Seed = new Seed((ulong)seed) });
            float[] outputs = stump.Predict(Table(Steps[..Values]));
            taken[outputs.Count(value => value == outputs[0]) - 1]++;
        }

        // Binomial: 200 of each, standard deviation √(1400 · 1/7 · 6/7) = 13.
        Assert.That(taken, Is.All.InRange(200 - (5 * 13), 200 + (5 * 13)));
    }

    [Test]
    public void Cuts_are_drawn_within_the_range_of_the_leaf()
    {
        // Every cut inside the range parts two values and lowers the loss of t = x, so that eight leaves hold one value each.
        for (ulong seed = 0; seed < 20; seed++)
        {
            TreeEnsemble trees = Train(Steps, Steps, OneTree with { LeafCount = Values, Seed = new Seed(seed) });
            Assert.That(trees.Predict(Table(Steps[..Values])), Is.EqualTo(Steps[..Values]).Within(1e-3));
        }
    }

    [Test]
    public void Enough_cuts_are_all_cuts()
    {
        // 400 draws leave one of seven borders out once in 10²⁶ times.
        float[] target = [.. Enumerable.Range(0, Count).Select(row => (float)new Seed(3).Uniform(row) + Steps[row])];
        TreeOptions options = new() { TreeCount = 20, LeafCount = 5 };
        Assert.That(
            Train(Steps, target, options with { RandomCuts = Count }).Predict(Table(Steps)),
            Is.EqualTo(Train(Steps, target, options).Predict(Table(Steps))));
    }

    [Test]
    public void Missing_values_may_always_be_parted_from_the_others()
    {
        // t is 1 where x is missing and 0 elsewhere: borders of x tell nothing.
        float[] x = [.. Steps.Select(value => value == 0 ? float.NaN : value)];
        float[] target = [.. Steps.Select(value => value == 0 ? 1f : 0)];
        TreeEnsemble stump = Train(x, target, OneTree with { LeafCount = 2 });
        Assert.That(stump.Predict(Table([float.NaN, 1, 7])), Is.EqualTo(new float[] { 1, 0, 0 }).Within(1e-4));
    }

    [Test]
    public void The_seed_decides_about_every_kind_of_trees()
    {
        BinnedEvents data = Bins(Noise(1));
        float[] noise = Noise(2);
        double[] ones = [.. Enumerable.Repeat(1.0, Count)];
        bool[] isNumerator = [.. Noise(3).Select(value => value > 0.5f)];
        int[] basePoint = [.. Enumerable.Range(0, Count).Select(row => row % 2)];
        var points = new BasePoints(["nu"], [[0], [1]], [Monomial.Of("nu")]);
        Func<TreeOptions, TreeEnsemble>[] trainers =
        [
            options => ScoreTrees.Train(data, noise, ones, options),
            options => LogisticTrees.Train(data, isNumerator, ones, options),
            options => ParametricTrees.TrainJointOverMarginal(data, noise, ones, options, options.Seed).Trees,
            options => ParametricTrees.Train(
                data, new BasePointSample(points, basePoint, ones), new ParametricRatioOptions { Trees = options }).Trees,
        ];
        foreach (Func<TreeOptions, TreeEnsemble> train in trainers)
        {
            float[] Outputs(ulong seed, int? cuts) =>
                train(new TreeOptions { TreeCount = 3, LeafCount = 4, RandomCuts = cuts, Seed = new Seed(seed) }).Predict(Table(Noise(1)));
            float[] first = Outputs(1, 1);
            float[] again = Outputs(1, 1);
            Assert.That(again, Is.EqualTo(first));
            Assert.That(Outputs(2, 1), Is.Not.EqualTo(first));
            Assert.That(Outputs(1, null), Is.Not.EqualTo(first));
        }
    }

    [Test]
    public void No_cut_at_all_is_refused() =>
        Assert.That(
            () => new TreeOptions { RandomCuts = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("RandomCuts"));

    private static TreeEnsemble Train(float[] x, float[] target, TreeOptions options) =>
        ScoreTrees.Train(Bins(x), target, [.. Enumerable.Repeat(1.0, x.Length)], options);

    private static BinnedEvents Bins(float[] x)
    {
        EventTable events = Table(x);
        return FeatureBins.Learn(events, ["x"]).Apply(events);
    }

    private static EventTable Table(float[] x) => EventTable.FromColumns(("x", x));

    private static float[] Noise(ulong seed) => [.. Enumerable.Range(0, Count).Select(row => (float)new Seed(seed).Uniform(row))];
}
