using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Diagnostics.Closure;

/// <summary>The measures of the closure set one by one, on numbers that can be worked out by hand.</summary>
[TestFixture]
internal sealed class ClosureMeasureTests
{
    // r = 1, 2, 4 with weights 1, −1, 2: C = (1 − 2 + 8)/2 = 3.5; deviations −2.5, −1.5, 0.5, so that
    // Σ w²(r−C)² = 6.25 + 2.25 + 4·0.25 = 9.5.
    [Test]
    public void The_mean_ratio_and_its_error_are_weighted_with_sign()
    {
        Estimate mean = Scored([0, 0, 0], [1, -1, 2], [0, Math.Log(2), Math.Log(4)]).MeanRatio();
        Assert.That(mean.Value, Is.EqualTo(3.5).Within(1e-6));
        Assert.That(mean.Error, Is.EqualTo(Math.Sqrt(9.5) / 2).Within(1e-6));
    }

    // Numerator at 1, 2, 3, denominator at 1, 2 with w r = 1, 3: F₁ = 1/3, 2/3, 1 and F₀ = 1/4, 1, 1; the largest distance is 1/3 at 2.
    [Test]
    public void The_distance_of_a_feature_is_that_of_the_weighted_distributions()
    {
        var distance = FeatureDistance.Of("x", Scored([1, 2, 3], [], [0, 0, 0]), Scored([1, 2], [], [0, Math.Log(3)]));
        Assert.That(distance.Distance, Is.EqualTo(1.0 / 3).Within(1e-6));
    }

    [Test]
    public void Missing_values_are_compared_too()
    {
        // Half of the numerator is missing, nothing of the denominator.
        var distance = FeatureDistance.Of(
            "x", Scored([float.NaN, 1, float.NaN, 1], [], new double[4]), Scored([1, 1, 1], [], new double[3]));
        Assert.That(distance.Distance, Is.EqualTo(0.5).Within(1e-12));
    }

    [Test]
    public void Equal_weights_have_the_effective_number_of_a_two_sample_test_and_weights_along_the_feature_less()
    {
        EventTable numerator = ShiftedGaussians.Numerator(4000, 1);
        EventTable denominator = ShiftedGaussians.Denominator(6000, 1);
        var equal = FeatureDistance.Of(
            "a", ShiftedGaussians.Scored(numerator, features: 0), ShiftedGaussians.Scored(denominator, features: 0));
        var along = FeatureDistance.Of(
            "a", ShiftedGaussians.Scored(numerator, features: 1), ShiftedGaussians.Scored(denominator, features: 1));

        // The weights exp(0.3 a − 0.045) leave 6000 exp(−0.09) effective events.
        double left = 6000 * Math.Exp(-0.09);
        Assert.That(equal.EffectiveCount, Is.EqualTo(2400).Within(30));
        Assert.That(along.EffectiveCount, Is.InRange(0.8 * 4000 * left / (4000 + left), 0.995 * 4000 * left / (4000 + left)));
    }

    // The series with 200 terms, summed in Python; both sides of the change of series at 1.
    [
        TestCase(0.5, 0.9639452436648751), TestCase(0.99, 0.2808738392255489), TestCase(1.0, 0.26999967167735456),
        TestCase(1.3580986393225505, 0.05)
    ]
    public void Kolmogorovs_tail_is_the_sum_of_its_series(double lambda, double expected) =>
        Assert.That(TailProbability.OfKolmogorov(lambda), Is.EqualTo(expected).Within(1e-9));

    [TestCase(0.2), TestCase(0.5), TestCase(0.9)]
    public void The_shape_of_a_Pareto_tail_is_found(double shape)
    {
        // Quantiles of the distribution itself: w = ((1 − p)^(−k) − 1)/k. A fit to its 949 largest has the error (1 + k)/√949 at random.
        double[] weights = [.. Enumerable.Range(0, 100_000).Select(i => (Math.Pow((i + 0.5) / 100_000, -shape) - 1) / shape)];
        Assert.That(ParetoTail.Shape(weights), Is.EqualTo(shape).Within((1 + shape) / Math.Sqrt(949)));
    }

    [Test]
    public void A_step_at_the_threshold_is_no_heavy_tail()
    {
        // As trees give: of 20,000 weights 350 stand on a step at 4.8, and 250 spread evenly above it up to 20, none beyond. From the 425th
        // largest on, which stands on the step, most excesses are next to nothing and the others hundreds of times as large.
        double[] weights =
        [
            .. Enumerable.Range(0, 19_400).Select(i => 4.0 * i / 19_400),
            .. Enumerable.Range(0, 350).Select(i => 4.79 + (0.01 * i / 350)),
            .. Enumerable.Range(0, 250).Select(i => 5 + (0.06 * i)),
        ];
        Assert.That(ParetoTail.Shape(weights), Is.LessThan(0.5));
    }

