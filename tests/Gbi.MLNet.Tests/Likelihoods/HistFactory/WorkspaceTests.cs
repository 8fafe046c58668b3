using Gbi.Documents;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Tests.Likelihoods.HistFactory;

public sealed class WorkspaceTests
{
    private const string Signal = """{"name": "signal", "data": [3], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]}""";

    [TestCase(10, 50, 64)]
    [TestCase(5, 3, 9)]
    public void Counting_has_its_closed_forms(double signal, double background, double observed)
    {
        StrengthTest test = TestOf(SmallWorkspace.Counting(signal, background, observed));
        FitResult fit = test.Observed.Fit();
        double q0 = 2 * ((observed * Math.Log(observed / background)) - (observed - background));

        Assert.Multiple(() =>
        {
            Assert.That(test.Observed.MuHat, Is.EqualTo((observed - background) / signal).Within(1e-9));
            Assert.That(fit.Errors[0], Is.EqualTo(Math.Sqrt(observed) / signal).Within(1e-9));
            Assert.That(test.Observed.Q0(), Is.EqualTo(q0).Within(1e-9));
            Assert.That(test.Asimov.MuHat, Is.EqualTo(0).Within(1e-8));
        });
    }

    [Test]
    public void A_deficit_ends_at_the_bound_and_says_so()
    {
        StrengthTest test = TestOf(SmallWorkspace.Counting(10, 50, 40));
        double q = 2 * (60 - 50 - (40 * Math.Log(60.0 / 50)));

        Assert.Multiple(() =>
        {
            Assert.That(test.Observed.MuHat, Is.Zero);
            Assert.That(test.Observed.Fit().AtBounds, Is.EqualTo(new[] { "mu" }));
            Assert.That(test.Observed.QTildeMu(1), Is.EqualTo(q).Within(1e-9));
            Assert.That(test.Observed.Q0(), Is.Zero);
        });
    }

    [Test]
    public void A_limit_is_where_CLs_says_so()
    {
        StrengthTest test = TestOf(SmallWorkspace.Counting(10, 50, 55));
        UpperLimits limits = test.UpperLimits(0.9);

        Assert.Multiple(() =>
        {
            Assert.That(test.Test(limits.Observed).Cls, Is.EqualTo(0.1).Within(1e-9));
            for (int band = 0; band < 5; band++)
            {
                Assert.That(test.Test(limits.Expected[band]).ExpectedCls[band], Is.EqualTo(0.1).Within(1e-9));
            }

            Assert.That(limits.Expected, Is.Ordered);
        });
    }

    [Test]
    public void A_limit_lies_above_the_bound_that_a_workspace_begins_with()
    {
        // 0.1 μ for 10 μ: the limits are 100 times as far, at some hundreds.
        UpperLimits near = TestOf(SmallWorkspace.Counting(10, 50, 55)).UpperLimits();
        UpperLimits far = TestOf(SmallWorkspace.Counting(0.1, 50, 55)).UpperLimits();

        Assert.That(far.Observed, Is.EqualTo(100 * near.Observed).Within(1e-6));
        Assert.That(far.Expected, Is.EqualTo(near.Expected.Select(limit => 100 * limit)).Within(1e-6));
        Assert.That(far.MuHat, Is.EqualTo(50).Within(1e-6));
    }

