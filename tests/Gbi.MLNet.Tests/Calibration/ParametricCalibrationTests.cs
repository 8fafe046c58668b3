using FsCheck;
using FsCheck.Fluent;
using Gbi.Calibration;

namespace Gbi.Tests.Calibration;

/// <summary>Platt and beta maps: the distortions that they can undo exactly, and the limits that they keep.</summary>
[TestFixture]
internal sealed class ParametricCalibrationTests
{
    [TestCase(1.0, 0.0), TestCase(0.5, 1.0), TestCase(3.0, -2.0), TestCase(100.0, 5000.0)]
    public void Platt_undoes_a_scaled_and_shifted_log_ratio(double scale, double shift)
    {
        // s = scale·t + shift is undone by t = s/scale − shift/scale. A score is a Single: at 5000 it is good to 2e-4.
        var map = (PlattCalibration)ScoredGaussians.Exact(t => (scale * t) + shift).Fit(CalibrationMethod.Platt)!;
        double rounding = 1e-6 + (1e-7 * shift / scale);
        Assert.That(map.Slope * scale, Is.EqualTo(1).Within(rounding));
        Assert.That(map.Intercept + (map.Slope * shift), Is.EqualTo(0).Within(2 * rounding));
    }

    [Test]
    public void Platt_finds_the_slope_of_a_finite_sample_within_its_error()
    {
        // An event pair of logistic regression informs about the slope at f = t by I = ∫ (p₁+p₀) σ(t)σ(−t) t² dt, so that n + n events
        // leave an error of 1/√(n I); by symmetry slope and intercept are uncorrelated.
        const int Count = 50_000;
        double information = 0;
        for (double t = -9; t <= 9; t += 0.01)
        {
            double densities = (Math.Exp(-(t - 0.5) * (t - 0.5) / 2) + Math.Exp(-(t + 0.5) * (t + 0.5) / 2)) / Math.Sqrt(Math.Tau);
            information += 0.01 * densities * t * t / ((1 + Math.Exp(-t)) * (1 + Math.Exp(t)));
        }

        double error = 1 / Math.Sqrt(information * Count);
        var map = (PlattCalibration)ScoredGaussians.Random(t => t, Count, seed: 3).Fit(CalibrationMethod.Platt)!;
        Assert.That(map.Slope, Is.EqualTo(1).Within(3 * error));
        Assert.That(error, Is.LessThan(0.01));
    }

    [TestCase(1.0, 1.0, 0.0), TestCase(0.5, 2.0, 0.3), TestCase(2.0, 0.7, -1.0)]
    public void Beta_undoes_two_slopes(double low, double high, double intercept)
    {
        // t = low·ln p − high·ln(1−p) + c rises in s, so that the score of a t is found by halving.
        var map = (BetaCalibration)ScoredGaussians.Exact(t => Invert(s => Beta(s, low, high, intercept), t)).Fit(CalibrationMethod.Beta)!;
        Assert.That(map.LowSlope, Is.EqualTo(low).Within(1e-5));
        Assert.That(map.HighSlope, Is.EqualTo(high).Within(1e-5));
        Assert.That(map.Intercept, Is.EqualTo(intercept).Within(1e-5));
        Assert.That(map.LogRatio(0.7), Is.EqualTo(Beta(0.7, low, high, intercept)).Within(1e-5));
    }

    [Test]
    public void Beta_keeps_its_digits_where_the_probability_rounds_to_0_and_1()
    {
        // ln p = s and ln(1−p) = −e^s to 1e-17 at s = −40, and the other way round at 40.
        var map = new BetaCalibration(0.5, 2, 0.25);
        Assert.That(map.LogRatio(-40), Is.EqualTo(0.25 - (0.5 * 40)).Within(1e-14));
        Assert.That(map.LogRatio(40), Is.EqualTo(0.25 + (2 * 40)).Within(1e-13));
        Assert.That(new BetaCalibration(1, 0, 0).LogRatio(40), Is.EqualTo(-Math.Exp(-40)).Within(1e-10).Percent);
        Assert.That(new BetaCalibration(1, 0, 0).LogRatio(double.PositiveInfinity), Is.Zero);
    }

