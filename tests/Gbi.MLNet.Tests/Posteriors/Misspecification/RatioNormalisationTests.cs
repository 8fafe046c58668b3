using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Misspecification;

namespace Gbi.Tests.Posteriors.Misspecification;

[TestFixture]
internal sealed class RatioNormalisationTests
{
    [TestCase(1, false), TestCase(1.5, true), TestCase(0.6, true)]
    public void The_mean_over_the_prior_is_1_for_the_right_ratio_alone(double factor, bool isAlarm)
    {
        // θ ~ N(0, 1), x|θ ~ N(θ, 1) at x = 1: r = N(x; θ, 1)/N(x; 0, 2).
        const double X = 1;
        var seed = new Seed(1);
        double[] logRatios = [.. Enumerable.Range(0, 5000).Select(draw =>
        {
            double distance = X - seed.NormalPair(draw).First;
            return (-distance * distance / 2) + (X * X / 4) + (0.5 * Math.Log(2)) + Math.Log(factor);
        })];
        var normalisation = RatioNormalisation.Of(logRatios);
        Assert.Multiple(() =>
        {
            Assert.That(normalisation.Mean.Value, Is.EqualTo(factor).Within(3 * normalisation.Mean.Error));
            Assert.That(normalisation.IsAlarm, Is.EqualTo(isAlarm));
            Assert.That(normalisation.IsInconclusive, Is.False);
            Assert.That(RatioNormalisation.Of(logRatios[..10]).IsInconclusive, Is.True);
        });
    }

    [Test]
    public void Ratios_of_0_alarm_and_ratios_that_are_none_are_refused()
    {
        Assert.That(RatioNormalisation.Of([.. Enumerable.Repeat(double.NegativeInfinity, 10)]).IsAlarm, Is.True);
        Assert.That(
            () => RatioNormalisation.Of([0, double.NaN]), Throws.TypeOf<DataException>().With.Message.Contains("1 of 2 log ratios"));
    }
}
