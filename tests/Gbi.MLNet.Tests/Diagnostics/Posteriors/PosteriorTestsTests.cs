using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Diagnostics.Posteriors;

[TestFixture]
internal sealed class PosteriorTestsTests
{
    private const int PairCount = 2000;
    private const int Width = 2;
    private const int DrawCount = 199;

    private static readonly PosteriorTestOptions Options = new();

    [TestCase(0.7), TestCase(1.4)]
    public void Wrong_widths_have_the_distance_and_the_coverage_of_the_closed_form(double factor)
    {
        // Draws enough that shares of 1 % are not rounded.
        PosteriorReport report = Test(new GaussianPosterior(Width) { WidthFactor = factor }, PairCount, 999, 2, out _);

        // P(U ≤ u) = Φ(c Φ⁻¹(u)), farthest from u at q = √(−2 ln c/(1 − c²)); for 0.7 it is 0.0854.
        double at = Math.Sqrt(-2 * Math.Log(factor) / (1 - (factor * factor)));
        double distance = Math.Abs(Normal.CDF(0, 1, at) - Normal.CDF(0, 1, factor * at));
        PosteriorFinding expected = factor < 1 ? PosteriorFinding.OverConfident : PosteriorFinding.UnderConfident;
        Assert.Multiple(() =>
        {
            foreach (ParameterCalibration parameter in report.Parameters)
            {
                Assert.That(parameter.Ranks.Distance, Is.EqualTo(distance).Within(1.5 / Math.Sqrt(PairCount)));
                Assert.That(parameter.Ranks.Probability, Is.LessThan(1e-3));
                foreach (RegionCoverage coverage in parameter.Coverage)
                {
                    double z = Normal.InvCDF(0, 1, 0.5 + (coverage.Level / 2));
                    AssertCoverage(coverage, (2 * Normal.CDF(0, 1, factor * z)) - 1);
                }
            }

            // Regions of highest density in d dimensions hold F_d(c² F_d⁻¹(α)).
            Assert.That(report.Coverage.Select(coverage => coverage.Level), Is.EqualTo(new[] { 0.5, 0.68, 0.8, 0.9, 0.95, 0.99 }));
            foreach (RegionCoverage coverage in report.Coverage)
            {
                double quantile = ChiSquared.InvCDF(Width, coverage.Level);
                AssertCoverage(coverage, ChiSquared.CDF(Width, factor * factor * quantile));
            }

            Assert.That(report.Density!.Probability, Is.LessThan(1e-3));
            Assert.That(report.Verdicts.Count(verdict => verdict.Finding == expected), Is.EqualTo(Width + 1));
            Assert.That(report.IsOverConfident, Is.EqualTo(factor < 1));
        });
    }

    [Test]
    public void A_shift_of_half_a_width_has_the_distance_of_the_closed_form_and_is_named()
    {
        PosteriorReport report = Test(new GaussianPosterior(Width) { Shift = 0.5 });
        Assert.Multiple(() =>
        {
            foreach (ParameterCalibration parameter in report.Parameters)
            {
                double expected = (2 * Normal.CDF(0, 1, 0.25)) - 1;
                Assert.That(parameter.Ranks.Distance, Is.EqualTo(expected).Within(1.5 / Math.Sqrt(PairCount)));
                Assert.That(parameter.Shift.Value, Is.EqualTo(0.5).Within(3 * parameter.Shift.Error));
                Assert.That(parameter.MeanRank.Value, Is.EqualTo(Normal.CDF(0, 1, -0.5 / Math.Sqrt(2))).Within(0.02));
            }

            Assert.That(
                report.Verdicts.First(verdict => verdict.Finding == PosteriorFinding.Shifted).Text,
                Does.Match("shifted in `theta0`: draws lie 0.[45]\\d ± 0.0\\d standard deviations above the truth"));
        });
    }

    [Test]
    public void The_prior_fails_at_points_that_depend_on_x_and_by_its_information_gain_and_nowhere_else()
    {
        PosteriorReport report = Test(new GaussianPosterior(Width) { IsPrior = true });
        Assert.Multiple(() =>
        {
            Assert.That(report.Distance.Probability, Is.LessThan(1e-3));
            Assert.That(report.InformationGain!.Value.Value, Is.Zero.Within(1e-9));
            Assert.That(
                report.Verdicts.Where(verdict => verdict.Finding != PosteriorFinding.Calibrated).Select(verdict => verdict.Finding),
                Is.EqualTo(new[] { PosteriorFinding.Miscalibrated, PosteriorFinding.NoInformation }));
            Assert.That(report.IsOverConfident, Is.False);
        });
    }

    [Test]
    public void The_exact_posterior_passes_and_its_information_gain_is_half_ln_2_a_parameter()
    {
        PosteriorReport report = Test(new GaussianPosterior(Width));
        Assert.Multiple(() =>
        {
            Assert.That(report.Passed, Is.True, () => string.Join("\n", report.Verdicts.Select(verdict => verdict.Text)));
            Assert.That(
                report.InformationGain!.Value.Value,
                Is.EqualTo(Width / 2.0 * Math.Log(2)).Within(3 * report.InformationGain.Value.Error));
            double exact = Width / 2.0 * Math.Log(Math.Tau * Math.E * GaussianTask.PosteriorVariance);
            Assert.That(
                report.NegativeLogDensity!.Value.Value, Is.EqualTo(exact).Within(3 * report.NegativeLogDensity.Value.Error));
        });
    }

