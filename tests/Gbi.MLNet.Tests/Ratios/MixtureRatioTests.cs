using Gbi.Calibration;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Ratios;

/// <summary>
/// Data of 0.98 N(0,1) + 0.02 N(2,0.4) against N(0,1), with a second feature that is noise: r = 0.98 + 0.02 p_S/p_0 = 0.98 + 0.05 exp(x²/2
/// − (x−2)²/0.32).
/// </summary>
[TestFixture]
internal sealed class MixtureRatioTests
{
    private const double Fraction = 0.02;
    private const double Width = 0.4;
    private const int Count = 50_000;

    private static readonly string[] Features = ["x", "noise"];
    private static readonly RatioOptions Plain = new()
    {
        FoldCount = 2,
        MemberCount = 1,
        Calibration = null,
        Trees = new TreeOptions { TreeCount = 40, LeafCount = 8, L2 = 10 },
    };

    private static readonly RatioOptions Mixture = Plain with
    {
        SignalFraction = Fraction,
        Trees = Plain.Trees with { TreeCount = 10, LearningRate = 0.3, L2 = 5, MinLeafHessian = 1e-5 },
    };

    [TestCase(1), TestCase(3), TestCase(1 / 3.0)]
    public void A_small_signal_is_learnt_even_if_its_share_is_assumed_wrong(double times)
    {
        // A penalty in proportion leaves the first step as it is.
        RatioOptions options = Mixture with { SignalFraction = times * Fraction, Trees = Mixture.Trees with { L2 = 5 * times } };
        EventTable background = Background(20_000, 3);
        double[] truth = [.. background["x"].ToArray().Select(x => Ratio(x))];
        double[] learnt = [.. LogRatios(Fitted(options).Model, background).Select(value => Math.Exp(value))];
        Assert.That(Distance(learnt, truth), Is.LessThan(0.5 * Distance([.. truth.Select(_ => 1.0)], truth)));
    }

    [Test]
    public void The_ratio_is_nowhere_below_the_background_share()
    {
        RatioModel model = Fitted(Mixture).Model;
        double[] ratios = [.. LogRatios(model, Background(20_000, 4)).Select(value => Math.Exp(value - model.LogNormalisation))];
        Assert.That(ratios.Min(), Is.GreaterThan(1 - Fraction - 1e-6));
        Assert.That(ratios.Min(), Is.LessThan(1 - (0.6 * Fraction)));
        Assert.That(model.Calibration, Is.TypeOf<MixtureCalibration>());
        RatioModel read = RatioModel.Parse(model.Serialize());
        Assert.That(LogRatios(read, Background(100, 5)), Is.EqualTo(LogRatios(model, Background(100, 5))));
    }

    [Test]
    public void A_calibration_that_is_asked_for_stands_in_the_place_of_the_mixture()
    {
        RatioModel model = Fitted(Mixture with { Calibration = new CalibrationOptions() }).Model;
        Assert.That(model.Calibration, Is.TypeOf<IsotonicCalibration>());
        double peak = LogRatios(model, EventTable.FromColumns(("x", [2]), ("noise", [0.5f])))[0];
        Assert.That(Math.Exp(peak), Is.EqualTo(Ratio(2)).Within(0.2));
    }

    [Test]
    public void The_log_ratio_of_a_mixture_keeps_its_digits()
    {
        var map = new MixtureCalibration(1e-6);
        Assert.That(map.LogRatio(0), Is.EqualTo(0).Within(1e-20));
        Assert.That(map.LogRatio(Math.Log(3)), Is.EqualTo(2e-6 - 2e-12).Within(1e-16));
        Assert.That(map.LogRatio(-800), Is.EqualTo(-1e-6 - 5e-13).Within(1e-16));
        Assert.That(map.LogRatio(800), Is.EqualTo(800 + Math.Log(1e-6)));
        Assert.That(() => new MixtureCalibration(1), Throws.ArgumentException.With.Message.Contains("less than 1"));
    }

    [Test]
    public void Shares_outside_0_and_1_and_a_balanced_loss_are_refused()
    {
        Assert.That(() => new RatioOptions { SignalFraction = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Fitted(Plain with { SignalFraction = 0.1, Balance = 100 }),
            Throws.ArgumentException.With.Message.Contains("set one of both"));
    }

    private static CrossFittedRatio Fitted(RatioOptions options)
    {
        int signal = (int)(Fraction * Count);
        var random = new Random(7);
        EventTable peak = EventTable.FromColumns(
            ("x", [.. Enumerable.Range(0, signal).Select(_ => (float)(2 + (Width * Normal(random))))]),
            ("noise", [.. Enumerable.Range(0, signal).Select(_ => random.NextSingle())]));
        return RatioTrainer.CrossFit(Background(Count - signal, 1).Append(peak), Background(Count, 2), Features, options, new Seed(1));
    }

    private static EventTable Background(int count, int seed)
    {
        var random = new Random(seed);
        return EventTable.FromColumns(
            ("x", [.. Enumerable.Range(0, count).Select(_ => (float)Normal(random))]),
            ("noise", [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())]));
    }

    private static double Normal(Random random) => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);

    private static double Distance(double[] left, double[] right) =>
        Math.Sqrt(left.Zip(right, (one, other) => (one - other) * (one - other)).Average());

    private static double Ratio(double x) =>
        1 - Fraction + (Fraction / Width * Math.Exp((x * x / 2) - ((x - 2) * (x - 2) / (2 * Width * Width))));

    private static float[] LogRatios(RatioModel model, EventTable events) => model.Score(events).LogRatio.ToArray();
}
