using System.Runtime.InteropServices;
using System.Text.Json;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>Both workspaces of the shared task t2 against polished references, 1e-6 relative.</summary>
public sealed class T2Tests
{
    [TestCase("workspace")]
    [TestCase("workspace_staterror")]
    public void Fits_agree_with_the_reference(string name)
    {
        var t2 = T2Reference.Read(name);
        var test = new StrengthTest(t2.Model, t2.Data);
        FitResult fit = test.Observed.Fit();
        var likelihood = new Likelihood(t2.Model, t2.Data);

        Assert.Multiple(() =>
        {
            Assert.That(fit.Names, Is.EqualTo(t2.Names("par_names")));
            Close(likelihood.Evaluate(t2.Model.InitialParameters, [], []), t2.Number("twice_nll_at_init"), 1e-12);
            Close(fit.TwiceNll, t2.Number("twice_nll_hat"), 1e-12);
            Close(test.Observed.MuHat, t2.Number("mu_hat"));
            Close(fit.Parameters, t2.Numbers("pars_hat"));
            Close(fit.Errors, t2.Numbers("errors_hessian"));
            Close(test.Observed.At(0).Value, t2.Number("twice_nll_mu0"), 1e-12);
            Close(test.Observed.At(0).Parameters, t2.Numbers("pars_mu0"));
            ModelData asimov = test.AsimovData();
            Close([.. asimov.Counts, .. asimov.Auxiliary], t2.Numbers("asimov_mu0"));
            Close(test.Observed.Q0(), t2["discovery"].GetProperty("q0").GetDouble());
        });
    }

    [TestCase("workspace")]
    [TestCase("workspace_staterror")]
    public void Tests_agree_with_the_reference_at_every_strength(string name)
    {
        var t2 = T2Reference.Read(name);
        var test = new StrengthTest(t2.Model, t2.Data);

        Assert.Multiple(() =>
        {
            foreach (JsonElement expected in (JsonElement[])[t2["hypotest_mu1"], t2["hypotest_mu2"], .. t2["cls_scan"].EnumerateArray()])
            {
                StrengthTestResult found = test.Test(expected.GetProperty("mu").GetDouble());
                Close(found.Q, expected.GetProperty("q_obs").GetDouble());
                Close(found.QAsimov, expected.GetProperty("q_asimov").GetDouble());
                Relative(found.PSignalAndBackground, expected.GetProperty("CLsb").GetDouble());
                Relative(found.PBackground, expected.GetProperty("CLb").GetDouble());
                Relative(found.Cls, expected.GetProperty("CLs_obs").GetDouble());
                double[] bands = T2Reference.Numbers(expected.GetProperty("CLs_exp"));
                for (int band = 0; band < bands.Length; band++)
                {
                    Relative(found.ExpectedCls[band], bands[band]);
                }
            }
        });
    }

    [TestCase("workspace")]
    [TestCase("workspace_staterror")]
    public void Upper_limits_agree_with_the_reference(string name)
    {
        var t2 = T2Reference.Read(name);
        UpperLimits limits = new StrengthTest(t2.Model, t2.Data).UpperLimits();

        Assert.Multiple(() =>
        {
            Close(limits.Observed, t2.Number("upper_limit_obs"));
            Close(limits.Expected, t2.Numbers("upper_limit_exp"));
        });
    }

    [Test]
    public void Every_one_of_a_thousand_toys_agrees_with_the_reference()
    {
        var t2 = T2Reference.Read("workspace");
        ModelData[] toys = Toys(t2.Model);
        ToyFits fits = ToyFits.Of(t2.Model, 0, toys.Length, number => toys[number], mu: 1);

        Assert.Multiple(() =>
        {
            Assert.That(fits.FailureCount, Is.Zero);
            Assert.That(Largest(fits.Values, Reference("toys_q_reference.f64")), Is.LessThan(1e-6), "q̃");
            Assert.That(Largest(fits.MuHat, Reference("toys_muhat_reference.f64")), Is.LessThan(1e-6), "μ̂");
        });
    }

    private static double Largest(IReadOnlyList<double> found, double[] expected) =>
        Enumerable.Range(0, expected.Length).Max(i => Math.Abs(found[i] - expected[i]));

    private static double[] Reference(string name) =>
        MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(SharedData.Path($"../peers/t2/{name}"))).ToArray();

    /// <summary>The auxiliary measurements stand in the order that toys.json tells.</summary>
    private static ModelData[] Toys(LikelihoodModel model)
    {
        JsonElement description = JsonDocument.Parse(File.ReadAllText(SharedData.Path("../peers/t2/toys.json"))).RootElement;
        string[] order = [.. description.GetProperty("auxdata_order").EnumerateArray().Select(name => name.GetString()!)];
        Assert.That(model.ConstrainedParameters.Select(i => model.Parameters[i].Name), Is.EqualTo(order));
        return [.. Reference("toys.f64").Chunk(description.GetProperty("cols").GetInt32())
            .Select(row => new ObservedData { Counts = row[..model.BinCount], Auxiliary = row[model.BinCount..] })];
    }

    private static void Close(IReadOnlyList<double> found, double[] expected)
    {
        Assert.That(found, Has.Count.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++)
        {
            Close(found[i], expected[i]);
        }
    }

    private static void Relative(double found, double expected) =>
        Assert.That(found / expected, Is.EqualTo(1).Within(1e-6), $"{found} for {expected}");

    /// <summary>Relative, and absolute below 1e-3: an alpha of 0 has no relative accuracy.</summary>
    private static void Close(double found, double expected, double tolerance = 1e-6) =>
        Assert.That(found, Is.EqualTo(expected).Within(tolerance * Math.Max(1e-3, Math.Abs(expected))));
}
