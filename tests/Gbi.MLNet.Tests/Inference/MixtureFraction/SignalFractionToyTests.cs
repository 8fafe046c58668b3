using Gbi.Inference.Fits;
using Gbi.Inference.MixtureFraction;
using Gbi.Inference.Tests;
using Gbi.Numerics;

namespace Gbi.Tests.Inference.MixtureFraction;

/// <summary>The fit of a signal fraction over many toys, against the closed forms of <see cref="GaussianMixture"/>.</summary>
[TestFixture]
internal sealed class SignalFractionToyTests
{
    private const int Toys = 1500;
    private const int Events = 2000;

    [Test]
    public void The_information_without_signal_is_e_minus_1() =>
        Assert.That(GaussianMixture.Information(0), Is.EqualTo(Math.E - 1).Within(1e-10));

    [TestCase(0.0, 1), TestCase(0.1, 2)]
    public void The_estimate_is_unbiased_as_wide_as_Fisher_says_and_its_intervals_cover(double truth, int stream)
    {
        SignalFractionResult[] fits = Fit(truth, stream, weighted: false);
        var estimates = Moments.Of([.. fits.Select(fit => fit.Value)]);
        double fisher = 1 / Math.Sqrt(Events * GaussianMixture.Information(truth));

        // A maximum-likelihood estimate has a bias of order 1/N: a tenth of σ is far above it, 3 standard errors allow the toys.
        Assert.That(estimates.Mean, Is.EqualTo(truth).Within(3 * estimates.ErrorOfMean));
        Assert.That(estimates.Deviation, Is.EqualTo(fisher).Within(10).Percent);
        Assert.That(fits.Average(fit => fit.Error), Is.EqualTo(fisher).Within(10).Percent);
        AssertCovers(fits, fit => fit.Wald68, truth, 0.6827);
        AssertCovers(fits, fit => fit.Profile68, truth, 0.6827);
        AssertCovers(fits, fit => fit.Wald95, truth, 0.95);
        AssertCovers(fits, fit => fit.Profile95, truth, 0.95);
        Assert.That(fits.Max(fit => fit.Iterations), Is.LessThanOrEqualTo(10));
        Assert.That(fits.Any(fit => fit.IsAtBorder), Is.False);
    }

    [Test]
    public void Without_signal_the_significance_of_a_discovery_exceeds_1_as_often_as_a_normal()
    {
        double share = Fit(0, 3, weighted: false).Average(fit => Significance.OfDiscovery(fit.Q0) > 1 ? 1.0 : 0);
        Assert.That(share, Is.EqualTo(0.1587).Within(3 * Math.Sqrt(0.1587 * 0.8413 / Toys)));
    }

    [Test]
    public void Weighted_events_have_intervals_that_cover()
    {
        // Weights of mean 1 and variance 1 double the variance of a sum: an error that took w for a count would cover 52 %.
        SignalFractionResult[] fits = Fit(0.1, 4, weighted: true);
        var pulls = Moments.Of([.. fits.Select(fit => (fit.Value - 0.1) / fit.Error)]);
        Assert.That(pulls.Mean, Is.EqualTo(0).Within(0.05 + (3 * pulls.ErrorOfMean))); // skewness of the estimate / error correlation: 0.05
        Assert.That(pulls.Deviation, Is.EqualTo(1).Within(3 * pulls.ErrorOfDeviation));
        AssertCovers(fits, fit => fit.Wald68, 0.1, 0.6827);
        AssertCovers(fits, fit => fit.Profile68, 0.1, 0.6827);
    }

    private static void AssertCovers(
        SignalFractionResult[] fits, Func<SignalFractionResult, ConfidenceInterval> interval, double truth, double level)
    {
        double coverage = fits.Average(fit => interval(fit).Contains(truth) ? 1.0 : 0);
        Assert.That(coverage, Is.EqualTo(level).Within(3 * Math.Sqrt(level * (1 - level) / fits.Length)), $"coverage at {level}");
    }

    private static SignalFractionResult[] Fit(double truth, int stream, bool weighted)
    {
        var fits = new SignalFractionResult[Toys];
        EventBlocks.ForEachIndex(Toys, toy =>
        {
            float[] logRatio = GaussianMixture.LogRatios(Events, truth, (100_000L * stream) + toy);
            var seed = new Seed(21).Child(toy);
            double[] weights = weighted ? [.. Enumerable.Range(0, Events).Select(row => -Math.Log(seed.Uniform(row)))] : [];
            fits[toy] = SignalFractionFit.Fit(logRatio, weights);
        });
        return fits;
    }
}
