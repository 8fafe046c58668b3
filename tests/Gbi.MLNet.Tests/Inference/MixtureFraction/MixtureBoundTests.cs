using Gbi.Events;
using Gbi.Inference.MixtureFraction;
using Gbi.Numerics;

namespace Gbi.Tests.Inference.MixtureFraction;

/// <summary>Scores of background uniform in [0, 1), those of the signal uniform in [a, 1): below a, p/p_B = 1 − μ exactly.</summary>
[TestFixture]
internal sealed class MixtureBoundTests
{
    [TestCase(0.02, 0.97), TestCase(0.2, 0.97), TestCase(0.6, 0.9)]
    public void Large_samples_show_the_fraction_of_a_signal_that_avoids_low_scores(double fraction, double edge)
    {
        MixtureBound bound = MixtureBound.Of(new(Data(400_000, fraction, edge, new Seed(1))), new(Data(400_000, 0, 0, new Seed(2))));

        // Below the edge the shares of n events are known to √((1−s)/(s n)) each; the limit lies a few of these below the fraction.
        Assert.That(bound.Lower, Is.InRange(fraction - (10 * Math.Sqrt(2 / (0.1 * 400_000))), fraction));
        Assert.That(bound.DataShare, Is.LessThan(bound.BackgroundShare));
    }

    [TestCase(0, 0.9, false), TestCase(0.1, 0.9, false), TestCase(0.1, 0.9, true), TestCase(0.1, 0, false)]
    public void The_limit_lies_above_the_fraction_at_most_as_often_as_its_level_allows(double fraction, double edge, bool weighted)
    {
        const int Toys = 300;
        int failures = Enumerable.Range(0, Toys).Count(toy =>
        {
            Seed seed = new Seed(3).Child(toy);
            double[] weights = weighted ? [.. Enumerable.Range(0, 2000).Select(row => 2 * seed.Uniform(1_000_000 + row))] : [];
            return MixtureBound.Of(
                new(Data(3000, fraction, edge, seed.Child("data"))), new(Data(2000, 0, 0, seed.Child("background")), weights),
                0.8).Lower > fraction;
        });

        // Binomial with the probability 0.2 at most: 4 standard deviations.
        Assert.That(failures, Is.LessThanOrEqualTo((0.2 * Toys) + (4 * Math.Sqrt(0.16 * Toys))));
    }

    [Test]
    public void A_signal_that_is_distributed_as_the_background_shows_nothing() =>
        Assert.That(MixtureBound.Of(new(Data(100_000, 0.5, 0, new Seed(4))), new(Data(100_000, 0, 0, new Seed(5)))).Lower, Is.Zero);

    [TestCase(0.001, 0.0), TestCase(0.0, 0.04)]
    public void The_limit_of_one_region_solves_its_equation(double backgroundVariance, double fraction)
    {
        // z standard deviations of the binomial share of the data and of the background's share below what is expected at the limit.
        var region = new MixtureRegion(0.9, backgroundVariance, 0.8, 1000);
        MixtureBound bound = MixtureBound.OfRegions([region], 0.95);
        double expected = (1 - bound.Lower) * 0.9;
        double variance = (expected * (1 - expected) / 1000) + (Math.Pow(1 - bound.Lower, 2) * backgroundVariance);
        Assert.That(bound.Lower, Is.GreaterThan(fraction));
        Assert.That((expected - 0.8) / Math.Sqrt(variance), Is.EqualTo(1.6448536269514722).Within(1e-6));
    }

    [Test]
    public void Too_few_events_to_expect_twenty_five_outside_a_region_show_nothing() =>
        Assert.That(MixtureBound.OfRegions([new MixtureRegion(0.9, 0, 0.1, 200)]).Lower, Is.Zero);

    [Test]
    public void What_gives_no_limit_is_told()
    {
        Assert.That(
            () => MixtureBound.Of(new([1, 2], [1, -1]), new([1, 2])),
            Throws.TypeOf<DataException>().With.Message.Contains("The weights of the data sum to 0"));
        Assert.That(
            () => MixtureBound.Of(new([1, float.NaN]), new([1, 2])), Throws.ArgumentException.With.Message.Contains("Score 1 of the data"));
        Assert.That(
            () => MixtureBound.Of(new([1, 2]), new([1, 2], [1])), Throws.ArgumentException.With.Message.Contains("1 weights for 2 scores"));
        Assert.That(
            () => MixtureBound.Of(new([1, 2]), new([1, 2]), 1),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("between 0 and 1"));
    }

    private static float[] Data(int count, double fraction, double edge, Seed seed) =>
    [
        .. Enumerable.Range(0, count).Select(row => (float)(seed.Uniform(2L * row) < fraction
            ? edge + ((1 - edge) * seed.Uniform((2L * row) + 1))
            : seed.Uniform((2L * row) + 1))),
    ];
}
