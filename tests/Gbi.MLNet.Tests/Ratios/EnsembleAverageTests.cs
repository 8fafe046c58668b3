using Gbi.Calibration;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;

namespace Gbi.Tests.Ratios;

/// <summary>The average of simulated models whose log ratios are known, without any trees.</summary>
[TestFixture]
internal sealed class EnsembleAverageTests
{
    [Test]
    public void For_the_identity_and_a_small_spread_the_jackknife_is_the_spread_over_the_root_of_the_members()
    {
        // ln of a mean of r(1+ε) is linear in ε to first order; the jackknife of a mean is exactly s/√M.
        float[] members = [.. new[] { -3, 1, 0, 4, -2 }.Select(k => 2 + (k * 1e-3f))];
        EventRatio found = Average(members, 5);
        Assert.That(found.Uncertainty, Is.EqualTo(found.Spread / Math.Sqrt(5)).Within(0.3).Percent);
        Assert.That(found.Spread, Is.EqualTo(Math.Sqrt(30 / 4.0) * 1e-3).Within(1).Percent);
    }

    [Test]
    public void Two_members_give_half_the_distance_of_their_log_ratios()
    {
        // θ₍₋₁₎ and θ₍₋₂₎ are the other member's log ratio: σ² = ½ · 2 · (Δ/2)², so that σ = Δ/2 however large Δ.
        Assert.That(Average([0, 30], 2).Uncertainty, Is.EqualTo(15).Within(1e-9));
        Assert.That(Average([-30, 1], 2).Uncertainty, Is.EqualTo(15.5).Within(1e-9));
    }

    [Test]
    public void The_jackknife_goes_through_folds_calibration_and_normalisation_as_by_hand()
    {
        // c(s) = 2s + 1 squares a fold's ratio: r = κ e · mean over folds of (mean over members)². Members 1, 2, 3 in the first
        // fold and 2, 2, 5 in the second. Left out one by one: (2.5² + 3.5²)/2, (2² + 3.5²)/2, (1.5² + 2²)/2.
        EventRatio found = Average([Ln(1), Ln(2), Ln(3), Ln(2), Ln(2), Ln(5)], 3, new PlattCalibration(2, 1), logNormalisation: -0.5);
        double[] theta = [Math.Log((6.25 + 12.25) / 2), Math.Log((4 + 12.25) / 2), Math.Log((2.25 + 4) / 2)];
        double mean = theta.Average();
        Assert.That(found.LogRatio, Is.EqualTo(0.5 + Math.Log((4 + 9) / 2.0)).Within(1e-6));
        Assert.That(found.Uncertainty, Is.EqualTo(Math.Sqrt(2 / 3.0 * theta.Sum(value => (value - mean) * (value - mean)))).Within(1e-6));
    }

    [Test]
    public void The_jackknife_covers_the_scatter_of_averages_of_independent_ensembles()
    {
        // 4000 events, each with 10 members of log ratio N(1, 0.1²): over the events the average scatters by 0.1/√10, and σ² is an
        // unbiased estimate of that to second order in the spread.
        Random random = new Seed(1).CreateRandom();
        EventRatio[] found = [.. Enumerable.Range(0, 4000)
            .Select(_ => Average([.. Enumerable.Range(0, 10).Select(_ => (float)random.NextNormal(1, 0.1))], 10))];
        var averages = Moments.Of([.. found.Select(ratio => ratio.LogRatio)]);
        double rootMeanSquare = Math.Sqrt(found.Average(ratio => ratio.Uncertainty * ratio.Uncertainty));
        Assert.That(rootMeanSquare, Is.EqualTo(averages.Deviation).Within(3 * averages.ErrorOfDeviation + (0.01 * averages.Deviation)));
        Assert.That(rootMeanSquare, Is.EqualTo(0.1 / Math.Sqrt(10)).Within(2).Percent);
    }

    [Test]
    public void A_histogram_that_does_not_tell_members_apart_leaves_no_uncertainty()
    {
        EventRatio found = Average([0.5f, 1, 2], 3, new HistogramCalibration([0], [-1, 1]));
        Assert.That(found.LogRatio, Is.EqualTo(1).Within(1e-12));
        Assert.That(found.Uncertainty, Is.EqualTo(0).Within(1e-12));
        Assert.That(found.Spread, Is.GreaterThan(0.5));
    }

    [Test]
    public void One_member_knows_no_uncertainty_and_is_not_lowered()
    {
        EventRatio found = Average([1, 1.5f, 2], 1);
        Assert.That(found.Uncertainty, Is.NaN);
        Assert.That(found.LogRatio, Is.EqualTo(Math.Log((Math.Exp(1) + Math.Exp(1.5) + Math.Exp(2)) / 3)).Within(1e-6));
    }

    [TestCase(0.5), TestCase(2.0)]
    public void A_confidence_shift_lowers_the_log_ratio_by_that_many_errors(double shift)
    {
        EventRatio plain = Average([0, 1, 2], 3);
        EventRatio lowered = Average([0, 1, 2], 3, shift: shift);
        Assert.That(lowered.Uncertainty, Is.EqualTo(plain.Uncertainty));
        Assert.That(lowered.LogRatio, Is.EqualTo(plain.LogRatio - (shift * plain.Uncertainty)).Within(1e-12));
    }

    [Test]
    public void Settings_out_of_range_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Average([1], 1, shift: 1), Throws.ArgumentException);
        Assert.That(() => Average([1], 0), Throws.ArgumentException);
        Assert.That(() => Average([1, 2], 2, shift: double.NaN), Throws.ArgumentException);
        Assert.That(() => new EnsembleAverage(2, null, 0, 0, new double[5]).Of([1, 2]), Throws.ArgumentException);
    });

    private static float Ln(double ratio) => (float)Math.Log(ratio);

    private static EventRatio Average(
        float[] logRatios, int members, IRatioCalibration? calibration = null, double logNormalisation = 0, double shift = 0) =>
        new EnsembleAverage(members, calibration, logNormalisation, shift, new double[EnsembleAverage.ScratchOf(members)]).Of(logRatios);
}