    [Test]
    public void Beyond_the_events_the_formula_goes_on()
    {
        var platt = new PlattCalibration(0.8, 0.1);
        var beta = new BetaCalibration(0.5, 2, 0.25);
        Assert.That(platt.LogRatio(1e6), Is.EqualTo(8e5 + 0.1).Within(1e-6));
        Assert.That(beta.LogRatio(1001) - beta.LogRatio(1000), Is.EqualTo(2).Within(1e-9));
        Assert.That(beta.LogRatio(-1000) - beta.LogRatio(-1001), Is.EqualTo(0.5).Within(1e-9));
    }

    [TestCase(CalibrationMethod.Platt), TestCase(CalibrationMethod.Beta)]
    public void A_score_that_falls_with_the_ratio_gives_the_constant_0(CalibrationMethod method)
    {
        IRatioCalibration map = ScoredGaussians.Exact(t => -t).Fit(method)!;
        Assert.That(new[] { -5.0, 0, 5 }.Select(map.LogRatio), Has.All.EqualTo(0).Within(1e-9));

        // Even where the samples do not overlap, and the free slope would be −∞.
        map = Separate(numeratorIsHigh: false).Fit(method, minEvents: 2)!;
        Assert.That(new[] { -5.0, 0, 5 }.Select(map.LogRatio), Has.All.EqualTo(0).Within(1e-9));
    }

    [Test]
    public void Where_one_slope_of_beta_would_be_negative_the_other_is_the_best_alone()
    {
        // The score |t| + t/10 falls with the ratio at first, then rises. At the best map with one slope at 0 the loss is level in the
        // other slope and in c: Σ₁ w σ(−f) φ = Σ₀ w σ(f) φ, for φ the function of that slope and for φ = 1.
        ScoredGaussians events = ScoredGaussians.Exact(t => Math.Abs(t) + (t / 10));
        var map = (BetaCalibration)events.Fit(CalibrationMethod.Beta)!;
        Assert.That(map.LowSlope * map.HighSlope, Is.Zero);
        double slope = 0;
        double constant = 0;
        for (int row = 0; row < events.Scores.Length; row++)
        {
            double s = events.Scores[row];
            double f = map.LogRatio(s);
            double pull = events.IsNumerator[row] ? -1 / (1 + Math.Exp(f)) : 1 / (1 + Math.Exp(-f));
            constant += events.Weights[row] * pull;
            slope += events.Weights[row] * pull * (map.HighSlope > 0 ? Math.Log(1 + Math.Exp(s)) : -Math.Log(1 + Math.Exp(-s)));
        }

        Assert.That(constant, Is.EqualTo(0).Within(1e-8 * events.Weights.Sum()));
        Assert.That(slope, Is.EqualTo(0).Within(1e-8 * events.Weights.Sum()));
    }

    [TestCase(CalibrationMethod.Platt), TestCase(CalibrationMethod.Beta)]
    public void Events_split_into_positive_and_negative_copies_give_the_same_map(CalibrationMethod method)
    {
        ScoredGaussians events = ScoredGaussians.Random(t => (0.5 * t) + 1, 2000, seed: 5);
        IRatioCalibration plain = events.Fit(method)!;
        IRatioCalibration split = events.Split().Fit(method)!;
        for (double s = -4; s <= 4; s += 0.5)
        {
            Assert.That(split.LogRatio(s), Is.EqualTo(plain.LogRatio(s)).Within(1e-9));
        }
    }

