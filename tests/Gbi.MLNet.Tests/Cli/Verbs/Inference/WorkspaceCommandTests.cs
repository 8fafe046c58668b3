using System.Text.Json;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Cli.Verbs.Inference;

public sealed class WorkspaceCommandTests
{
    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        File.WriteAllText(_folder["counting.json"], SmallWorkspace.Counting(10, 50, 55));
        File.WriteAllText(_folder["patch.json"], """[{"op": "replace", "path": "/observations/0/data/0", "value": 62}]""");
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _folder.Dispose();

    [Test]
    public void Hypotest_prints_what_the_design_names()
    {
        JsonElement found = Json("hypotest", _folder["counting.json"], "--mu", "2", "--json");
        double[] expected = [.. found.GetProperty("CLs_exp").EnumerateArray().Select(value => value.GetDouble())];

        // q of n = 55 over 50 + 10 μ: 2 (70 − 55 − 55 ln(70/55)) at μ = 2.
        Assert.Multiple(() =>
        {
            Assert.That(found.GetProperty("muHat").GetDouble(), Is.EqualTo(0.5).Within(1e-9));
            Assert.That(found.GetProperty("q").GetDouble(), Is.EqualTo(2 * (15 - (55 * Math.Log(70.0 / 55)))).Within(1e-9));
            Assert.That(found.GetProperty("CLs_obs").GetDouble(), Is.InRange(0, 1));
            Assert.That(expected, Has.Length.EqualTo(5).And.Ordered);
        });
    }

