using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Diagnostics.Closure;

/// <summary>How often the right ratio fails by chance, over many pairs of samples.</summary>
[TestFixture]
internal sealed class ClosureToyTests
{
    private const int Count = 2000;

    // P(|z| > 2) of a normal variable.
    private static readonly double TwoSigma = 2 * TailProbability.OfNormal(2);

    [TestCase(false), TestCase(true)]
    public void The_right_ratio_fails_the_mean_the_slope_and_the_features_as_often_as_they_say(bool signed)
    {
        const int Toys = 500;
        List<double> means = [];
        List<double> slopes = [];
        List<double> probabilities = [];
        int anyFeature = 0;
        for (ulong toy = 0; toy < Toys; toy++)
        {
            (ScoredEvents numerator, ScoredEvents denominator) = Draw(toy, signed);
            Estimate mean = denominator.MeanRatio();
            var curve = CalibrationCurve.Of(numerator.Scores, denominator.Scores, 20);
            double[] ofFeatures =
                [.. ShiftedGaussians.Features.Select(feature => FeatureDistance.Of(feature, numerator, denominator).Probability)];
            means.Add((mean.Value - 1) / mean.Error);
            slopes.Add((curve.Slope - 1) / curve.SlopeError);
            probabilities.AddRange(ofFeatures);
            anyFeature += ofFeatures.Min() * ofFeatures.Length < 0.05 ? 1 : 0;
        }

        Assert.Multiple(() =>
        {
            AssertUnitNormal(means, "mean");
            AssertUnitNormal(slopes, "slope");
            Assert.That(means.Count(pull => Math.Abs(pull) > 2), Is.EqualTo(TwoSigma * Toys).Within(3 * Binomial(Toys, TwoSigma)), "mean");
            Assert.That(
                slopes.Count(pull => Math.Abs(pull) > 2), Is.EqualTo(TwoSigma * Toys).Within(3 * Binomial(Toys, TwoSigma)), "slope");

            // Four independent features; the probabilities are approximate, to the safe side.
            Assert.That(probabilities.Count(p => p < 0.05), Is.InRange(
                (0.02 * 4 * Toys), (0.05 * 4 * Toys) + (3 * Binomial(4 * Toys, 0.05))), "p of a feature");
            Assert.That(anyFeature, Is.LessThan((0.05 * Toys) + (3 * Binomial(Toys, 0.05))), "any feature");
        });
    }

    [Test]
    public void The_right_ratio_is_not_told_apart_and_the_error_of_the_area_is_no_smaller_than_its_spread()
    {
        // The error takes the two halves for fully correlated, which they are only in the limit of many directions: pulls are at most
        // unit normal, and at least 1/√2, as they would be for independent halves.
        const int Toys = 200;
        var options = new ClosureOptions
        {
            Classifier = new RatioOptions
            {
                FoldCount = 2,
                MemberCount = 1,
                Calibration = null,
                Trees = new TreeOptions { TreeCount = 10, LeafCount = 8 }
            },
        };
        List<double> pulls = [];
        for (ulong toy = 0; toy < Toys; toy++)
        {
            (ScoredEvents numerator, ScoredEvents denominator) = Draw(1000 + toy, signed: false);
            var test = ReweightingTest.Run(numerator, denominator, ShiftedGaussians.Features, options, new Seed(toy));
            pulls.Add((test.Area - 0.5) / test.Error);
        }

        var moments = Moments.Of(pulls);
        Assert.Multiple(() =>
        {
            Assert.That(moments.Mean, Is.EqualTo(0).Within(3 * moments.ErrorOfMean));
            Assert.That(moments.Deviation, Is.InRange(Math.Sqrt(0.5) - (3 * moments.ErrorOfDeviation), 1 + (3 * moments.ErrorOfDeviation)));
            Assert.That(pulls.Count(pull => pull > 2), Is.LessThan((TwoSigma / 2 * Toys) + (3 * Binomial(Toys, TwoSigma / 2))));
        });
    }

    private static void AssertUnitNormal(List<double> pulls, string what)
    {
        var moments = Moments.Of(pulls);
        Assert.That(moments.Mean, Is.EqualTo(0).Within(3 * moments.ErrorOfMean), what);
        Assert.That(moments.Deviation, Is.EqualTo(1).Within(3 * moments.ErrorOfDeviation), what);
    }

    private static double Binomial(int count, double probability) => Math.Sqrt(count * probability * (1 - probability));

    private static (ScoredEvents Numerator, ScoredEvents Denominator) Draw(ulong seed, bool signed) => (
        ShiftedGaussians.Scored(Weighted(ShiftedGaussians.Numerator(Count, seed), signed, new Seed(seed).Child("numerator weights"))),
        ShiftedGaussians.Scored(Weighted(ShiftedGaussians.Denominator(Count, seed), signed, new Seed(seed).Child("denominator weights"))));

    // One event in ten counts −1: the density stays, the effective number of events falls by 0.8².
    private static EventTable Weighted(EventTable events, bool signed, Seed seed) => signed
        ? events.WithWeights(Enumerable.Range(0, events.Count).Select(row => seed.Uniform(row) < 0.1 ? -1.0 : 1).ToArray())
        : events;
}
