using System.Text.Json.Nodes;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>
/// Workspaces made from seeds with every modifier and override, against an implementation of the likelihood and the tests that shares
/// nothing with ours: benchmarks/studies/workspaces.
/// </summary>
[TestFixture]
internal sealed class GeneratedWorkspaceTests
{
    private const double Accuracy = 1e-6;

    private static readonly string References = Checkout.File("benchmarks", "studies", "workspaces", "references.json");

    [Test]
    public void Fits_tests_and_limits_are_those_of_another_implementation()
    {
        JsonArray references = JsonNode.Parse(File.ReadAllText(References))!.AsArray();
        Assert.That(references, Has.Count.EqualTo(50));
        Assert.Multiple(() =>
        {
            foreach (JsonNode? reference in references)
            {
                Check(reference!, $"seed {reference!["seed"]}");
            }
        });
    }

    [Test]
    public void Fits_end_in_the_lower_minimum_of_a_folded_variation_wherever_they_start()
    {
        // The background's yield rises both ways, by 30 % up and 20 % down: 120 for 100 are found at α = ln 1.2/ln 1.3 or near −1.
        static StrengthTest From(double start)
        {
            Workspace workspace = Workspace.Parse(SmallWorkspace.Of(
                """
                [{"name": "control", "samples": [{"name": "b", "data": [10000], "modifiers": [
                   {"name": "n", "type": "normsys", "data": {"hi": 1.3, "lo": 1.2}}]}]},
                 {"name": "region", "samples": [
                   {"name": "b", "data": [50], "modifiers": [{"name": "n", "type": "normsys", "data": {"hi": 1.1, "lo": 0.9}}]},
                   {"name": "s", "data": [10], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]}]}]
                """,
                """[{"name": "control", "data": [12000]}, {"name": "region", "data": [55]}]""",
                FormattableString.Invariant($$"""[{"name": "n", "inits": [{{start}}]}]""")));
            LikelihoodModel model = workspace.Model();
            return new StrengthTest(model, workspace.Data(model));
        }

        StrengthTest up = From(1);
        StrengthTest down = From(-1);
        Assert.That(up.Observed.Fit().Parameters[1], Is.EqualTo(Math.Log(1.2) / Math.Log(1.3)).Within(0.05));
        Assert.That(down.Observed.Fit().Parameters, Is.EqualTo(up.Observed.Fit().Parameters).Within(1e-6));
        Assert.That(down.Test(1).Cls, Is.EqualTo(up.Test(1).Cls).Within(1e-8));
        Assert.That(down.UpperLimits().Expected, Is.EqualTo(up.UpperLimits().Expected).Within(1e-7));
    }

    [Test]
    public void Every_modifier_and_override_is_among_them()
    {
        string text = File.ReadAllText(References);
        foreach (string word in (string[])
            [
                "normfactor", "normsys", "histosys", "shapesys", "shapefactor", "staterror", "lumi", "inits", "bounds", "fixed", "auxdata",
                "sigmas", "factors",
            ])
        {
            Assert.That(text.Split($"\"{word}\"").Length, Is.GreaterThan(5), word);
        }
    }

    private static void Check(JsonNode reference, string seed)
    {
        Workspace workspace = Workspace.Parse(reference["workspace"]!.ToJsonString());
        LikelihoodModel model = workspace.Model((string)reference["measurement"]!);
        var test = new StrengthTest(model, workspace.Data(model));
        FitResult fit = test.Observed.Fit();
        StrengthTestResult atMu = test.Test((double)reference["mu"]!);
        UpperLimits limits = test.UpperLimits();

        Assert.That(fit.TwiceNll, Is.EqualTo((double)reference["twiceNll"]!).Within(Accuracy), $"{seed}: −2 ln L");
        Assert.That(fit.Names, Is.EquivalentTo(reference["parameters"]!.AsObject().Select(parameter => parameter.Key)), seed);
        for (int i = 0; i < fit.Names.Count; i++)
        {
            Assert.That(
                fit.Parameters[i], Is.EqualTo((double)reference["parameters"]![fit.Names[i]]!).Within(Accuracy), $"{seed}: {fit.Names[i]}");
        }

        Assert.That(atMu.Q, Is.EqualTo((double)reference["qTilde"]!).Within(Accuracy), $"{seed}: q̃");
        Assert.That(atMu.Cls, Is.EqualTo((double)reference["cls"]!).Within(Accuracy), $"{seed}: CLs");
        Assert.That(atMu.ExpectedCls, Is.EqualTo(Numbers(reference["expectedCls"]!)).Within(Accuracy), $"{seed}: expected CLs");
        Assert.That(limits.Observed, Is.EqualTo((double)reference["upperLimit"]!).Within(100 * Accuracy).Percent, $"{seed}: limit");
        Assert.That(
            limits.Expected, Is.EqualTo(Numbers(reference["expectedUpperLimit"]!)).Within(100 * Accuracy).Percent,
            $"{seed}: expected limits");
    }

    private static double[] Numbers(JsonNode node) => [.. node.AsArray().Select(value => (double)value!)];
}