    [TestCase(CalibrationMethod.Platt), TestCase(CalibrationMethod.Beta)]
    public void Class_balance_does_not_enter(CalibrationMethod method)
    {
        ScoredGaussians events = ScoredGaussians.Random(t => 2 * t, 2000, seed: 6);
        ScoredGaussians unequal = events with { Weights = [.. events.IsNumerator.Select(first => first ? 0.01 : 30)] };
        Assert.That(unequal.Fit(method)!.LogRatio(1.5), Is.EqualTo(events.Fit(method)!.LogRatio(1.5)).Within(1e-9));
    }

    [TestCase(CalibrationMethod.Platt), TestCase(CalibrationMethod.Beta)]
    public void Events_that_do_not_determine_a_map_give_none(CalibrationMethod method)
    {
        ScoredGaussians events = ScoredGaussians.Random(t => t, 100, seed: 7);
        Assert.Multiple(() =>
        {
            Assert.That(ScoredGaussians.Random(t => t, 20, seed: 7).Fit(method), Is.Null, "too few events");
            Assert.That(ScoredGaussians.Random(_ => 1, 100, seed: 7).Fit(method), Is.Null, "equal scores");
            Assert.That(Separate(numeratorIsHigh: true).Fit(method, minEvents: 2), Is.Null, "no overlap");
            Assert.That((events with { Weights = [.. events.Weights.Select(_ => -1.0)] }).Fit(method), Is.Null, "negative sums");
            Assert.That((events with { IsNumerator = new bool[200] }).Fit(method), Is.Null, "one sample");
        });
    }

    [Test]
    public void Any_fitted_map_is_monotone() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(
            ArbMap.Default.ArbFor<(int Seed, bool Beta, NormalFloat Bend, NormalFloat Tilt)>(),
            drawn =>
            {
                double bend = Math.Clamp(drawn.Bend.Get, -10, 10);
                double tilt = Math.Clamp(drawn.Tilt.Get, -10, 10);
                IRatioCalibration? map = ScoredGaussians
                    .Random(t => (tilt * t) + (bend * Math.Sin(t)), 200, seed: (ulong)Math.Abs((long)drawn.Seed))
                    .Fit(drawn.Beta ? CalibrationMethod.Beta : CalibrationMethod.Platt);
                double[] values = [.. Enumerable.Range(-200, 401).Select(i => map?.LogRatio(i / 10.0) ?? i)];
                return values.Zip(values.Skip(1), (low, high) => high >= low - (1e-12 * Math.Abs(low))).All(rises => rises);
            }));

    [TestCase(-0.1, 0), TestCase(double.NaN, 0), TestCase(1, double.PositiveInfinity), TestCase(double.PositiveInfinity, 0)]
    public void Coefficients_out_of_range_are_refused(double slope, double intercept)
    {
        Assert.That(() => new PlattCalibration(slope, intercept), Throws.ArgumentException.With.Message.Contains("slope not below 0"));
        Assert.That(() => new BetaCalibration(slope, 1, intercept), Throws.ArgumentException.With.Message.Contains("slopes not below 0"));
        Assert.That(() => new BetaCalibration(1, slope, intercept), Throws.ArgumentException.With.Message.Contains("slopes not below 0"));
    }

    private static double Beta(double s, double low, double high, double intercept) =>
        (-low * Math.Log(1 + Math.Exp(-s))) + (high * Math.Log(1 + Math.Exp(s))) + intercept;

    private static double Invert(Func<double, double> rising, double value)
    {
        (double low, double high) = (-60.0, 60.0);
        for (int halving = 0; halving < 80; halving++)
        {
            double middle = (low + high) / 2;
            (low, high) = rising(middle) < value ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static ScoredGaussians Separate(bool numeratorIsHigh) => new(
        [.. Enumerable.Range(0, 100).Select(row => (row < 50) == numeratorIsHigh ? 1 + (row / 100f) : -1 - (row / 100f))],
        [.. Enumerable.Range(0, 100).Select(row => row < 50)],
        [.. Enumerable.Repeat(1.0, 100)]);
}
