using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>Workspaces on which an earlier version failed or gave other numbers than pyhf 0.7.6 (shared/cases/histfactory).</summary>
public sealed class WorkspaceCaseTests
{
    [TestCase("combine440_gmN_zero_aux", 0.960365, 0.276552, 0.498432, 0.960365, 1.85938, 3.34156)]
    [TestCase("staterror_zero_nominal_sample", 4.91132, 2.06647, 2.80407, 3.95620, 5.63201, 7.76176)]
    [TestCase("warm_start_histosys", 0.214334, 0.0965243, 0.133565, 0.192831, 0.282823, 0.404797)]
    public void Limits_are_those_of_pyhf(string name, double observed, params double[] expected)
    {
        UpperLimits limits = TestOf(name).UpperLimits();

        Assert.Multiple(() =>
        {
            Assert.That(limits.Failures, Is.Empty);
            Assert.That(limits.Observed, Is.EqualTo(observed).Within(1e-5 * observed));
            Assert.That(limits.Expected, Is.EqualTo(expected).Within(5e-5));
        });
    }

    [Test]
    public void Limits_are_of_the_lowest_of_several_minima()
    {
        // The first two bands are pyhf's. For the others its fits end in a minimum at np6 < 0, which at μ = 4.86 has −2 ln L = 37.2335 on
        // the Asimov data; that at np6 > 0 has 37.0276. Its observed limit, 5.0940, has a CLs of 0.05142 with the lowest minima.
        UpperLimits limits = TestOf("shrunk_limit500").UpperLimits();

        Assert.That(limits.Observed, Is.EqualTo(5.09972).Within(5e-5));
        Assert.That(limits.Expected.Take(2), Is.EqualTo(new[] { 4.2285, 4.5454 }).Within(6e-5));
        Assert.That(limits.Expected.Skip(2), Is.EqualTo(new[] { 4.87504, 5.29045, 5.78298 }).Within(5e-5));
    }

    [TestCase("errors_all_nan", 21.307)]
    [TestCase("combine699_all_zero_data", 21.929)]
    [TestCase("limit_over_10_only_2sigma", 11.079)]
    [TestCase("shrunk_500steps", 0.756)]
    public void All_limits_are_found_also_above_the_bound_of_the_strength(string name, double highest)
    {
        UpperLimits limits = TestOf(name).UpperLimits();

        Assert.That(limits.Failures, Is.Empty);
        Assert.That(limits.Expected, Is.Ordered);
        Assert.That(limits.Expected[4], Is.EqualTo(highest).Within(1e-3));
        Assert.That(limits.Observed, Is.GreaterThan(0).And.LessThan(10));
    }

    [Test]
    public void A_deep_deficit_has_a_CLs_next_to_0()
    {
        StrengthTestResult found = TestOf("large_counts").Test(1);

        // CLs → (z_b/z_sb) e^(−q/2) with z_b = (q − q_A)/(2√q_A), z_sb = z_b + √q_A: the difference of their squares is q.
        double root = Math.Sqrt(found.QAsimov);
        double background = (found.Q - found.QAsimov) / (2 * root);
        double expected = Math.Log(background / (background + root)) - (found.Q / 2);
        Assert.That(found.LogCls, Is.EqualTo(expected).Within(1e-4));
        Assert.That(found.Cls, Is.EqualTo(Math.Exp(found.LogCls)).And.LessThan(1e-259));
    }

    [Test]
    public void Auxiliary_counts_of_0_are_fitted()
    {
        StrengthTest test = TestOf("combine440_gmN_zero_aux");
        StrengthTestResult found = test.Test(1);

        Assert.That(test.Observed.Best.Parameters, Is.All.EqualTo(0).Within(1e-9));
        Assert.That(found.Cls, Is.EqualTo(0.04550026).Within(1e-7));
        Assert.That(found.ExpectedCls, Is.EqualTo(new[] { 0.001392, 0.008508, 0.04550, 0.18857, 0.51164 }).Within(5e-6));
    }

    [TestCase("errors_all_nan", "mu")]
    [TestCase("shrunk_500steps", "np11")]
    [TestCase("shrunk_limit500", "mu")]
    [TestCase("combine699_all_zero_data", "mu")]
    public void A_parameter_at_its_bound_leaves_the_others_their_errors(string name, string held)
    {
        StrengthTest test = TestOf(name);
        FitResult fit = test.Observed.Fit();

        Assert.Multiple(() =>
        {
            for (int i = 0; i < fit.Names.Count; i++)
            {
                Assert.That(fit.Errors[i], fit.Names[i] == held ? Is.NaN : Is.GreaterThan(0).And.LessThan(10), fit.Names[i]);
            }

            Assert.That(fit.Remarks, Has.One.Contains($"{held} ended at a bound and has no error"));
            Assert.That(fit.Degenerate, Is.Empty);
        });
    }

    [Test]
    public void Impacts_of_a_parameter_at_its_bound_have_one_side()
    {
        IReadOnlyList<ParameterImpact> impacts = ParameterImpact.Rank(TestOf("shrunk_500steps").Observed);
        ParameterImpact held = impacts.Single(impact => impact.Parameter == "np11");

        Assert.Multiple(() =>
        {
            Assert.That(impacts.Select(impact => impact.Failure), Is.All.Null);
            Assert.That(held.Down, Is.NaN);
            Assert.That(double.IsFinite(held.Up));
            Assert.That(impacts.Where(impact => impact != held).Select(impact => impact.Down + impact.Up), Is.All.Not.NaN);
        });
    }

    [Test]
    public void A_fixed_parameter_of_interest_is_the_same_error_everywhere()
    {
        Workspace workspace = Workspace.Parse(File.ReadAllText(SharedData.Case("histfactory/pyhf1391_fixed_poi.json")));
        LikelihoodModel model = workspace.Model();
        var likelihood = new Likelihood(model, workspace.Data(model));

        Assert.Multiple(() =>
        {
            foreach (Action use in (Action[])
            [
                () => _ = new StrengthTest(model, workspace.Data(model)),
                () => ProfileLikelihood.Of(likelihood),
                () => ParameterImpact.OfMeasurements(model, workspace.Data(model)),
                () => Gbi.Inference.Toys.ToyFits.Of(model, 0, 1, _ => workspace.Data(model), 1),
            ])
            {
                Assert.That(Assert.Throws<FitException>(() => use())!.Message, Does.StartWith("The parameter of interest 'mu' is fixed"));
            }

            Assert.That(new ProfileLikelihood(likelihood, model.Parameters, 0).Fit().Parameters[0], Is.EqualTo(1));
        });
    }

    private static StrengthTest TestOf(string name)
    {
        Workspace workspace = Workspace.Parse(File.ReadAllText(SharedData.Case($"histfactory/{name}.json")));
        LikelihoodModel model = workspace.Model();
        return new StrengthTest(model, workspace.Data(model));
    }
}
