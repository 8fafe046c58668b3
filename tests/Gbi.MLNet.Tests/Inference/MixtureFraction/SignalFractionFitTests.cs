using Gbi.Inference.Fits;
using Gbi.Inference.MixtureFraction;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Inference.MixtureFraction;

[TestFixture]
internal sealed class SignalFractionFitTests
{
    // With n₁ events of r = 1+a and n₂ of r = 1+b the score n₁ a/(1+μa) + n₂ b/(1+μb) vanishes at −(n₁a + n₂b)/((n₁+n₂) ab).
    [TestCase(1, 1, 1.0, -0.5), TestCase(3, 40, 2.5, -0.4), TestCase(1, 900, 100.0, -0.3), TestCase(1, 30_000, 1e4, -0.5)]
    public void Two_values_of_the_ratio_give_the_root_of_their_score(int many, int others, double above, double below)
    {
        float[] logRatio =
            [.. Enumerable.Repeat((float)Math.Log(1 + above), many), .. Enumerable.Repeat((float)Math.Log(1 + below), others)];
        double a = Math.Exp(logRatio[0]) - 1;
        double b = Math.Exp(logRatio[^1]) - 1;
        SignalFractionResult fit = SignalFractionFit.Fit(logRatio);
        Assert.That(fit.Value, Is.EqualTo(-((many * a) + (others * b)) / ((many + others) * a * b)).Within(1e-9).Percent);
        Assert.That(fit.Value, Is.GreaterThan(-1 / a).And.LessThan(-1 / b), "1 + μ(r−1) stays positive");
        Assert.That(fit.IsAtBorder, Is.False);
    }

    [Test]
    public void The_profile_rises_by_half_the_quantile_of_chi_squared_at_both_ends()
    {
        float[] logRatio = GaussianMixture.LogRatios(500, 0.1, seed: 11);
        SignalFractionResult fit = SignalFractionFit.Fit(logRatio);
        double NegativeLogLikelihood(double fraction) => -logRatio.Sum(value => Math.Log(1 + (fraction * (Math.Exp(value) - 1))));
        double minimum = NegativeLogLikelihood(fit.Value);
        foreach ((ConfidenceInterval interval, double rise) in new[] { (fit.Profile68, 0.5), (fit.Profile95, 3.841459 / 2) })
        {
            Assert.That(NegativeLogLikelihood(interval.Lower) - minimum, Is.EqualTo(rise).Within(1e-6));
            Assert.That(NegativeLogLikelihood(interval.Upper) - minimum, Is.EqualTo(rise).Within(1e-6));
        }

        Assert.That(fit.Q0, Is.EqualTo(2 * (NegativeLogLikelihood(0) - minimum)).Within(1e-8));
    }

    [Test]
    public void Equal_weights_change_neither_the_estimate_nor_its_error()
    {
        float[] logRatio = GaussianMixture.LogRatios(1000, 0.2, seed: 12);
        SignalFractionResult plain = SignalFractionFit.Fit(logRatio);
        SignalFractionResult weighted = SignalFractionFit.Fit(logRatio, Enumerable.Repeat(3.0, 1000).ToArray());
        Assert.That(weighted.Value, Is.EqualTo(plain.Value).Within(1e-12));
        Assert.That(weighted.Error, Is.EqualTo(plain.Error).Within(1e-12));
        Assert.That(weighted.Profile95.Upper, Is.EqualTo(plain.Profile95.Upper).Within(1e-9));
        Assert.That(weighted.Q0, Is.EqualTo(plain.Q0).Within(1e-6).Percent);
    }

    [Test]
    public void An_event_of_weight_0_does_not_count_and_a_doubled_sample_has_an_error_smaller_by_root_2()
    {
        float[] logRatio = GaussianMixture.LogRatios(1000, 0.2, seed: 13);
        double[] half = [.. Enumerable.Range(0, 1000).Select(row => row < 500 ? 1.0 : 0)];
        SignalFractionResult first = SignalFractionFit.Fit(logRatio.AsSpan(0, 500));
        Assert.That(SignalFractionFit.Fit(logRatio, half).Value, Is.EqualTo(first.Value).Within(1e-10));
        SignalFractionResult twice = SignalFractionFit.Fit([.. logRatio.AsSpan(0, 500), .. logRatio.AsSpan(0, 500)]);
        Assert.That(twice.Value, Is.EqualTo(first.Value).Within(1e-10));
        Assert.That(twice.Error * Math.Sqrt(2), Is.EqualTo(first.Error).Within(1e-10));
    }

    [TestCase(-1f), TestCase(1f)]
    public void Events_that_are_all_alike_put_the_estimate_at_the_border(float logRatio)
    {
        // −n ln(1 + μ(r−1)) has no minimum: it falls for ever towards the side of r−1.
        SignalFractionResult fit = SignalFractionFit.Fit([logRatio, logRatio, logRatio]);
        Assert.That(fit.IsAtBorder);
        Assert.That(Math.Sign(fit.Value), Is.EqualTo(Math.Sign(logRatio)));
    }

