using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Tests.Ratios.Parametric;

/// <summary>
/// x | t ~ N(a t, 1) with t ~ N(0, 1), so that p(x) = N(0, 1 + a²) and
/// ln p(x,t)/(p(x)p(t)) = −(x − a t)²/2 + x²/(2(1 + a²)) + ln(1 + a²)/2, a polynomial of second degree in t.
/// </summary>
[TestFixture]
internal sealed class ParametricTreesTests
{
    private const double A = 0.8;
    private const int Count = 100_000;

    private static readonly TreeOptions Options = new() { TreeCount = 100, LeafCount = 16, MinLeafHessian = 20, L2 = 10 };

    [Test]
    public void Trees_learn_the_ratio_of_joint_to_marginal()
    {
        // 100,000 events. A constant would miss by the standard deviation of the log ratio over this grid, 1.15.
        TreeEnsemble trees = Train(t => true, unitWeights: true);
        Assert.That(RootMeanSquareError(trees, LogRatio, [-1.5, -1, -0.5, 0, 0.5, 1, 1.5]), Is.LessThan(0.13));
    }

    [Test]
    public void Trees_are_right_at_a_parameter_where_no_event_lies()
    {
        // Without the events of |t| < 0.4, p(x) becomes N(0, 1+a²)(x) (1 − P(|t| < 0.4 | x)) / (1 − P(|t| < 0.4)), where
        // t | x ~ N(a x/(1+a²), 1/(1+a²)).
        const double Gap = 0.4;
        TreeEnsemble trees = Train(t => Math.Abs(t) >= Gap, unitWeights: true);
        // A constant would miss by 0.60.
        double inGap = 1 - (2 * TailProbability.OfNormal(Gap));
        double OutsideGap(double x, double t)
        {
            double width = 1 / Math.Sqrt(1 + (A * A));
            double centre = A * x * width * width;
            double inGapAtX = TailProbability.OfNormal((-Gap - centre) / width) - TailProbability.OfNormal((Gap - centre) / width);
            return LogRatio(x, t) - Math.Log((1 - inGapAtX) / (1 - inGap));
        }

        Assert.That(RootMeanSquareError(trees, OutsideGap, [-0.3, -0.15, 0, 0.15, 0.3]), Is.LessThan(0.1));
    }

    [Test]
    public void Weights_act_like_repetitions()
    {
        // Events accepted with probability q(t) and weight 1/q(t) follow the same law as all of them.
        TreeEnsemble trees = Train(t => true, unitWeights: false);
        Assert.That(RootMeanSquareError(trees, LogRatio, [-1, 0, 1]), Is.LessThan(0.15));
    }

    [Test]
    public void The_same_seed_gives_the_same_model_on_one_and_two_threads()
    {
        (float[] one, float[] two) = ThreadLimit.Compare(() =>
            Train(t => true, unitWeights: true, Options with { TreeCount = 5 }).Predict(Grid()));
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void Weights_without_a_positive_sum_are_refused()
    {
        EventTable events = EventTable.FromColumns(("x", [1, 2]));
        BinnedEvents data = FeatureBins.Learn(events, ["x"]).Apply(events);
        Assert.That(
            () => ParametricTrees.TrainJointOverMarginal(data, [0, 1], [1, -1], Options, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("The weights sum to 0"));
        Assert.That(
            () => ParametricTrees.TrainJointOverMarginal(data, [0], [1, 1], Options, new Seed(1)),
            Throws.ArgumentException.With.Message.Contains("1 parameters and 2 weights for 2 events"));
    }

    private static double LogRatio(double x, double t) =>
        (-0.5 * (x - (A * t)) * (x - (A * t))) + (x * x / (2 * (1 + (A * A)))) + (0.5 * Math.Log(1 + (A * A)));

    private static TreeEnsemble Train(Func<double, bool> accept, bool unitWeights, TreeOptions? options = null)
    {
        Random random = new Seed(1).CreateRandom();
        var x = new List<float>();
        var parameter = new List<float>();
        var weights = new List<double>();
        for (int i = 0; i < Count; i++)
        {
            double t = random.NextNormal(0, 1);
            double kept = unitWeights ? 1 : 1 / (1 + Math.Exp(-t));
            if (accept(t) && random.NextDouble() < kept)
            {
                parameter.Add((float)t);
                x.Add((float)random.NextNormal(A * t, 1));
                weights.Add(1 / kept);
            }
        }

        EventTable events = EventTable.FromColumns(("x", x.ToArray()));
        BinnedEvents data = FeatureBins.Learn(events, ["x"]).Apply(events);
        return ParametricTrees.TrainJointOverMarginal(data, parameter.ToArray(), weights.ToArray(), options ?? Options, new Seed(2)).Trees;
    }

    /// <summary>Quantiles of p(x): 400 equally likely places.</summary>
    private static EventTable Grid()
    {
        double width = Math.Sqrt(1 + (A * A));
        return EventTable.FromColumns(("x", [.. Enumerable.Range(0, 400)
            .Select(i => (float)MathNet.Numerics.Distributions.Normal.InvCDF(0, width, (i + 0.5) / 400))]));
    }

    private static double RootMeanSquareError(TreeEnsemble trees, Func<double, double, double> truth, double[] parameters)
    {
        EventTable grid = Grid();
        float[] delta = trees.Predict(grid);
        double sum = 0;
        foreach (double t in parameters)
        {
            for (int i = 0; i < grid.Count; i++)
            {
                double found = delta[3 * i] + (t * (delta[(3 * i) + 1] + (t * delta[(3 * i) + 2])));
                sum += Math.Pow(found - truth(grid["x"][i], t), 2);
            }
        }

        return Math.Sqrt(sum / (grid.Count * parameters.Length));
    }
}