    [Test]
    public void A_tail_that_ends_has_a_shape_below_0_and_equal_weights_none_at_all()
    {
        // Uniform weights: a generalised Pareto distribution of shape −1; the pull towards ½ is 10/959 of the way.
        double[] uniform = [.. Enumerable.Range(0, 100_000).Select(i => (i + 0.5) / 100_000)];
        Assert.That(ParetoTail.Shape(uniform), Is.EqualTo(-1).Within(0.1));
        Assert.That(ParetoTail.Shape(new double[1000]), Is.EqualTo(double.NegativeInfinity));
        Assert.That(ParetoTail.Shape([1, 2, 3]), Is.EqualTo(double.NegativeInfinity));
    }

    // w r = 1, 1, 2: (Σ)²/Σ² = 16/6 of 3 events; the largest is half of the sum.
    [Test]
    public void The_effective_number_and_the_largest_share_are_those_of_the_reweighted_events()
    {
        var quality = RatioWeightQuality.Of(Scored([0, 0, 0], [1, 1, 0.5], [0, 0, Math.Log(4)]));
        Assert.That(quality.EffectiveCount, Is.EqualTo(16.0 / 6).Within(1e-6));
        Assert.That(quality.RelativeEffectiveCount, Is.EqualTo(16.0 / 18).Within(1e-6));
        Assert.That(quality.LargestShare, Is.EqualTo(0.5).Within(1e-6));
    }

    // |ln r| = ln(999,999) = 13.8155 is the limit.
    [Test]
    public void Saturated_events_are_those_with_a_probability_within_a_millionth_of_0_or_1()
    {
        var saturation = Saturation.Of(
            Scored([0, 0, 0, 0], [], [13.8, 13.82, -13.82, -13.8]), Scored([0, 0, 0, 0], [], [0, 0, 0, -14]));
        Assert.That((saturation.NumeratorCount, saturation.DenominatorCount, saturation.Fraction), Is.EqualTo((2, 1, 0.5)));
    }

    [TestCase(0.5), TestCase(1), TestCase(1.25)]
    public void The_slope_is_one_over_the_power_of_the_ratio(double power)
    {
        CalibrationCurve curve = Curve(50_000, value => power * value);
        Assert.That(curve.Slope, Is.EqualTo(1 / power).Within(3 * curve.SlopeError));
        Assert.That(curve.Intercept, Is.EqualTo(0).Within(0.02));
        Assert.That(curve.Points, Has.Count.EqualTo(20));
        Assert.That(curve.Points.Sum(point => point.EffectiveNumerator), Is.EqualTo(50_000).Within(1e-6));
        Assert.That(curve.ChiSquared, Is.LessThan(18 + (3 * Math.Sqrt(36))), "χ² of 18 degrees of freedom");
    }

    [Test]
    public void A_ratio_that_knows_two_values_has_no_slope_and_does_not_pass()
    {
        CalibrationCurve curve = Curve(2000, value => Math.Sign(value));
        Assert.That(curve.Points, Has.Count.EqualTo(2));
        Assert.That(curve.Slope, Is.NaN);
    }

    // Placements: of the first 1 and ½, of the second ½, ¾ and 1, around A = ¾: Var = 2·(¼)²/4 + 2·(¼)²/9.
    [Test]
    public void The_error_of_an_area_is_that_of_the_placements() => Assert.That(
        RocCurve.AreaWithError(new([3, 1]), new([2, 1, 0])).Error, Is.EqualTo(Math.Sqrt((0.125 / 4) + (0.125 / 9))).Within(1e-15));

    [Test]
    public void The_error_of_an_area_is_the_spread_of_areas_also_with_weights_that_depend_on_the_score()
    {
        const int Toys = 400;
        List<double> pulls = [];
        for (ulong toy = 0; toy < Toys; toy++)
        {
            // N(0, 1) weighted by exp(x/2 − 1/8) is N(½, 1): the area is ½.
            Random random = new Seed(toy).CreateRandom();
            float[] first = [.. Enumerable.Range(0, 500).Select(_ => (float)random.NextNormal(0.5, 1))];
            float[] second = [.. Enumerable.Range(0, 500).Select(_ => (float)random.NextNormal(0, 1))];
            Estimate area = RocCurve.AreaWithError(new(first), new(second, [.. second.Select(x => Math.Exp((x / 2) - 0.125))]));
            pulls.Add((area.Value - 0.5) / area.Error);
        }

        var moments = Moments.Of(pulls);
        Assert.That(moments.Deviation, Is.EqualTo(1).Within(3 * moments.ErrorOfDeviation));
    }

    private static CalibrationCurve Curve(int count, Func<double, double> change) => CalibrationCurve.Of(
        ShiftedGaussians.Scored(ShiftedGaussians.Numerator(count, 1), change: change).Scores,
        ShiftedGaussians.Scored(ShiftedGaussians.Denominator(count, 1), change: change).Scores,
        20);

    private static ScoredEvents Scored(float[] x, double[] weights, double[] logRatio)
    {
        EventTable events = EventTable.FromColumns(("x", x));
        return new ScoredEvents(
            weights.Length == 0 ? events : events.WithWeights(weights), Array.ConvertAll(logRatio, value => (float)value));
    }
}
