using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Numerics;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Inference.Tests;

/// <summary>CLs over strengths, and distributions of toys next to asymptotic ones.</summary>
[TestFixture]
internal sealed class ClsScanTests
{
    [Test]
    public void At_the_limits_CLs_is_what_the_confidence_level_leaves()
    {
        StrengthTest test = TestOf(10, 50, 55);
        UpperLimits limits = test.UpperLimits();
        IReadOnlyList<ClsPoint> points = ClsScan.Of(test, [limits.Observed, 0, .. limits.Expected]);
        Assert.Multiple(() =>
        {
            Assert.That(points.Select(point => point.Mu), Is.Ordered.Ascending);
            Assert.That(points[0].Test!.Cls, Is.EqualTo(1));
            Assert.That(At(limits.Observed).Cls, Is.EqualTo(0.05).Within(1e-8));
            for (int band = 0; band < limits.Expected.Count; band++)
            {
                Assert.That(At(limits.Expected[band]).ExpectedCls[band], Is.EqualTo(0.05).Within(1e-8), $"band {band}");
            }

            StrengthTestResult one = At(limits.Observed);
            Assert.That(one.PSignalAndBackground / one.PBackground, Is.EqualTo(one.Cls).Within(1e-12));
        });

        StrengthTestResult At(double mu) => points.First(point => point.Mu == mu).Test!;
    }

    [Test]
    public void The_grid_of_a_page_goes_beyond_all_limits()
    {
        IReadOnlyList<double> grid = ClsScan.Grid(new UpperLimits(2, [1, double.NaN, 3, 4, 8], 0.95), 5);
        Assert.That(grid, Is.EqualTo(new[] { 0, 2.5, 5, 7.5, 10 }));
        Assert.That(ClsScan.Grid(new UpperLimits(double.NaN, [double.NaN], 0.95), 5), Is.Empty);
    }

    [TestCase(TestStatistic.QTildeMu, true)]
    [TestCase(TestStatistic.QMu, true)]
    [TestCase(TestStatistic.QMu, false)]
    [TestCase(TestStatistic.TMu, true)]
    [TestCase(TestStatistic.TMu, false)]
    [TestCase(TestStatistic.Q0, true)]
    public void Toys_of_large_counts_follow_the_asymptotic_distribution(TestStatistic statistic, bool isBounded)
    {
        const int Toys = 1500;
        StrengthTest test = TestOf(60, 2000, 2050, isBounded ? 0 : -20);
        double mu = statistic == TestStatistic.Q0 ? 0 : 1;
        ToyTestResult toys = ToyTest.Run(test, mu, new ToyTestOptions { Statistic = statistic, ToyCount = Toys }, new Seed(3));
        ToyDistribution found = ToyDistribution.Of(toys, test.Asimov.Statistic(statistic, mu), isBounded)!;
        Assert.Multiple(() =>
        {
            Assert.That(found.Tested.Sum(), Is.EqualTo(Toys));
            Assert.That(found.Edges, Has.Count.EqualTo(found.Tested.Count + 1));
            Agree(found.Tested, found.ExpectedTested!, "tested");
            Assert.That(found.Background is null, Is.EqualTo(statistic is TestStatistic.TMu or TestStatistic.Q0));
            if (found.Background is { } background)
            {
                Agree(background, found.ExpectedBackground!, "no signal");
            }
        });
    }

    [Test]
    public void Without_the_Asimov_data_the_distribution_of_q_tilde_is_not_known()
    {
        ToyTestResult toys = ToyTest.Run(TestOf(10, 50, 55), 1, new ToyTestOptions { ToyCount = 20 }, new Seed(3));
        ToyDistribution found = ToyDistribution.Of(toys, null, isBounded: true)!;
        Assert.That((found.ExpectedTested, found.ExpectedBackground), Is.EqualTo(((object?)null, (object?)null)));
        ToyTestResult none = toys with { Tested = toys.Tested with { Values = [], Failures = [] } };
        Assert.That(ToyDistribution.Of(none, null, isBounded: true), Is.Null);
    }

    /// <summary>Counts are discrete: bins next to each other are added up, which leaves a tenth of the whole.</summary>
    private static void Agree(IReadOnlyList<double> counts, IReadOnlyList<double> expected, string what)
    {
        double whole = counts.Sum();
        (double found, double wanted) = (0, 0);
        for (int bin = 0; bin < counts.Count; bin++)
        {
            (found, wanted) = (found + counts[bin], wanted + expected[bin]);
            Assert.That(found / whole, Is.EqualTo(wanted / whole).Within(0.05), $"{what}, up to bin {bin}");
        }
    }

    private static StrengthTest TestOf(double signal, double background, double observed, double lower = 0)
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Counting(signal, background, observed));
        LikelihoodModel model = workspace.Model();
        var bounded = new LikelihoodModel([.. model.Parameters.Select(mu => mu with { Lower = lower })], model.Channels, "mu");
        return new StrengthTest(bounded, workspace.Data(model));
    }
}
