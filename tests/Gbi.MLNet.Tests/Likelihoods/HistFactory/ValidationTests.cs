using System.Text.Json.Nodes;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Interpolations;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>
/// pyhf's own validation cases at μ = 1, with the CLs that its test suite (tests/test_validation.py) expects; its minimiser leaves them
/// good to the tolerances given here.
/// </summary>
public sealed class ValidationTests
{
    [Test]
    public void Normsys()
    {
        JsonNode bins = Bins("1bin_normsys");
        string norm = Modifier("bkg_norm", "normsys", """{"lo": 0.9, "hi": 1.1}""");
        string channel = Channel("c", Signal(bins), Sample("bkg", bins["bkg"], norm));
        StrengthTestResult found = Test(
            channel, [("c", bins["data"]!)], new WorkspaceLaws { Normalisation = InterpolationLaw.PiecewiseExponential });

        // A golden section search over alpha gives the first band as 7.4728068e-10, as we do: its minimiser stopped early.
        Check(found, 0.0006735317023683173,
            [7.471684419037561e-10, 5.7411551509088054e-08, 3.6898088062731205e-06, 0.00016965731538267896, 0.004392708998555453], 2e-4);
    }

    [Test]
    public void Histosys()
    {
        JsonNode bins = Bins("2bin_histosys_example2");
        string variation = $$"""{"lo_data": {{bins["bkgsys_dn"]}}, "hi_data": {{bins["bkgsys_up"]}}}""";
        string channel = Channel("c", Signal(bins), Sample("bkg", bins["bkg"], Modifier("bkg_norm", "histosys", variation)));
        StrengthTestResult found = Test(channel, [("c", bins["data"]!)], new WorkspaceLaws { Shape = InterpolationLaw.PiecewiseLinear });

        Check(found, 0.1001463460725534,
            [7.134513306138892e-06, 0.00012547100627138575, 0.001880010666437615, 0.02078964907605385, 0.13692494523572218], 1e-3);
    }

    [Test]
    public void Shapefactor_in_two_channels()
    {
        JsonNode signal = Bins("2bin_2channel_coupledshapefactor", "signal");
        JsonNode control = Bins("2bin_2channel_coupledshapefactor", "control");
        string factor = Modifier("coupled", "shapefactor", "null");
        string channels =
            $"{Channel("signal", Signal(signal), Sample("bkg1", signal["bkg1"], factor))}, "
                + $"{Channel("control", Sample("bkg", control["bkg1"], factor))}";
        StrengthTestResult found = Test(channels, [("signal", signal["data"]!), ("control", control["data"]!)]);

        Check(found, 0.5421679124909312,
            [0.013753299929451691, 0.048887400056355966, 0.15555296253957684, 0.4007561343326305, 0.7357169630955912], 1e-5);
    }

    [Test]
    public void Lumi_with_a_sample_of_no_yield()
    {
        JsonNode bins = Bins("1bin_lumi");
        string lumi = Modifier("lumi", "lumi", "null");
        string channel = Channel("c", Signal(bins), Sample("bkg1", bins["bkg1"], lumi), Sample("bkg2", bins["bkg2"], lumi));
        StrengthTestResult found = Test(
            channel, [("c", bins["data"]!)], null,
            """[{"name": "lumi", "auxdata": [1.0], "bounds": [[0.0, 10.0]], "inits": [1.0], "sigmas": [0.1]}]""");

        // The observed value of the other program is that of q_μ, which q̃_μ is not for so deep a deficit.
        Check(found, null, [0.01060400765567206, 0.04022451457730529, 0.13614632580079802, 0.37078985531427255, 0.7110468540175344], 1e-4);
        Assert.That(found.MuHat, Is.Zero);
    }