    [Test]
    public void Limit_is_the_strength_at_which_hypotest_gives_five_per_cent()
    {
        JsonElement limit = Json("limit", _folder["counting.json"], "--json");
        string mu = limit.GetProperty("upperLimit").GetDouble().ToString("R", System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(
            Json("hypotest", _folder["counting.json"], "--mu", mu, "--json").GetProperty("CLs_obs").GetDouble(),
            Is.EqualTo(0.05).Within(1e-9));
    }

    [Test]
    public void Fit_says_which_parameters_are_fixed()
    {
        string settings = """[{"name": "mu", "fixed": true, "inits": [0.5]}]""";
        File.WriteAllText(_folder["fixed.json"], Gbi.Tests.Likelihoods.HistFactory.SmallWorkspace.Of(
            """
            [{"name": "c", "samples": [{"name": "s", "data": [10], "modifiers": [
              {"name": "mu", "type": "normfactor", "data": null}, {"name": "k", "type": "normfactor", "data": null}]}]}]
            """,
            """[{"name": "c", "data": [7]}]""",
            settings));
        string printed = CliRun.Done("fit", _folder["fixed.json"]).Output;
        Assert.That(printed, Does.Match("mu +│ +0.5 │ +0 │ +│ fixed").And.Match("k +│ +1.4 │"));
    }

    [Test]
    public void Fit_takes_a_patch()
    {
        JsonElement fit = Json("fit", _folder["counting.json"], "--patch", _folder["patch.json"], "--json");
        JsonElement mu = fit.GetProperty("parameters")[0];

        Assert.Multiple(() =>
        {
            Assert.That(mu.GetProperty("name").GetString(), Is.EqualTo("mu"));
            Assert.That(mu.GetProperty("value").GetDouble(), Is.EqualTo(1.2).Within(1e-9));
            Assert.That(mu.GetProperty("error").GetDouble(), Is.EqualTo(Math.Sqrt(62) / 10).Within(1e-9));
            Assert.That(fit.GetProperty("status").GetString(), Is.EqualTo("converged"));
        });
    }

    [Test]
    public void Toys_agree_with_the_exact_Poisson_probability()
    {
        // μ̂ = (n − 50)/10 in [0, 10], so that q̃₁ ≥ its value at n = 55 exactly where n ≤ 55.
        JsonElement found = Json("toys", _folder["counting.json"], "--toys", "4000", "--seed", "3", "--json");
        double both = new MathNet.Numerics.Distributions.Poisson(60).CumulativeDistribution(55);
        double background = new MathNet.Numerics.Distributions.Poisson(50).CumulativeDistribution(55);

        Assert.Multiple(() =>
        {
            Assert.That(found.GetProperty("failed").GetInt32(), Is.Zero);
            Assert.That(found.GetProperty("clsb").GetDouble(), Is.EqualTo(both).Within(5 * Math.Sqrt(both * (1 - both) / 4000)));
            Assert.That(
                found.GetProperty("clb").GetDouble(), Is.EqualTo(background).Within(5 * Math.Sqrt(background * (1 - background) / 4000)));
            Assert.That(
                found.GetProperty("cls").GetDouble(),
                Is.EqualTo(both / background).Within(5 * found.GetProperty("clsError").GetDouble()));
        });
    }

    [Test]
    public void People_read_tables()
    {
        Assert.Multiple(() =>
        {
            Assert.That(CliRun.Done("hypotest", _folder["counting.json"]).Output, Does.Contain("observed").And.Contain("expected, median"));
            Assert.That(CliRun.Done("limit", _folder["counting.json"]).Output, Does.Contain("95 % upper limit"));
            Assert.That(CliRun.Done("fit", _folder["counting.json"]).Output, Does.Contain("mu").And.Contain("−2 ln L"));
        });
    }

    [Test]
    public void Significance_is_that_of_a_count_in_every_document()
    {
        // q₀ = 2 (n ln(n/b) − (n − b)) for n = 55, b = 50, and the Asimov data of μ = 1 count 60.
        static double Q0(double count) => 2 * ((count * Math.Log(count / 50)) - (count - 50));
        foreach (string verb in (string[])["significance", "hypotest", "limit"])
        {
            JsonElement found = Json(verb, _folder["counting.json"], "--json").GetProperty("discovery");
            double[] expected = [.. found.GetProperty("expectedZ").EnumerateArray().Select(value => value.GetDouble())];

            Assert.That(found.GetProperty("q0").GetDouble(), Is.EqualTo(Q0(55)).Within(1e-9), verb);
            Assert.That(found.GetProperty("z").GetDouble(), Is.EqualTo(Math.Sqrt(Q0(55))).Within(1e-9), verb);
            Assert.That(found.GetProperty("p0").GetDouble(), Is.EqualTo(0.24328).Within(1e-5), verb);
            Assert.That(
                expected, Is.EqualTo(new[] { -2.0, -1, 0, 1, 2 }.Select(n => Math.Max(0, Math.Sqrt(Q0(60)) + n))).Within(1e-9), verb);
        }
    }

    [Test]
    public void Significance_by_toys_agrees_with_the_exact_Poisson_probability()
    {
        JsonElement found = Json("significance", _folder["counting.json"], "--toys", "4000", "--seed", "5", "--json");
        double p = 1 - new MathNet.Numerics.Distributions.Poisson(50).CumulativeDistribution(54);
        double error = Math.Sqrt(p * (1 - p) / 4000);

        Assert.That(found.GetProperty("discovery").GetProperty("p0").GetDouble(), Is.EqualTo(p).Within(5 * error));
        Assert.That(found.GetProperty("p0Error").GetDouble(), Is.EqualTo(error).Within(0.1 * error));
        Assert.That(CliRun.Done("significance", _folder["counting.json"]).Output, Does.Contain("observed").And.Contain("expected, median"));
    }

    [Test]
    public void Hypotest_and_limit_by_toys_print_errors()
    {
        JsonElement toys = Json("toys", _folder["counting.json"], "--toys", "300", "--seed", "5", "--json");
        JsonElement hypotest = Json("hypotest", _folder["counting.json"], "--toys", "300", "--seed", "5", "--json");
        foreach (string name in (string[])["cls", "clsError", "clsb", "clb", "muHat", "measurement", "expectedCls", "expectedClsError"])
        {
            Assert.That(hypotest.GetProperty(name).ToString(), Is.EqualTo(toys.GetProperty(name).ToString()), name);
        }

        Assert.That(hypotest.GetProperty("method").GetString(), Is.EqualTo("toys"));
        Assert.That(hypotest.GetProperty("CLs_obs").GetDouble(), Is.EqualTo(hypotest.GetProperty("cls").GetDouble()));
        JsonElement limit = Json("limit", _folder["counting.json"], "--toys", "300", "--seed", "5", "--json");
        Assert.That(limit.GetProperty("toys").GetInt32(), Is.EqualTo(300));
        Assert.That(limit.GetProperty("upperLimitError").GetDouble(), Is.InRange(0.01, 0.5));
        Assert.That(limit.GetProperty("tests").GetArrayLength(), Is.GreaterThan(5));
        Assert.That(
            CliRun.Done("limit", _folder["counting.json"], "--toys", "300").Output, Does.Contain("±").And.Contain("300 toys of each kind"));
        Assert.That(CliRun.Done("hypotest", _folder["counting.json"], "--toys", "300").Output, Does.Contain("300 toys of each kind"));
    }

    [Test]
    public void A_workspace_that_is_described_as_a_model_has_the_same_limits_beyond_the_bound()
    {
        File.WriteAllText(_folder["weak.json"], SmallWorkspace.Counting(1, 50, 55));
        string model = CliRun.Done("describe", _folder["weak.json"], "--json").Output;
        File.WriteAllText(_folder["weak-model.json"], model);
        double limit = Json("limit", _folder["weak.json"], "--json").GetProperty("upperLimit").GetDouble();

        Assert.That(model, Does.Contain("\"upperOfLimits\": \"none\""));
        Assert.That(limit, Is.GreaterThan(10));
        Assert.That(Json("limit", _folder["weak-model.json"], "--json").GetProperty("upperLimit").GetDouble(), Is.EqualTo(limit));
        File.WriteAllText(_folder["weak-model.json"], model.Replace("\"none\"", "\"no\""));
        Assert.That(
            CliRun.Of("limit", _folder["weak-model.json"]).Error,
            Does.Contain("/parameters/0/upperOfLimits is 'no', expected a number or \"none\""));
        File.WriteAllText(_folder["weak-model.json"], model.Replace("\"none\"", "12"));
        Assert.That(CliRun.Of("limit", _folder["weak-model.json"]).Output, Does.Contain("above 12, the upper bound of mu"));
    }

    [TestCase("sh[1]", null)]
    [TestCase("sh[2]", "which is of 2 parameters, one for each bin; name one of sh[0] to sh[1].")]
    [TestCase("sh", "which is of 2 parameters, one for each bin; name one of sh[0] to sh[1].")]
    [TestCase("mu[0]", "which has an index, but mu is one parameter; name it without.")]
    [TestCase("x[1]", "which no modifier has as its name")]
    public void A_parameter_of_a_set_is_of_interest_by_its_index(string name, string? refused)
    {
        File.WriteAllText(_folder["shape.json"], SmallWorkspace.Of(
            """
            [{"name": "c", "samples": [
               {"name": "s", "data": [3, 4], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]},
               {"name": "b", "data": [40, 50], "modifiers": [{"name": "sh", "type": "shapefactor", "data": null}]}]}]
            """,
            """[{"name": "c", "data": [43, 47]}]"""));
        CliRun run = CliRun.Of("interval", _folder["shape.json"], "--poi", name, "--fix", "mu=0");
        Assert.That(run.Code, Is.EqualTo(refused is null ? 0 : 1), run.Error);
        Assert.That(refused is null ? run.Output : run.Error, Does.Contain(refused ?? "sh[1]"));
    }

    [TestCase("limit"), TestCase("hypotest"), TestCase("significance")]
    public void A_seed_without_toys_is_refused(string verb)
    {
        CliRun run = CliRun.Of(verb, _folder["counting.json"], "--seed", "3");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("--seed needs --toys"));
    }

