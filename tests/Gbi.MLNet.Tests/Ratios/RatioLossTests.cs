using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Ratios;

/// <summary>What the loss of a ratio's training is told beyond the events: when to stop, and to stay balanced.</summary>
[TestFixture]
internal sealed class RatioLossTests
{
    private static readonly RatioOptions Options = new()
    {
        FoldCount = 3,
        MemberCount = 1,
        Calibration = null,
        Trees = new TreeOptions { TreeCount = 200, LeafCount = 16, LearningRate = 0.2 },
    };

    [Test]
    public void Early_stopping_learns_next_to_nothing_where_there_is_nothing_to_learn()
    {
        // Two samples of one density: ln r = 0. All 200 trees fit noise; the held-out loss says so after a few.
        EventTable events = TwoGaussians.Numerator(20_000, 31);
        double Spread(int? rounds) => RootMeanSquare(RatioTrainer.CrossFit(
            events.Slice(0, 10_000), events.Slice(10_000, 10_000), TwoGaussians.Features,
            Options with { Trees = Options.Trees with { EarlyStoppingRounds = rounds } }, new Seed(31)));
        Assert.That(Spread(5), Is.LessThan(0.1));
        Assert.That(Spread(null), Is.GreaterThan(0.3));
    }

    [Test]
    public void Early_stopping_goes_on_where_there_is_something_to_learn()
    {
        // ln p₁/p₀ = 2x: a constant would miss it by 2.8.
        EventTable numerator = TwoGaussians.Numerator(20_000, 32);
        EventTable denominator = TwoGaussians.Denominator(20_000, 32);
        RatioOptions stopping = Options with { Trees = Options.Trees with { EarlyStoppingRounds = 10 } };
        EventTable test = TwoGaussians.Numerator(10_000, 33).Append(TwoGaussians.Denominator(10_000, 33));
        double Error(RatioOptions options) => TwoGaussians.RootMeanSquareError(
            test,
            RatioTrainer.CrossFit(
                numerator, denominator, TwoGaussians.Features, options, new Seed(32)).Model.Score(test).LogRatio.ToArray(),
            2);
        Assert.That(Error(stopping), Is.LessThan(0.3));
        Assert.That(Error(stopping), Is.LessThanOrEqualTo(Error(Options)));
    }

    [Test]
    public void The_balanced_loss_brings_the_mean_probabilities_of_both_samples_to_1()
    {
        // Few steps into skewed samples, a wide one against a narrow one: E₁[p] + E₀[p] − 1 is 0 for the true ratio.
        EventTable wide = TwoGaussians.Numerator(20_000, 34);
        EventTable narrow = EventTable.FromColumns(
            ("x", [.. TwoGaussians.Denominator(20_000, 34)["x"].ToArray().Select(x => 0.2f * x)]),
            ("noise", TwoGaussians.Denominator(20_000, 35)["noise"].ToArray()));
        double Imbalance(double balance)
        {
            RatioOptions options = Options with { Balance = balance, Trees = Options.Trees with { TreeCount = 8, LeafCount = 4 } };
            RatioModel model = RatioTrainer.CrossFit(wide, narrow, TwoGaussians.Features, options, new Seed(36)).Model;
            float[] logRatios = model.Score(wide.Append(narrow)).LogRatio.ToArray();
            return logRatios.Average(value => 2 / (1 + Math.Exp(model.LogNormalisation - value))) - 1;
        }

        Assert.That(Math.Abs(Imbalance(100)), Is.LessThan(Math.Abs(Imbalance(0)) / 2));
    }

    [Test]
    public void An_impossible_balance_is_refused() => Assert.That(
        () => new RatioOptions { Balance = -1 },
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Balance must be 0 or more"));

    private static double RootMeanSquare(CrossFittedRatio fitted) =>
        Math.Sqrt(fitted.OutOfFold.LogRatio.ToArray().Average(value => (double)value * value));
}