    [Test]
    public void Exact_posteriors_are_rejected_as_often_as_the_level_says_at_most()
    {
        const int Repetitions = 200;
        int failed = 0;
        int ranks = 0;
        int outside = 0;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            PosteriorReport report = Test(new GaussianPosterior(1), 100, 49, (ulong)(100 + repetition), out PosteriorRanks of);
            failed += report.Verdicts.Any(verdict => verdict.Finding is not (
                PosteriorFinding.Calibrated or PosteriorFinding.Inconclusive or PosteriorFinding.NoInformation)) ? 1 : 0;
            ranks += report.Distance.Probability < 0.05 ? 1 : 0;
            outside += report.Band.Holds(of.OfParameters[0]) ? 0 : 1;
        }

        // 1 % + 3σ of 200 repetitions is 3.1 %; a single test at 5 %, 5 ± 4.6 %; the band at 99 % as the first.
        Assert.That(failed, Is.AtMost(6));
        Assert.That(ranks, Is.InRange(1, 19));
        Assert.That(outside, Is.AtMost(6));
    }

    [Test]
    public void Too_few_pairs_are_inconclusive_and_never_pass()
    {
        PosteriorReport report = Test(new GaussianPosterior(Width), 300, DrawCount, 5, out _);

        // m = 3 · 2 + 1 + 7 tests: √(½ ln(2m/α)) = 1.992 over D = 0.0854.
        Assert.That(report.TestCount, Is.EqualTo(14));
        Assert.That(report.NeededPairs, Is.EqualTo(544).Within(2));
        Assert.That(report.Passed, Is.False);
        Assert.That(
            report.Verdicts.Select(verdict => verdict.Finding).Distinct(),
            Is.EqualTo(new[] { PosteriorFinding.Inconclusive, PosteriorFinding.Calibrated }));
        Assert.That(report.Verdicts[0].Text, Is.EqualTo(
            $"inconclusive in `theta0`: 300 pairs show no difference, but {report.NeededPairs} are needed to see one"));
    }

    [Test]
    public void The_line_of_an_over_confident_parameter_says_what_its_regions_hold()
    {
        PosteriorReport report = Test(new GaussianPosterior(Width) { WidthFactor = 0.7 });
        Assert.That(
            report.Verdicts[0].Text,
            Does.Match(@"^over-confident in `theta0`: 68 % intervals hold 5\d ± 1 %, 95 % hold 8\d\.\d ± 0\.\d %$"));
        Assert.That(
            report.Verdicts[Width].Text,
            Does.Match(@"^over-confident jointly: 68 % regions hold 4\d ± 1 %, 95 % hold 7\d\.\d ± 0\.\d %$"));
    }

    [Test]
    public void A_line_of_too_wide_tails_does_not_show_a_middle_that_is_too_narrow()
    {
        // Truths at 0 or ± 1.5 widths: 60 % of them inside the 68 % interval, all inside that of 95 %.
        const int Count = 1000;
        float[] truths = [.. Enumerable.Range(0, Count).Select(row => row % 5 < 3 ? 0 : row % 2 == 0 ? 1.5f : -1.5f)];
        var seed = new Seed(9);
        float[] draws = [.. Enumerable.Range(0, 99 * Count).Select(i => (float)seed.NormalPair(i).First)];
        var ranks = PosteriorRanks.OfDraws(
            new TestPairs(EventTable.FromColumns(("a", truths)), EventTable.FromColumns(("x", new float[Count]))),
            new PosteriorDraws(EventTable.FromColumns(("a", draws)), new double[draws.Length], 99), null, seed);
        string[] lines = [.. PosteriorTests.Run(ranks, Options, seed).Verdicts.Select(verdict => verdict.Text)];
        Assert.That(lines[0], Does.Match("^over-confident in `a`: 68 % intervals hold (59|60|61) ± 2 %$"));
        Assert.That(lines[1], Does.Match(@"^under-confident in `a`: 95 % intervals hold (9\d|100)\.\d ± 0\.\d %$"));
    }

    private static void AssertCoverage(RegionCoverage coverage, double expected) => Assert.That(
        coverage.Value,
        Is.EqualTo(expected).Within(3 * Math.Sqrt(expected * (1 - expected) / coverage.PairCount)),
        $"level {coverage.Level}");

    private static PosteriorReport Test(GaussianPosterior posterior) => Test(posterior, PairCount, DrawCount, 2, out _);

    private static PosteriorReport Test(GaussianPosterior posterior, int pairs, int draws, ulong seed, out PosteriorRanks ranks)
    {
        ranks = PosteriorRanks.Of(posterior, GaussianTask.Pairs(pairs, posterior.Parameters.Count, seed), draws, new Seed(seed));
        return PosteriorTests.Run(ranks, Options, new Seed(seed));
    }
}
