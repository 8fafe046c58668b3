using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Tests.Likelihoods.HistFactory;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.RootFinding;

namespace Gbi.Tests.Inference.Tests;

/// <summary>CLs and limits by toys, against Poisson sums where counts are small and asymptotic formulas where they are large.</summary>
[TestFixture]
internal sealed class ToyLimitTests
{
    private const double Signal = 3;
    private const double Background = 3;
    private const int Observed = 2;
    private const int Toys = 2000;
    private static readonly int[] Bands = [-2, -1, 0, 1, 2];

    [Test]
    public void Limits_of_a_count_are_those_of_Poisson_sums()
    {
        UpperLimits limits = ToyTest.UpperLimits(TestOf(Signal, Background, Observed), 0.95, Toys, new Seed(11));

        Assert.That(limits.Failures, Is.Empty);
        RequireNear(limits.Observed, limits.ObservedError, ExactLimit(Observed), "observed");
        for (int band = 0; band < Bands.Length; band++)
        {
            RequireNear(limits.Expected[band], limits.ExpectedErrors[band], ExactLimit(ExpectedCount(Bands[band])), $"{Bands[band]} σ");
        }

        // The binomial error of CLs over its slope: 4 % of the limit.
        Assert.That(limits.ObservedError / limits.Observed, Is.InRange(0.02, 0.08));
        Assert.That(limits.Tests.Select(tested => tested.Mu), Is.Ordered.Ascending.And.Unique);
    }

    [Test]
    public void CLs_of_a_count_are_those_of_Poisson_sums()
    {
        ToyTestResult found = ToyTest.Run(
            TestOf(Signal, Background, Observed), 1, new ToyTestOptions { ToyCount = Toys }, new Seed(12));

        RequireNear(found.Cls, found.ClsError, ExactCls(Observed, 1), "observed");
        for (int band = 0; band < Bands.Length; band++)
        {
            // Where μ̂ is above μ, q̃ is 0, which every toy reaches.
            int count = ExpectedCount(Bands[band]);
            double exact = count > Background + Signal ? 1 : ExactCls(count, 1);
            RequireNear(found.ExpectedCls[band].Value, found.ExpectedCls[band].Error + 1e-12, exact, $"{Bands[band]} σ");
        }
    }

    [Test]
    public void Limits_of_large_counts_are_asymptotic_ones()
    {
        // Background uncertainties of 3 % and 7 %, as in the first example of pyhf's documentation, with a hundred times its counts.
        StrengthTest test = TestOf(SmallWorkspace.Of(
            """
            [{"name": "c", "samples": [
              {"name": "s", "data": [1200, 1100], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]},
              {"name": "b", "data": [5000, 5200], "modifiers": [{"name": "u", "type": "shapesys", "data": [150, 360]}]}]}]
            """,
            """[{"name": "c", "data": [5100, 4900]}]"""));
        UpperLimits asymptotic = test.UpperLimits(0.9);
        UpperLimits toys = ToyTest.UpperLimits(test, 0.9, Toys, new Seed(13));

        RequireNear(toys.Observed, toys.ObservedError, asymptotic.Observed, "observed");
        for (int band = 0; band < Bands.Length; band++)
        {
            RequireNear(toys.Expected[band], toys.ExpectedErrors[band], asymptotic.Expected[band], $"{Bands[band]} σ");
        }

        Assert.That(asymptotic.ObservedError, Is.NaN);
        Assert.That(asymptotic.ExpectedErrors, Is.Empty);
    }

    [Test]
    public void A_limit_beyond_the_bound_that_was_typed_is_not_found_and_leaves_the_others()
    {
        StrengthTest test = TestOf(Signal, Background, Observed);
        FitParameter mu = test.Model.Parameters[0] with { Upper = 1.4, UpperOfLimits = 1.4 };
        var bounded = new StrengthTest(new LikelihoodModel([mu], test.Model.Channels, "mu"), test.Data);

        UpperLimits limits = ToyTest.UpperLimits(bounded, 0.95, 500, new Seed(14));
        Assert.That(limits.Expected[0], Is.InRange(0.5, 1.4));
        Assert.That(limits.Expected[4], Is.NaN);
        Assert.That(limits.Failures, Has.Some.EqualTo(
            "The limit expected at +2σ lies above 1.4, the upper bound of mu; widen its bounds."));
    }

    [Test]
    public void Without_a_toy_as_deep_as_the_data_there_is_no_observed_limit()
    {
        // P(0 | 30) = e⁻³⁰: none of the toys without signal has a count as small as the observed one.
        UpperLimits limits = ToyTest.UpperLimits(TestOf(10, 30, 0), 0.95, Toys, new Seed(15));
        Assert.That(limits.Observed, Is.NaN);
        Assert.That(limits.Failures, Has.One.StartsWith("The observed limit cannot be found: at ").And.One.EndsWith("take more toys."));
        Assert.That(limits.Expected, Has.All.GreaterThan(0));
    }

    [Test]
    public void Too_few_toys_to_resolve_the_level_are_said_to_be_too_few()
    {
        // 2.3 % of the toys without signal are below −2σ, and 5 % of these are less than half a toy of 200.
        UpperLimits limits = ToyTest.UpperLimits(TestOf(10, 50, 55), 0.95, 200, new Seed(17));
        Assert.That(limits.Expected[0], Is.NaN);
        Assert.That(limits.Failures, Has.Some.StartsWith("The limit expected at −2σ cannot be found: of 200 toys with signal none"));
        Assert.That(limits.Observed, Is.InRange(1.5, 3.5));
    }

    [Test]
    public void Limits_by_toys_are_the_same_for_the_same_seed_on_one_and_two_threads()
    {
        (UpperLimits one, UpperLimits two) = ThreadLimit.Compare(
            () => ToyTest.UpperLimits(TestOf(Signal, Background, Observed), 0.95, 200, new Seed(16)));

        Assert.That(two.Observed, Is.EqualTo(one.Observed));
        Assert.That(two.Tests.Select(tested => tested.Cls), Is.EqualTo(one.Tests.Select(tested => tested.Cls)));
    }

    private static void RequireNear(double value, double error, double expected, string what)
    {
        Assert.That(error, Is.GreaterThan(0), what);
        Assert.That(value, Is.EqualTo(expected).Within(4 * error), what);
    }

    private static StrengthTest TestOf(double signal, double background, double observed) =>
        TestOf(SmallWorkspace.Counting(signal, background, observed));

    private static StrengthTest TestOf(string workspace)
    {
        Workspace parsed = Workspace.Parse(workspace);
        LikelihoodModel model = parsed.Model();
        return new StrengthTest(model, parsed.Data(model));
    }

    /// <summary>The count of the band: the least with P(count or fewer | background) of at least Φ(σ).</summary>
    private static int ExpectedCount(int sigma) =>
        Enumerable.Range(0, 100).First(n => Poisson.CDF(Background, n) >= TailProbability.OfNormal(-sigma));

    /// <summary>q̃ falls with the count: CLs is P(n or fewer | μ s + b) / P(n or fewer | b).</summary>
    private static double ExactCls(int count, double mu) =>
        Poisson.CDF(Background + (mu * Signal), count) / Poisson.CDF(Background, count);

    private static double ExactLimit(int count) => Brent.FindRoot(mu => ExactCls(count, mu) - 0.05, 1e-6, 50, 1e-10);
}