    [Test]
    public void Limits_below_a_typed_bound_are_found_and_the_others_are_said_to_lie_above()
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Counting(10, 50, 55));
        LikelihoodModel model = workspace.Model();
        UpperLimits whole = new StrengthTest(model, workspace.Data(model)).UpperLimits();
        double bound = (whole.Expected[1] + whole.Expected[2]) / 2;
        var typed = new LikelihoodModel(
            [model.Parameters[0] with { Upper = bound, UpperOfLimits = bound }], model.Channels, model.Parameters[0].Name);
        UpperLimits limits = new StrengthTest(typed, workspace.Data(model)).UpperLimits();

        Assert.That(limits.Expected.Take(2), Is.EqualTo(whole.Expected.Take(2)).Within(1e-9));
        Assert.That(limits.Expected.Skip(2).Append(limits.Observed), Is.All.NaN);
        Assert.That(limits.Failures, Has.Count.EqualTo(4).And.All.Contains("the upper bound of mu"));
    }

    [Test]
    public void Counts_where_nothing_is_expected_are_an_error() =>
        Assert.That(
            Assert.Throws<FitException>(() => TestOf(SmallWorkspace.Counting(0, 0, 3)).Test(1))!.Message,
            Does.Contain("Bin 0 of channel 'c' holds 3 counts, but 0 are expected"));

    [Test]
    public void Strengths_that_no_data_can_tell_apart_have_no_errors_but_a_test()
    {
        // λ = 10 μ k + 50: only μ k is known, so that k adapts to any μ above 0 and q̃ is 0 there.
        const string Channel = """[{"name": "c", "samples": [{"name": "s", "data": [10], "modifiers": ["""
            + """{"name": "mu", "type": "normfactor", "data": null}, {"name": "k", "type": "normfactor", "data": null}]}, """
            + """{"name": "b", "data": [50], "modifiers": []}]}]""";
        StrengthTest test = TestOf(SmallWorkspace.Of(Channel, """[{"name": "c", "data": [64]}]"""));
        FitResult fit = test.Observed.Fit();

        Assert.Multiple(() =>
        {
            Assert.That(fit.Minimum.Status, Is.EqualTo(Gbi.Numerics.Minima.MinimumStatus.Degenerate));
            Assert.That(fit.Parameters[0] * fit.Parameters[1], Is.EqualTo(1.4).Within(1e-8));
            Assert.That(fit.Errors, Is.All.NaN);
            Assert.That(test.Observed.TMu(2), Is.Zero.Within(1e-9));
        });
    }

    [Test]
    public void Toys_do_not_depend_on_threads_and_spread_as_Poisson_says()
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Counting(10, 50, 55));
        LikelihoodModel model = workspace.Model();
        (ToyFits single, ToyFits many) = ThreadLimit.Compare(
            () => ToyFits.Of(model, 0, 4000, new ToySource(model, [1], new Seed(11)).Draw, mu: 1));

        Assert.Multiple(() =>
        {
            Assert.That(single.Values, Is.EqualTo(many.Values));
            Assert.That(single.MuHat, Is.EqualTo(many.MuHat));
            Assert.That(many.FailureCount, Is.Zero);

            // μ̂ = (n − 50)/10 with n ~ Poisson(60): mean 1, variance 0.6; 4000 toys, five standard errors.
            Assert.That(many.MuHat.Average(), Is.EqualTo(1).Within(5 * Math.Sqrt(0.6 / 4000)));
        });
    }

    [Test]
    public void Constraints_take_their_widths_from_the_document()
    {
        // staterror: σ = √(3² + 4²)/(30 + 20); a bin without yields is fixed. shapesys: τ = (20/5)².
        Workspace workspace = Workspace.Parse(SmallWorkspace.Of(
            """
            [{"name": "c", "samples": [
              {"name": "a", "data": [30, 0], "modifiers": [{"name": "mu", "type": "normfactor", "data": null},
                {"name": "st", "type": "staterror", "data": [3, 0]}]},
              {"name": "b", "data": [20, 0], "modifiers": [{"name": "st", "type": "staterror", "data": [4, 0]},
                {"name": "sh", "type": "shapesys", "data": [5, 0]}, {"name": "lumi", "type": "lumi", "data": null}]}]}]
            """,
            """[{"name": "c", "data": [50, 0]}]""",
            """[{"name": "lumi", "auxdata": [1.1], "sigmas": [0.02], "bounds": [[0.5, 1.5]], "inits": [1.1]}, """
                + """{"name": "mu", "inits": [0.5], "fixed": true}]"""));
        LikelihoodModel model = workspace.Model();
        FitParameter Find(string name) => model.Parameters[model.IndexOf(name)];

        Assert.Multiple(() =>
        {
            Assert.That(
                model.Parameters.Select(parameter => parameter.Name),
                Is.EqualTo(new[] { "lumi", "mu", "sh[0]", "sh[1]", "st[0]", "st[1]" }));
            Assert.That(Find("st[0]").Constraint!.Width, Is.EqualTo(0.1).Within(1e-15));
            Assert.That(Find("st[1]").IsFixed);
            Assert.That(Find("sh[0]").Constraint, Is.EqualTo(Constraint.Poisson(16)));
            Assert.That((Find("sh[1]").Constraint, Find("sh[1]").IsFixed), Is.EqualTo((Constraint.Poisson(1), true)));
            Assert.That(Find("lumi").Constraint, Is.EqualTo(Constraint.Gaussian(1.1, 0.02)));
            Assert.That((Find("lumi").Initial, Find("lumi").Lower, Find("lumi").Upper), Is.EqualTo((1.1, 0.5, 1.5)));
            Assert.That((Find("mu").Initial, Find("mu").IsFixed), Is.EqualTo((0.5, true)));
            ModelData data = workspace.Data(model);
            Assert.That((double[])[.. data.Counts, .. data.Auxiliary], Is.EqualTo(new[] { 50, 0, 1.1, 16, 1, 1, 1 }));
        });
    }

    [Test]
    public void A_patch_adds_replaces_and_removes()
    {
        Workspace patched = Workspace.Parse(SmallWorkspace.Counting(10, 50, 55)).WithPatch(
            """
            [{"op": "test", "path": "/version", "value": "1.0.0"},
             {"op": "replace", "path": "/channels/0/samples/1/data", "value": [40]},
             {"op": "add", "path": "/channels/0/samples/-", "value": {"name": "other", "data": [5], "modifiers": []}},
             {"op": "add", "path": "/channels/0/samples/0", "value": {"name": "gone", "data": [99], "modifiers": []}},
             {"op": "remove", "path": "/channels/0/samples/0"}]
            """);

        Assert.That(patched.Model().AsimovData([0]).Counts[0], Is.EqualTo(45));
    }

    [Test]
    public void A_patch_set_gives_the_patch_of_a_name()
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Counting(10, 50, 55));
        string set = SmallWorkspace.PatchSet(
            workspace.Digest("sha256"), ("x", "[]"), ("y", """[{"op": "replace", "path": "/channels/0/samples/1/data/0", "value": 7}]"""));

        Assert.Multiple(() =>
        {
            Assert.That(workspace.WithPatch(set, "y").Model().AsimovData([0]).Counts[0], Is.EqualTo(7));
            Assert.That(Assert.Throws<DocumentException>(() => workspace.WithPatch(set))!.Message, Does.Contain("a set of 2 patches"));
            Assert.That(Assert.Throws<DocumentException>(() => workspace.WithPatch(set, "z"))!.Message, Does.Contain("no patch 'z'"));
        });
    }

    [TestCase("""[{"op": "remove", "path": "/channels/4"}]""", "/0/path is '/channels/4', which the document lacks.")]
    [TestCase("""[{"op": "move", "path": "/version"}]""", "/0 has no 'from'.")]
    [TestCase("""[{"op": "merge", "path": "/version"}]""", "/0/op is 'merge', expected one of add, remove, replace, move, copy, test")]
    [TestCase("""[{"op": "add", "path": "/version"}]""", "/0 has no 'value'.")]
    [TestCase("""[{"op": "remove", "path": "/channels/-1"}]""", "/0/path is '/channels/-1', in which '-1' is no index of an array")]
    [TestCase("""[{"op": "remove", "path": "/channels/00"}]""", "in which '00' is no index of an array")]
    [TestCase("""[{"op": "remove", "path": "/channels/-"}]""", "in which '-' is no index of an array")]
    [TestCase("""[{"op": "add", "path": "/channels/~2", "value": 1}]""", "in which ~ is neither ~0 nor ~1")]
    [TestCase("""[{"op": "move", "from": "/channels", "path": "/channels/0"}]""", "moves '/channels' into itself")]
    [TestCase("""[{"op": "copy", "from": "/nothing", "path": "/channels/0"}]""", "/0/from is '/nothing', which the document lacks")]
    [TestCase("""[{"op": "add", "path": "/extra", "value": 1}]""", "/extra is unknown")]
    [TestCase("""[{"op": "test", "path": "/version", "value": "2"}]""", "the patch belongs to another workspace")]
    [TestCase("""[{"op": "add", "path": "x", "value": 1}]""", "expected one that starts with '/'")]
    [TestCase("{", "The patch is not valid JSON")]
    public void A_patch_that_does_not_fit_is_refused(string patch, string sentence)
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Counting(10, 50, 55));

        Assert.That(Assert.Throws<DocumentException>(() => workspace.WithPatch(patch))!.Message, Does.Contain(sentence));
    }

    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": [{"name": "x", "type": "normsis", "data": null}]}]}]""",
        "/channels/0/samples/0/modifiers/0/type is 'normsis', expected one of histosys")]
    [TestCase("""[{"name": "c", "samples": ["""
        + """{"name": "s", "data": ["one"], "modifiers": []}]}]""", "/channels/0/samples/0/data/0 is \"one\", expected a finite number")]
    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": [{"name": "x", "type": "normsys", "data": """
        + """{"hi": 1.1}}]}]}]""", "/channels/0/samples/0/modifiers/0/data has no 'lo'.")]
    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": [{"name": "x", "type": "normsys", "data": """
        + """{"hi": 1.1, "lo": -1}}]}]}]""", "/data/lo is -1, expected a factor above 0")]
    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": [{"name": "x", "type": "histosys", "data": """
        + """{"hi_data": [1, 2], "lo_data": [1]}}]}]}]""", "/data/hi_data has 2 numbers, expected 1")]
    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": []}, """
        + """{"name": "t", "data": [1, 2], "modifiers": []}]}]""", "/channels/0/samples/1/data has 2 numbers, expected 1")]
    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": ["""
        + """{"name": "lumi", "type": "lumi", "data": null}]}]}]""", "needs its 'auxdata', 'sigmas', 'inits' and 'bounds'")]
    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": [{"name": "x", "type": "shapesys", "data": [1]}, """
        + """{"name": "x", "type": "normfactor", "data": null}]}]}]""", "is a normfactor named 'x' like the shapesys at")]
    [TestCase("""[{"name": "c", "samples": ["""
        + """{"name": "s", "data": [1], "modifiers": []}]}]""", "/channels has no modifier, so that the model has no parameter")]
    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": ["""
        + """{"name": "k", "type": "normfactor", "data": null}]}]}]""", "/measurements/0/config/poi is 'mu', which no modifier has")]
    [TestCase("""[{"name": "c", "samples": [{"name": "s", "data": [1], "modifiers": []}]}, {"name": "c", "samples": ["""
        + """{"name": "s", "data": [1], "modifiers": []}]}]""", "/channels/1/name is 'c' like that of /channels/0; names must differ")]
    [TestCase("[]", "/channels is empty")]
    [TestCase("{}", "/channels is an object, expected an array")]
    public void A_wrong_document_is_refused_with_the_place(string channels, string sentence)
    {
        DocumentException error = Assert.Throws<DocumentException>(
            () => Workspace.Parse(SmallWorkspace.Of(channels, """[{"name": "c", "data": [1]}]""")).Model())!;

        Assert.That(error.Message, Does.Contain(sentence));
    }

    [TestCase("""[{"name": "d", "data": [1]}]""", "/observations has no observation of channel 'c'")]
    [TestCase("""[{"name": "c", "data": [1, 2]}]""", "/observations/0/data has 2 numbers, expected 1")]
    [TestCase("""[{"name": "c", "data": [-1]}]""", "/observations/0/data has a negative count")]
    public void Wrong_observations_are_refused_with_the_place(string observations, string sentence)
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Of($$"""[{"name": "c", "samples": [{{Signal}}]}]""", observations));

        Assert.That(Assert.Throws<DocumentException>(() => workspace.Data(workspace.Model()))!.Message, Does.Contain(sentence));
    }

    private static StrengthTest TestOf(string json)
    {
        Workspace workspace = Workspace.Parse(json);
        LikelihoodModel model = workspace.Model();
        return new StrengthTest(model, workspace.Data(model));
    }
}
