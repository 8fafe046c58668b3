using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Inference.Tests;

[TestFixture]
internal sealed class SignificanceTests
{
    // Numbers of significance_reference.py.
    [TestCase(110, 100, 0, 0.983991644757), TestCase(110, 100, 1e-5, 0.983991644756), TestCase(110, 100, 1e-4, 0.983991644706)]
    [TestCase(110, 100, 1e-3, 0.983991639676), TestCase(110, 100, 5, 0.877245527118), TestCase(110, 100, 50, 0.190048223458)]
    [TestCase(12, 3, 0.6, 3.55615985076), TestCase(1, 0.001, 0, 3.43766062286), TestCase(1, 0.001, 0.0005, 3.40390580545)]
    [
        TestCase(1001000, 1000000, 0, 0.999833402739), TestCase(1001000, 1000000, 500, 0.894248380056),
        TestCase(200, 121.98, 8.5, 4.94973840358)
    ]
    public void An_excess_has_the_significance_of_the_profile_likelihood_ratio(
        double observed, double background, double error, double expected) =>
        Assert.That(Significance.OfExcess(observed, background, error), Is.EqualTo(expected).Within(1e-6).Percent);

    [Test]
    public void A_small_excess_over_a_large_background_is_s_over_root_b_plus_d_squared()
    {
        // Z = s/√(b + d²) (1 + O(s/b)).
        Assert.That(Significance.OfExcess(1e8 + 1e4, 1e8, 1e4), Is.EqualTo(1e4 / Math.Sqrt(2e8)).Within(0.01).Percent);
    }

    [Test]
    public void A_vanishing_error_is_the_limit_of_small_ones()
    {
        double limit = Significance.OfExcess(150, 100, 0);
        foreach (double error in new[] { 1e-9, 1e-6, 9e-6, 1.1e-5, 1e-4 })
        {
            // dZ/Z = −d²/2b to leading order.
            Assert.That(Significance.OfExcess(150, 100, error), Is.EqualTo(limit).Within(1e-8), $"d = {error}");
        }
    }

    [TestCase(100, 100, 3), TestCase(80, 100, 3), TestCase(0, 1e-3, 0)]
    public void Without_an_excess_there_is_no_significance(double observed, double background, double error) =>
        Assert.That(Significance.OfExcess(observed, background, error), Is.EqualTo(0));

    [
        TestCase(10, 0, 1), TestCase(10, -1, 1), TestCase(10, 5, -1), TestCase(-1, 5, 1), TestCase(double.NaN, 5, 1),
        TestCase(10, 5, double.NaN)
    ]
    public void Impossible_counts_are_refused(double observed, double background, double error) =>
        Assert.That(
            () => Significance.OfExcess(observed, background, error),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("background above 0"));

    [TestCase(25, 5), TestCase(0, 0), TestCase(-1e-12, 0)]
    public void A_discovery_has_the_root_of_its_test_statistic(double q0, double expected) =>
        Assert.That(Significance.OfDiscovery(q0), Is.EqualTo(expected));

    [Test]
    public void Several_yields_that_are_fitted_one_by_one_cost_significance()
    {
        // P(z ≥ Z) = ½ P(χ²₃ ≥ 25) = Q(5) + ½ √(50/π) e^(−12.5).
        double expected = TailProbability.OfNormal(5) + (0.5 * Math.Sqrt(50 / Math.PI) * Math.Exp(-12.5));

        Assert.That(TailProbability.OfNormal(Significance.OfDiscovery(25, 3)), Is.EqualTo(expected).Within(1e-6).Percent);
        Assert.That(Significance.OfDiscovery(25, 1), Is.EqualTo(5));
    }

    [Test]
    public void A_deficit_has_a_negative_significance()
    {
        // With no event and an error d, −2 ln of the likelihood ratio is 2 (b²/d²) ln(1 + d²/b); without an error 2b. A large count is
        // normal.
        Assert.That(Significance.OfDifference(0, 3, 0), Is.EqualTo(-Math.Sqrt(6)).Within(1e-12));
        Assert.That(Significance.OfDifference(0, 3, 2), Is.EqualTo(-Math.Sqrt(2 * 9 / 4.0 * Math.Log(7 / 3.0))).Within(1e-12));
        Assert.That(Significance.OfDifference(1e8 - 1e4, 1e8, 1e4), Is.EqualTo(-1e4 / Math.Sqrt(2e8)).Within(0.01).Percent);
        Assert.That(Significance.OfDifference(150, 100, 7), Is.EqualTo(Significance.OfExcess(150, 100, 7)));
        Assert.That(Significance.OfDifference(100, 100, 7), Is.EqualTo(0));
    }

    [TestCase(-3), TestCase(0), TestCase(0.5), TestCase(5), TestCase(30)]
    public void A_significance_comes_back_from_its_probability(double significance) =>
        Assert.That(Significance.OfProbability(TailProbability.OfNormal(significance)), Is.EqualTo(significance).Within(1e-9));

    [Test]
    public void Where_no_toy_reaches_the_observed_statistic_the_error_is_that_of_half_a_toy()
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Counting(10, 50, 150));
        LikelihoodModel model = workspace.Model();
        DiscoveryResult found = DiscoveryTest.ByToys(new StrengthTest(model, workspace.Data(model)), 1, 20, new Seed(1));

        Assert.That(found.Observed.P0, Is.Zero);
        Assert.That(found.ObservedError, Is.EqualTo(Math.Sqrt(0.5) / 20).Within(1e-12));
    }
}
