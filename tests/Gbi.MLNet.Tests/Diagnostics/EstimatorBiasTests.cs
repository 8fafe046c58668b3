using Gbi.Diagnostics;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Tests.Diagnostics;

[TestFixture]
internal sealed class EstimatorBiasTests
{
    [Test]
    public void Pulls_of_plus_and_minus_one_have_mean_0_and_the_width_of_their_number()
    {
        // 20 pulls of ±1: variance 20/19.
        double[] estimates = [.. Enumerable.Range(0, 20).Select(toy => toy % 2 == 0 ? 7.0 : 3)];
        var bias = EstimatorBias.Of(estimates, [.. Enumerable.Repeat(2.0, 20)], truth: 5);
        Assert.Multiple(() =>
        {
            Assert.That(bias.MeanPull, Is.Zero);
            Assert.That(bias.Width, Is.EqualTo(Math.Sqrt(20.0 / 19)).Within(1e-14));
            Assert.That(bias.MeanPullError, Is.EqualTo(Math.Sqrt(1.0 / 19)).Within(1e-14));
            Assert.That(bias.BiasError, Is.EqualTo(2 * bias.MeanPullError).Within(1e-14));
            Assert.That(bias.Passed, Is.True);
            Assert.That(bias.Checks[0].Caveat, Does.StartWith("Inconclusive: 2σ = "));
        });
    }

    [Test]
    public void Errors_of_mean_and_width_are_their_spread_over_repetitions()
    {
        EstimatorBias[] all = [.. Enumerable.Range(0, 1000).Select(at => Normal(100, 0, 1, new Seed(3).Child(at)))];
        Assert.That(Spread(bias => bias.MeanPull), Is.EqualTo(all.Average(bias => bias.MeanPullError)).Within(8).Percent);
        Assert.That(Spread(bias => bias.Width), Is.EqualTo(all.Average(bias => bias.WidthError)).Within(8).Percent);

        double Spread(Func<EstimatorBias, double> of)
        {
            double mean = all.Average(of);
            return Math.Sqrt(all.Average(bias => Math.Pow(of(bias) - mean, 2)));
        }
    }

    [TestCase(0, 1, true, true), TestCase(0.6, 1, false, true), TestCase(0, 1.6, true, false), TestCase(0, 0.5, true, false)]
    public void A_bias_and_wrong_errors_are_told_apart(double mean, double width, bool meanPasses, bool widthPasses)
    {
        EstimatorBias bias = Normal(500, mean, width, new Seed(8));
        Assert.That(bias.Checks.Select(check => !check.Failed), Is.EqualTo(new[] { meanPasses, widthPasses }));
        Assert.That(bias.Checks[1].Remedy, Does.StartWith(bias.Width > 1 ? "The errors are too small" : "The errors are too large"));
    }

    [Test]
    public void Failed_toys_are_counted_and_errors_of_0_refused()
    {
        double[] ones = [.. Enumerable.Repeat(1.0, 30)];
        double[] some = [.. Enumerable.Range(0, 30).Select(toy => toy < 5 ? double.NaN : toy)];
        Assert.That(EstimatorBias.Of(some, ones).FailureCount, Is.EqualTo(5));
        Assert.That(
            () => EstimatorBias.Of(ones, new double[30]),
            Throws.TypeOf<DataException>().With.Message.Contains("30 of 30 toys have an error that is not above 0"));
        Assert.That(() => EstimatorBias.Of(some[..24], ones[..24]), Throws.TypeOf<DataException>().With.Message.Contains("19 of 24 toys"));
    }

    private static EstimatorBias Normal(int toys, double mean, double width, Seed seed) => EstimatorBias.Of(
        [.. Enumerable.Range(0, toys).Select(toy => mean + (width * seed.NormalPair(toy).First))], [.. Enumerable.Repeat(1.0, toys)]);
}