    [Test]
    public void What_cannot_be_fitted_is_told()
    {
        Assert.That(() => SignalFractionFit.Fit([]), Throws.TypeOf<FitException>().With.Message.Contains("There are no events"));
        Assert.That(
            () => SignalFractionFit.Fit([0, 0]), Throws.TypeOf<FitException>().With.Message.Contains("Every event has the ratio 1"));
        Assert.That(
            () => SignalFractionFit.Fit([0, float.PositiveInfinity]),
            Throws.TypeOf<FitException>().With.Message.Contains("log ratio of event 1"));
        Assert.That(
            () => SignalFractionFit.Fit([0, 1], new double[3]), Throws.ArgumentException.With.Message.Contains("3 weights for 2 events"));
        Assert.That(
            () => SignalFractionFit.Fit([-1, 1], new double[2]), Throws.TypeOf<FitException>().With.Message.Contains("weights sum to 0"));
    }

    [TestCase(1003), TestCase(300_000)]
    public void The_estimate_alone_is_that_of_the_whole_fit(int count)
    {
        float[] ratios = Array.ConvertAll(GaussianMixture.LogRatios(count, 0.2, seed: 41), MathF.Exp);
        double[] weights = [.. Enumerable.Range(0, count).Select(i => 0.5 + (i % 3))];
        SignalFractionEstimate estimate = SignalFractionFit.EstimateFromRatios(ratios, weights);

        // The definition: Σ w s = 0 with s = (r−1)/(1 + μ(r−1)), and √(Σ w² s²)/Σ w s².
        double[] slopes = [.. ratios.Select(r => (r - 1.0) / (1 + (estimate.Value * (r - 1.0))))];
        double information = slopes.Zip(weights, (s, w) => w * s * s).Sum();
        Assert.That(slopes.Zip(weights, (s, w) => w * s).Sum() / Math.Sqrt(information), Is.EqualTo(0).Within(1e-9));
        Assert.That(estimate.Error, Is.EqualTo(Math.Sqrt(slopes.Zip(weights, (s, w) => w * w * s * s).Sum()) / information).Within(1e-12));
        Assert.That(estimate.IsAtBorder, Is.False);
    }

    [TestCase(65_536 + 7, 0.2), TestCase(200_000, 0.0), TestCase(300_001, 0.9)]
    public void Powers_of_the_score_give_its_root(int count, double fraction)
    {
        float[] ratios = Array.ConvertAll(GaussianMixture.LogRatios(count, fraction, seed: 43), MathF.Exp);
        SignalFractionEstimate estimate = SignalFractionFit.EstimateFromRatios(ratios);

        // Without weights, as with weights of 1: Σ s = 0 and 1/√Σ s², to 1e-10 of the error.
        double[] scores = [.. ratios.Select(r => (r - 1.0) / (1 + (estimate.Value * (r - 1.0))))];
        double information = scores.Sum(s => s * s);
        Assert.That(scores.Sum() / Math.Sqrt(information), Is.EqualTo(0).Within(1e-9));
        Assert.That(estimate.Error, Is.EqualTo(1 / Math.Sqrt(information)).Within(1e-12));
        Assert.That(estimate.Value, Is.EqualTo(fraction).Within(5 * estimate.Error));
        double[] ones = [.. ratios.Select(_ => 1.0)];
        Assert.That(estimate.Value, Is.EqualTo(SignalFractionFit.EstimateFromRatios(ratios, ones).Value).Within(1e-9 * estimate.Error));
    }

    [Test]
    public void One_ratio_far_above_all_others_does_not_spoil_the_estimate()
    {
        // 100,000 events of r = 1/2 and one of 10⁶: n₁ a/(1+μa) + n₂ b/(1+μb) = 0 at −(n₁a + n₂b)/((n₁+n₂) ab).
        float[] ratios = [.. Enumerable.Repeat(0.5f, 100_000), 1e6f];
        const double a = 1e6 - 1, b = -0.5;
        double expected = -(a + (100_000 * b)) / (100_001 * a * b);
        Assert.That(SignalFractionFit.EstimateFromRatios(ratios).Value, Is.EqualTo(expected).Within(1e-9).Percent);
    }

    [TestCase(0.5f), TestCase(2f)]
    public void Many_events_that_are_all_alike_put_the_estimate_at_the_border(float ratio) => Assert.That(
        SignalFractionFit.EstimateFromRatios(Enumerable.Repeat(ratio, 70_000).ToArray()).IsAtBorder);

    [Test]
    public void The_estimate_alone_is_the_same_on_one_and_on_two_threads()
    {
        float[] ratios = Array.ConvertAll(GaussianMixture.LogRatios(200_003, 0.2, seed: 42), MathF.Exp);
        (SignalFractionEstimate one, SignalFractionEstimate two) = ThreadLimit.Compare(() => SignalFractionFit.EstimateFromRatios(ratios));
        Assert.That(two, Is.EqualTo(one));
    }

    [TestCase(float.NaN), TestCase(-1f), TestCase(float.PositiveInfinity)]
    public void A_ratio_that_is_none_is_named(float ratio) =>
        Assert.That(
            () => SignalFractionFit.EstimateFromRatios(new[] { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, ratio, 2 }),
            Throws.TypeOf<FitException>().With.Message.StartsWith("The ratio of event 11 is "));

    [TestCase(float.NaN), TestCase(-1f), TestCase(float.PositiveInfinity)]
    public void Among_many_too(float ratio)
    {
        float[] ratios = Array.ConvertAll(GaussianMixture.LogRatios(70_000, 0.2, seed: 44), MathF.Exp);
        ratios[60_001] = ratio;
        Assert.That(
            () => SignalFractionFit.EstimateFromRatios(ratios),
            Throws.TypeOf<FitException>().With.Message.StartsWith("The ratio of event 60001 is "));
    }
}
