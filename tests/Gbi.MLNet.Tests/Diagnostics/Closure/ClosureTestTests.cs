using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using Gbi.Reports.Json.Models;
using Gbi.Trees;

namespace Gbi.Tests.Diagnostics.Closure;

/// <summary>The set as a whole: what passes, what fails, and that it depends on nothing but events, options and seed.</summary>
[TestFixture]
internal sealed class ClosureTestTests
{
    private const int Count = 20_000;

    private static readonly EventTable Numerator = ShiftedGaussians.Numerator(Count, 6);
    private static readonly EventTable Denominator = ShiftedGaussians.Denominator(Count, 6);

    [Test]
    public void The_exact_ratio_passes_every_check()
    {
        ClosureReport report = Run(ShiftedGaussians.Scored(Numerator), ShiftedGaussians.Scored(Denominator));
        Assert.That(Failed(report), Is.Empty);
        Assert.That(report.Passed);
    }

    [Test]
    public void A_ratio_trained_on_other_events_passes_every_check()
    {
        // Ten times as many events as the test has: the error of the model's own normalisation is in no check.
        RatioModel model = RatioTrainer.CrossFit(
            ShiftedGaussians.Numerator(200_000, 2), ShiftedGaussians.Denominator(200_000, 2),
            ShiftedGaussians.Features, new RatioOptions { FoldCount = 3, MemberCount = 1 }, new Seed(2)).Model;
        ClosureReport report = ClosureTest.Run(model, Numerator, Denominator, new ClosureOptions(), new Seed(1));
        Assert.That(Failed(report), Is.Empty);
    }

    // 1/r: its mean over the denominator is exp(4 · 0.09) = 1.43 and the slope −1.
    // r²: the same mean, exp(σ²) with σ² = 4 · 0.09, and the slope ½.
    [TestCase(-1, -1.0), TestCase(2, 0.5)]
    public void A_power_of_the_ratio_fails_by_its_mean_its_slope_the_classifier_and_the_features(int power, double slope)
    {
        ClosureReport report = Run(
            ShiftedGaussians.Scored(Numerator, change: value => power * value),
            ShiftedGaussians.Scored(Denominator, change: value => power * value));
        Assert.Multiple(() =>
        {
            Assert.That(Failed(report), Is.EqualTo((int[])[0, 1, 2, 3]));
            Assert.That(report.Mean.Value, Is.EqualTo(Math.Exp(4 * 0.09)).Within(4 * report.Mean.Error));
            Assert.That(report.Curve.Slope, Is.EqualTo(slope).Within(3 * report.Curve.SlopeError));
        });
    }

    [Test]
    public void A_ratio_that_lacks_a_feature_is_calibrated_but_fails_by_the_classifier_and_that_feature()
    {
        // The ratio of the other three features is their exact one: normalised and calibrated. In the fourth feature the reweighted
        // denominator stays N(0, 1) against N(0.3, 1): D = 2 Φ(0.15) − 1, A = Φ(0.3/√2).
        ClosureReport report = Run(ShiftedGaussians.Scored(Numerator, features: 3), ShiftedGaussians.Scored(Denominator, features: 3));
        FeatureDistance missing = report.Features[3];
        Assert.Multiple(() =>
        {
            Assert.That(Failed(report), Is.EqualTo((int[])[1, 3]));
            Assert.That(report.Checks[3].Remedy, Does.Contain("differs most in d:"));
            Assert.That(missing.Distance, Is.EqualTo(1 - (2 * TailProbability.OfNormal(0.15))).Within(0.015));
            Assert.That(
                report.Reweighting.Area,
                Is.InRange(0.56, 1 - TailProbability.OfNormal(0.3 / Math.Sqrt(2)) + (3 * report.Reweighting.Error)));
        });
    }

    [Test]
    public void A_ratio_off_by_a_factor_fails_by_its_mean_alone()
    {
        ClosureReport report = Run(
            ShiftedGaussians.Scored(Numerator, change: value => value + 0.05),
            ShiftedGaussians.Scored(Denominator, change: value => value + 0.05));
        Assert.That(Failed(report), Is.EqualTo((int[])[0]));
    }

    [Test]
    public void Saturated_ratios_and_a_heavy_tail_of_weights_fail()
    {
        // The exact ln r is N(−0.18, 0.36) over the denominator: 50 times that is beyond 13.8 for most events, and k is far above 1.
        ClosureReport report = Run(
            ShiftedGaussians.Scored(Numerator, change: value => 50 * value),
            ShiftedGaussians.Scored(Denominator, change: value => 50 * value));
        Assert.That(Failed(report), Does.Contain(4).And.Contain(5));
    }

    [Test]
    public void A_sample_that_is_too_small_to_confirm_one_per_cent_says_so()
    {
        // σ of the mean: √(exp(0.36) − 1) / √n = 0.66/√n, so that 2σ ≤ 1 % takes 17,000 events.
        ClosureCheck small = Run(Scored(ShiftedGaussians.Numerator(2000, 3)), Scored(ShiftedGaussians.Denominator(2000, 3))).Checks[0];
        ClosureCheck large = Run(Scored(Numerator), Scored(Denominator)).Checks[0];
        Assert.Multiple(() =>
        {
            Assert.That(small.Caveat, Does.StartWith("Inconclusive: 2σ = ").And.Contain("times as many events"));
            Assert.That(small.HighestAllowed, Is.EqualTo(1 + (2 * small.Error!.Value)).Within(1e-12));
            Assert.That(large.Caveat, Is.Null);
        });
    }

