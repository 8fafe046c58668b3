using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Truncation;
using Gbi.Simulators.Priors;
using Gbi.Tests.Posteriors.Correction;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Truncation;

/// <summary>Draws of a uniform prior where a normal density N(1, 0.5²) exceeds that at two standard deviations: between 0 and 2.</summary>
[TestFixture]
internal sealed class TruncatedPriorDrawsTests
{
    private static readonly HighDensityRegion Region = new HighDensityRegion(EventTable.FromColumns(("x", [0])), [])
        .Within(new NormalModel(1, 2, 1), Normal.PDFLn(0, 2, 4))
        .Within(new NormalModel(1, 0.5, 1), Normal.PDFLn(0, 0.5, 1));

    [TestCase(10.0, false), TestCase(1e5, true)]
    public void They_are_uniform_in_the_region_kept_of_the_prior_or_resampled(double bound, bool isResampled)
    {
        const int Count = 2000;
        TruncatedPriorDraws draws = TruncatedPriorDraws.Of(
            Prior.Uniform("t0", -bound, bound), Region, Count, new Seed(1), CancellationToken.None);
        float[] sorted = [.. draws.Points["t0"].ToArray().Order()];
        double distance = sorted.Select((value, k) => Math.Abs(((k + 0.5) / Count) - (value / 2))).Max();
        Assert.Multiple(() =>
        {
            Assert.That(draws.IsResampled, Is.EqualTo(isResampled));
            Assert.That((sorted.Length, sorted.Min() > 0, sorted.Max() < 2), Is.EqualTo((Count, true, true)));

            // Kolmogorov and Smirnov: 1.95/√n is exceeded once in a thousand.
            Assert.That(distance, Is.LessThan(1.95 / Math.Sqrt(Count)));
            Assert.That(draws.LogProbability, Is.EqualTo(Math.Log(1 / bound)).Within(4 / Math.Sqrt(Count)));
        });
    }

    [Test]
    public void A_region_that_the_prior_hardly_has_is_refused()
    {
        // The prior falls by a factor e every 0.0001 from 2 downwards, where 1 draw of the posterior in 100,000 lies.
        Prior far = Prior.Normal("t0", 10_000, 1);
        Assert.That(
            () => TruncatedPriorDraws.Of(far, Region, 20, new Seed(2), CancellationToken.None),
            Throws.TypeOf<DataException>().With.Message.Contains("make fewer rounds"));
    }
}