    [Test]
    public void An_excess_beyond_the_bound_of_the_strength_has_its_whole_significance()
    {
        File.WriteAllText(_folder["strong.json"], SmallWorkspace.Counting(1, 50, 250));
        double q0 = 2 * ((250 * Math.Log(5)) - 200);

        JsonElement found = Json("significance", _folder["strong.json"], "--json");
        Assert.That(found.GetProperty("muHat").GetDouble(), Is.EqualTo(200).Within(1e-6));
        Assert.That(found.GetProperty("discovery").GetProperty("z").GetDouble(), Is.EqualTo(Math.Sqrt(q0)).Within(1e-9));
    }

    [Test]
    public void Several_patches_and_standard_input_are_taken()
    {
        File.WriteAllText(_folder["more.json"], """[{"op": "replace", "path": "/observations/0/data/0", "value": 66}]""");
        TextReader before = Console.In;
        try
        {
            Console.SetIn(new StringReader(SmallWorkspace.Counting(10, 50, 55)));
            JsonElement fit = Json("fit", "-", "--patch", _folder["patch.json"], "--patch", _folder["more.json"], "--json");
            Assert.That(fit.GetProperty("parameters")[0].GetProperty("value").GetDouble(), Is.EqualTo(1.6).Within(1e-9));
            Assert.That(fit.GetProperty("measurement").GetString(), Is.EqualTo("m"));
        }
        finally
        {
            Console.SetIn(before);
        }
    }