    [Test]
    public void A_limit_holds_the_tolerance_and_the_error()
    {
        // Critical distance at 5 % over four features: √(½ ln(2 · 4/0.05)) = 1.593 in units of 1/√n.
        ClosureReport report = Run(Scored(Numerator), Scored(Denominator));
        FeatureDistance worst = report.Features.MaxBy(feature => feature.Distance)!;
        Assert.Multiple(() =>
        {
            Assert.That(report.Checks[1].HighestAllowed, Is.EqualTo(0.52 + (2 * report.Reweighting.Error)).Within(1e-12));
            Assert.That(report.Checks[2].LowestAllowed, Is.EqualTo(1 - 0.05 - (2 * report.Curve.SlopeError)).Within(1e-12));
            Assert.That(report.Checks[3].HighestAllowed, Is.EqualTo(0.01 + (1.593 / Math.Sqrt(worst.EffectiveCount))).Within(1e-4));
            Assert.That(report.Checks[4].HighestAllowed, Is.EqualTo(0.01));
            Assert.That(report.Checks[5].HighestAllowed, Is.EqualTo(0.7));
        });
    }

    [Test]
    public void A_subsample_for_the_classifier_is_reported()
    {
        ClosureReport report = ClosureTest.Run(
            Scored(Numerator), Scored(Denominator), ShiftedGaussians.Features, Quick with { MaxClassifierEvents = 4000 }, new Seed(1));
        Assert.Multiple(() =>
        {
            // Binomial: √(20000 · 0.2 · 0.8) = 57.
            Assert.That(report.Reweighting.NumeratorEvents, Is.EqualTo(4000).Within(4 * 57));
            Assert.That(report.NumeratorEvents, Is.EqualTo(Count));
            Assert.That(report.Checks[1].Caveat, Does.Contain($"{report.Reweighting.NumeratorEvents:N0} of 20,000"));
        });
    }

    [Test]
    public void One_and_two_threads_give_the_same_bytes()
    {
        (string one, string two) = ThreadLimit.Compare(() => RatioClosureDocument.Of(ClosureTest.Run(
            Scored(Numerator), Scored(Denominator), ShiftedGaussians.Features, Quick, new Seed(1))).ToJson());
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void Progress_runs_from_0_to_1()
    {
        List<double> reported = [];
        ClosureTest.Run(
            Scored(Numerator), Scored(Denominator), ShiftedGaussians.Features, Quick, new Seed(1), new Collected(reported));
        Assert.That(reported[0], Is.Zero);
        Assert.That(reported.Max(), Is.EqualTo(1));
    }

    [Test]
    public void Samples_that_nothing_can_be_tested_with_are_refused()
    {
        ScoredEvents denominator = Scored(Denominator);
        Assert.That(
            () => Run(Scored(Numerator.Slice(0, 199)), denominator),
            Throws.TypeOf<DataException>().With.Message.Contains("The numerator has 199 events, expected 200 or more"));
        Assert.That(
            () => Run(Scored(Numerator.WithWeights(new double[Count])), denominator),
            Throws.TypeOf<DataException>().With.Message.Contains("The weights of the numerator sum to 0"));
        Assert.That(
            () => ClosureTest.Run(denominator, denominator, ["tau21"], Quick, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("There is no column 'tau21'"));
        Assert.That(
            () => new ScoredEvents(Denominator, new float[3]),
            Throws.TypeOf<ArgumentException>().With.Message.Contains("There are 3 log ratios for 20000 events"));
        Assert.That(
            () => ShiftedGaussians.Scored(Denominator, change: _ => double.NaN),
            Throws.TypeOf<DataException>().With.Message.Contains("20000 log ratios are not finite").And.Message.Contains("first at row 0"));
    }

    private static ClosureOptions Quick { get; } = new()
    {
        Classifier = new RatioOptions
        {
            FoldCount = 2,
            MemberCount = 1,
            Calibration = null,
            Trees = new TreeOptions { TreeCount = 10, LeafCount = 8 }
        },
    };

    private static ScoredEvents Scored(EventTable events) => ShiftedGaussians.Scored(events);

    private static ClosureReport Run(ScoredEvents numerator, ScoredEvents denominator) =>
        ClosureTest.Run(numerator, denominator, ShiftedGaussians.Features, new ClosureOptions(), new Seed(1));

    private static int[] Failed(ClosureReport report) =>
        [.. Enumerable.Range(0, report.Checks.Count).Where(check => !report.Checks[check].Passed)];

    private sealed class Collected(List<double> values) : IProgress<double>
    {
        public void Report(double value)
        {
            lock (values)
            {
                values.Add(value);
            }
        }
    }
}
