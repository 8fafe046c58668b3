using Gbi.Ratios;

namespace Gbi.Tests.Ratios;

[TestFixture]
internal sealed class LikelihoodRatioTests
{
    [TestCase(1.0, 1.0), TestCase(1.0, 9.0), TestCase(250.0, 1.0)]
    public void Log_ratio_is_free_of_the_class_balance(double n1, double n0)
    {
        // Two unit Gaussians at +1 and −1: log p₁/p₀ = 2x exactly, whatever the sample sizes.
        for (double x = -3; x <= 3; x += 0.5)
        {
            double p1 = n1 * Math.Exp(-(x - 1) * (x - 1) / 2);
            double p0 = n0 * Math.Exp(-(x + 1) * (x + 1) / 2);
            Assert.That(LikelihoodRatio.LogRatio(p1 / (p1 + p0), Math.Log(n1 / n0)), Is.EqualTo(2 * x).Within(1e-11));
        }
    }

    [Test]
    public void A_certain_classifier_gives_an_infinite_log_ratio_that_is_clipped()
    {
        Assert.That(LikelihoodRatio.LogRatio(1, 0), Is.EqualTo(double.PositiveInfinity));
        Assert.That(LikelihoodRatio.LogRatio(0, 0), Is.EqualTo(double.NegativeInfinity));
        Assert.That(LikelihoodRatio.Clip(double.PositiveInfinity, 20), Is.EqualTo(20f));
        Assert.That(LikelihoodRatio.Clip(-21, 20), Is.EqualTo(-20f));
        Assert.That(LikelihoodRatio.Clip(-3, 20), Is.EqualTo(-3f));
    }
}
