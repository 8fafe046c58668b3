using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Numerics;
using Gbi.Tests.Inference.MixtureFraction;

namespace Gbi.Tests.Inference;

/// <summary>Intervals hold the true value as often as they say, within three binomial standard deviations.</summary>
[TestFixture]
internal sealed class CoverageTests
{
    private const int Toys = 1000;
    private const double One = 0.68268949213708585;

    [TestCase(0.0, false), TestCase(0.02, false), TestCase(0.1, false), TestCase(0.0, true), TestCase(0.02, true), TestCase(0.1, true)]
    public void Profile_intervals_of_an_unbinned_mixture_cover(double mu, bool hasNuisances)
    {
        LikelihoodModel model = MixtureToys.Model(hasNuisances);
        double[] truth = hasNuisances ? [mu, 0, 0] : [mu];
        var seed = new Seed(31).Child(BitConverter.DoubleToInt64Bits(mu));
        bool[] covered68 = new bool[Toys];
        bool[] covered95 = new bool[Toys];
        double[] pulls = new double[Toys];
        EventBlocks.ForEachIndex(Toys, toy =>
        {
            var fits = ProfileLikelihood.Of(new Likelihood(model, MixtureToys.Draw(model, truth, seed, toy)));
            covered68[toy] = ProfileInterval.Of(fits, confidenceLevel: One).Contains(mu);
            covered95[toy] = ProfileInterval.Of(fits, confidenceLevel: 0.95).Contains(mu);
            pulls[toy] = (fits.MuHat - mu) / fits.Fit().Errors[0];
        });

        Assert.Multiple(() =>
        {
            AssertCovers(covered68, One);
            AssertCovers(covered95, 0.95);
            var pull = Moments.Of(pulls);

            // The error of the Hessian is correlated with the estimate: a mean pull of a tenth is no bias.
            Assert.That(pull.Mean, Is.EqualTo(0).Within(0.1 + (3 * pull.ErrorOfMean)));
            Assert.That(pull.Deviation, Is.EqualTo(1).Within(0.03 + (3 * pull.ErrorOfDeviation)));
        });
    }

    [TestCase(0.0), TestCase(0.02)]
    public void Feldman_Cousins_covers_at_the_boundary_where_nothing_is_profiled(double mu)
    {
        // Critical values from toys of their own; their error adds to that of the coverage.
        LikelihoodModel model = MixtureToys.Model(hasNuisances: false, lower: 0);
        ToyFits Fits(string kind) => ToyFits.Of(
            model, 0, Toys, number => MixtureToys.Draw(model, [mu], new Seed(32).Child(kind), number), mu, TestStatistic.TMu);
        ToyFits reference = Fits("reference");
        ToyFits observed = Fits("observed");
        Assert.That(reference.FailureCount + observed.FailureCount, Is.Zero);
        foreach (double level in (double[])[One, 0.95])
        {
            double critical = reference.Quantile(level).Value;
            double coverage = observed.Values.Average(t => t <= critical ? 1.0 : 0);
            Assert.That(coverage, Is.EqualTo(level).Within(3 * Math.Sqrt(2 * level * (1 - level) / Toys)), $"at {level}");
        }

        // At the boundary half of the toys have t = 0, and χ² with one degree of freedom would reject too few.
        if (mu == 0)
        {
            Assert.That(reference.Values.Average(t => t == 0 ? 1.0 : 0), Is.EqualTo(0.5).Within(3 * Math.Sqrt(0.25 / Toys)));
            Assert.That(reference.Quantile(One).Value, Is.LessThan(0.5));
        }
    }

    private static void AssertCovers(bool[] covered, double level) => Assert.That(
        covered.Average(inside => inside ? 1.0 : 0), Is.EqualTo(level).Within(3 * Math.Sqrt(level * (1 - level) / covered.Length)),
        $"coverage at {level}");
}