    [Test]
    public void Shapesys_with_a_bin_without_uncertainty()
    {
        string channel = Channel("c",
            Sample("signal", JsonNode.Parse("[20, 10]"), Modifier("mu", "normfactor", "null")),
            Sample("bkg", JsonNode.Parse("[100, 10]"), Modifier("syst", "shapesys", "[10, 0]")));
        StrengthTestResult found = Test(channel, [("c", JsonNode.Parse("[100, 10]")!)]);

        // These were made by ROOT; the other program's own tolerance is 1e-4.
        Assert.Multiple(() =>
        {
            Assert.That(found.Cls, Is.EqualTo(0.004360634405484502).Within(1e-4));
            Assert.That(found.ExpectedCls, Is.EqualTo(new[]
            {
                2.702197937866914e-05, 0.00037099917612576155, 0.004360634386335687, 0.03815031509701916, 0.20203027564155074,
            }).Within(1e-4));
        });
    }

    [Test]
    public void Staterror_shared_by_some_samples()
    {
        JsonNode bins = Bins("2bin_statex");
        string channel = Channel("c",
            Signal(bins),
            Sample("bkg1", bins["bkg1"], Modifier("stat", "staterror", bins["bkg1err"]!.ToJsonString())),
            Sample("bkg2", bins["bkg2"], Modifier("stat", "staterror", bins["bkg2err"]!.ToJsonString())),
            Sample("bkg3", bins["bkg3"]));
        Workspace workspace = Workspace.Parse(SmallWorkspace.Of($"[{channel}]", Observations([("c", bins["data"]!)])));
        LikelihoodModel model = workspace.Model();

        // √(10² + 5²)/(50 + 30) and √(10² + 5²)/(70 + 20); the third sample has no part in it.
        double[] widths = [.. model.Parameters.Skip(1).Select(parameter => parameter.Constraint!.Width)];
        Assert.That(widths, Is.EqualTo(new[] { Math.Sqrt(125) / 80, Math.Sqrt(125) / 90 }).Within(1e-15));
        Assert.That(new StrengthTest(model, workspace.Data(model)).Observed.Fit().Minimum.IsMinimum);
    }

    private static void Check(StrengthTestResult found, double? observed, double[] expected, double tolerance) => Assert.Multiple(() =>
    {
        Assert.That(found.Cls, Is.EqualTo(observed ?? found.Cls).Within(tolerance * found.Cls));
        for (int band = 0; band < expected.Length; band++)
        {
            Assert.That(found.ExpectedCls[band], Is.EqualTo(expected[band]).Within(tolerance * expected[band]), $"band {band}");
        }
    });

    private static StrengthTestResult Test(
        string channels, (string Name, JsonNode Data)[] observations, WorkspaceLaws? laws = null, string parameters = "[]")
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Of($"[{channels}]", Observations(observations), parameters));
        LikelihoodModel model = workspace.Model(laws: laws);
        return new StrengthTest(model, workspace.Data(model)).Test(1);
    }

    private static JsonNode Bins(string name, string? channel = null)
    {
        JsonNode document = JsonNode.Parse(File.ReadAllText(SharedData.Path($"pyhf/validation/{name}.json")))!;
        return (channel is null ? document : document["channels"]![channel]!)["bindata"]!;
    }

    private static string Observations((string Name, JsonNode Data)[] observations) =>
        $"[{string.Join(", ", observations.Select(one => $$"""{"name": "{{one.Name}}", "data": {{one.Data.ToJsonString()}}}"""))}]";

    private static string Channel(string name, params string[] samples) =>
        $$"""{"name": "{{name}}", "samples": [{{string.Join(", ", samples)}}]}""";

    private static string Signal(JsonNode bins) => Sample("signal", bins["sig"], Modifier("mu", "normfactor", "null"));

    private static string Sample(string name, JsonNode? data, params string[] modifiers) =>
        $$"""{"name": "{{name}}", "data": {{data!.ToJsonString()}}, "modifiers": [{{string.Join(", ", modifiers)}}]}""";

    private static string Modifier(string name, string type, string data) =>
        $$"""{"name": "{{name}}", "type": "{{type}}", "data": {{data}}}""";
}