    [Test]
    public void Parameters_are_fixed_started_and_bounded_from_the_command_line()
    {
        string counting = _folder["counting.json"];
        double Value(params string[] options) =>
            Json(["fit", counting, .. options, "--json"]).GetProperty("parameters")[0].GetProperty("value").GetDouble();

        Assert.Multiple(() =>
        {
            Assert.That(Value("--fix", "mu=0.25"), Is.EqualTo(0.25));
            Assert.That(Value("--fix", "mu"), Is.EqualTo(1));
            Assert.That(Value("--fix", "mu", "--start", "mu=3"), Is.EqualTo(3));
            Assert.That(Value("--start", "mu=3"), Is.EqualTo(0.5).Within(1e-9));
            Assert.That(Value("--bounds", "mu=1:2"), Is.EqualTo(1));
            Assert.That(Value("--bounds", "mu=:0.2"), Is.EqualTo(0.2));
            Assert.That(CliRun.Of("limit", counting, "--bounds", "mu=0:0.1").Error, Does.Contain("the upper bound of mu"));
            CliRun unknown = CliRun.Of("fit", counting, "--fix", "mju");
            Assert.That(unknown.Code, Is.EqualTo(1), "as any name that a file lacks");
            Assert.That(unknown.Error, Does.Contain("--fix names 'mju'").And.Contain("mu"));
            Assert.That(CliRun.Of("fit", counting, "--bounds", "mu=2:1").Error, Does.Contain("NAME=LO:HI"));
            Assert.That(CliRun.Of("fit", counting, "--start", "mu").Error, Does.Contain("NAME=V"));
            foreach (string verb in (string[])["hypotest", "limit", "interval", "toys", "significance"])
            {
                Assert.That(CliRun.Of(verb, counting, "--fix", "mu").Error, Does.StartWith("The parameter of interest 'mu' is fixed"));
                Assert.That(CliRun.Of(verb, counting, "--poi", "none").Error, Does.StartWith("The model has no parameter of interest"));
            }
        });
    }

    [Test]
    public void The_first_of_several_measurements_is_used_and_named()
    {
        string two = SmallWorkspace.Counting(10, 50, 55).Replace(
            """[{ "name": "m",""", """[{ "name": "first", "config": { "poi": "mu", "parameters": [] } }, { "name": "m",""");
        File.WriteAllText(_folder["two.json"], two);

        Assert.That(CliRun.Done("hypotest", _folder["two.json"]).Output, Does.Contain("Measurement 'first' of 'first', 'm'"));
        Assert.That(Json("limit", _folder["two.json"], "--json").GetProperty("measurement").GetString(), Is.EqualTo("first"));
        Assert.That(
            Json("fit", _folder["two.json"], "--measurement", "m", "--json").GetProperty("measurement").GetString(), Is.EqualTo("m"));
    }

    [Test]
    public void A_patch_set_is_listed_checked_and_applied_by_name()
    {
        string digest = Gbi.Likelihoods.HistFactory.Workspace.Parse(File.ReadAllText(_folder["counting.json"])).Digest("sha256");
        string set = SmallWorkspace.PatchSet(
            digest, ("m100", "[]"), ("m200", """[{"op": "replace", "path": "/observations/0/data/0", "value": 62}]"""));
        File.WriteAllText(_folder["set.json"], set);
        JsonElement listed = Json("patchset", _folder["set.json"], "--workspace", _folder["counting.json"], "--json");

        Assert.Multiple(() =>
        {
            Assert.That(
                listed.GetProperty("patches").EnumerateArray().Select(patch => patch.GetProperty("name").GetString()),
                Is.EqualTo(new[] { "m100", "m200" }));
            Assert.That(listed.GetProperty("isVerified").GetBoolean());
            Assert.That(CliRun.Done("patchset", _folder["set.json"]).Output, Does.Contain("m200").And.Contain("2 patches"));
            Assert.That(CliRun.Of("patchset", _folder["set.json"], "--workspace", _folder["two.json"]).Code, Is.EqualTo(1));
            JsonElement fit = Json("fit", _folder["counting.json"], "--patch", _folder["set.json"], "--patch-name", "m200", "--json");
            Assert.That(fit.GetProperty("parameters")[0].GetProperty("value").GetDouble(), Is.EqualTo(1.2).Within(1e-9));
        });
    }

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(CliRun.Done(args).Output).RootElement;
}
