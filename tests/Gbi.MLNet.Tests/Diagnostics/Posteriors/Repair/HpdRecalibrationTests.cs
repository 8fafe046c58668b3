using Gbi.Diagnostics.Posteriors;
using Gbi.Diagnostics.Posteriors.Repair;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Tests.Diagnostics.Posteriors.Repair;

[TestFixture]
internal sealed class HpdRecalibrationTests
{
    private static readonly double[] Levels = [0.5, 0.68, 0.8, 0.9, 0.95, 0.99];

    [Test]
    public void The_level_is_the_rank_of_the_conformal_order()
    {
        // Ranks 0.01 … 0.99: the ⌈100 α⌉-th of 99.
        var recalibration = HpdRecalibration.Of([.. Enumerable.Range(1, 99).Select(i => i / 100.0)]);
        RecalibratedLevel level = recalibration.At(0.68);
        Assert.Multiple(() =>
        {
            Assert.That(level.Level, Is.EqualTo(0.68).Within(1e-15));
            Assert.That(level.CoverageError, Is.EqualTo(Math.Sqrt(68 * 32 / (100.0 * 100 * 101))).Within(1e-15));
            Assert.That(level.LevelError, Is.EqualTo(Math.Sqrt(99 * 0.68 * 0.32) / 100).Within(1e-12));
            Assert.That(recalibration.At(0.999).Level, Is.EqualTo(1));
            Assert.That(recalibration.CoverageOf(0.5), Is.EqualTo(0.5));
        });
    }

    [Test]
    public void Regions_of_a_posterior_that_is_too_narrow_hold_what_they_should_after_repair()
    {
        var wrong = new GaussianPosterior(2) { WidthFactor = 0.7 };
        var recalibration = HpdRecalibration.Of(Ranks(wrong, 2000, 1).OfDensity);
        IReadOnlyList<double> fresh = Ranks(wrong, 2000, 2).OfDensity;
        Assert.Multiple(() =>
        {
            foreach (double nominal in Levels)
            {
                RecalibratedLevel level = recalibration.At(nominal);
                double coverage = (double)fresh.Count(rank => rank < level.Level) / fresh.Count;
                double error = Math.Sqrt((nominal * (1 - nominal) / fresh.Count) + (level.CoverageError * level.CoverageError));
                Assert.That(coverage, Is.EqualTo(nominal).Within(3 * error), $"{nominal}");
            }
        });
    }

    [Test]
    public void The_coverage_of_calibration_sets_scatters_by_its_error()
    {
        // 300 uniform ranks at 68 %: the level is the coverage itself, ± 0.027.
        double[] levels = [.. Enumerable.Range(0, 400).Select(set => HpdRecalibration.Of(
            [.. Enumerable.Range(0, 300).Select(i => new Seed(3).Child(set).Uniform(i))]).At(0.68).Level)];
        RecalibratedLevel one = HpdRecalibration.Of([.. Enumerable.Range(0, 300).Select(i => (i + 0.5) / 300)]).At(0.68);
        Moments moments = Moments.Of(levels);
        Assert.That(moments.Mean, Is.EqualTo(205 / 301.0).Within(3 * moments.ErrorOfMean));
        Assert.That(one.CoverageError, Is.EqualTo(moments.Deviation).Within(3 * moments.ErrorOfDeviation));
        Assert.That(one.LevelError, Is.EqualTo(moments.Deviation).Within(3 * moments.ErrorOfDeviation));
    }

    [Test]
    public void A_posterior_that_is_wrong_for_some_x_alone_is_repaired_there_alone()
    {
        var wrong = new GaussianPosterior(2) { WidthFactor = 0.5, IsWrongAt = x => x > 0 };
        TestPairs pairs = GaussianTask.Pairs(3000, 2, 5);
        PosteriorRanks ranks = PosteriorRanks.Of(wrong, pairs, 199, new Seed(6));
        var local = LocalHpdRecalibration.Of(pairs.Observations, ["x0", "x1"], ranks.OfDensity, new Seed(7));
        IReadOnlyList<HpdRecalibration> at = local.For(EventTable.FromColumns(("x0", [-0.3f, 0.3f]), ("x1", [0f, 0f])));

        // In two dimensions 68 % of a density of half the width hold 1 − 0.32^(1/4) = 25 %.
        Assert.That(local.RegionCount, Is.InRange(2, 8));
        Assert.That(at[0].At(0.68).Level, Is.EqualTo(0.68).Within(0.12));
        Assert.That(at[1].At(0.68).Level, Is.EqualTo(1 - Math.Pow(0.32, 4)).Within(0.03));
    }

    [Test]
    public void Ranks_that_are_none_are_refused()
    {
        Assert.That(
            () => HpdRecalibration.Of([0.5, 1.5]),
            Throws.TypeOf<DataException>().With.Message.Contains("2 ranks to recalibrate with, from 0"));
        Assert.That(() => HpdRecalibration.Of([]), Throws.TypeOf<DataException>());
        Assert.That(
            () => LocalHpdRecalibration.Of(EventTable.FromColumns(("x", new float[10])), ["x"], new double[10], new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("600 or more"));
    }

    private static PosteriorRanks Ranks(GaussianPosterior posterior, int pairs, ulong seed) =>
        PosteriorRanks.Of(posterior, GaussianTask.Pairs(pairs, 2, seed), 199, new Seed(seed));
}
