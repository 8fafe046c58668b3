using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>What pyhf's schemas and its model building refuse, and what they do not.</summary>
public sealed class WorkspaceSchemaTests
{
    private const string Modifiers = "/channels/0/samples/1/modifiers";

    private static readonly JsonNode Valid = JsonNode.Parse(SmallWorkspace.Of(
        """
        [{"name": "b", "samples": [
          {"name": "s", "data": [3, 2], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]},
          {"name": "k", "data": [40, 30], "modifiers": [{"name": "n", "type": "normsys", "data": {"hi": 1.1, "lo": 0.9}},
            {"name": "st", "type": "staterror", "data": [2, 1]}, {"name": "sh", "type": "shapesys", "data": [3, 0]},
            {"name": "n", "type": "histosys", "data": {"hi_data": [41, 31], "lo_data": [39, 29]}}]}]},
         {"name": "a", "samples": [{"name": "k", "data": [10], "modifiers": [{"name": "st", "type": "staterror", "data": [1]},
            {"name": "lumi", "type": "lumi", "data": null}]}]}]
        """,
        """[{"name": "a", "data": [11]}, {"name": "b", "data": [42, 33]}]""",
        """[{"name": "lumi", "auxdata": [1], "sigmas": [0.02], "inits": [1], "bounds": [[0.5, 1.5]]}]"""))!;

    [TestCase("1.0.0"), TestCase("1.0.1"), TestCase("1.1.0")]
    public void All_versions_are_read(string version)
    {
        Workspace workspace = Patched($$"""[{"op": "replace", "path": "/version", "value": "{{version}}"}]""");
        LikelihoodModel model = workspace.Model();

        // Statistics of two channels are one set, whose bins follow each other in the order of the channels' names.
        Assert.That(
            model.Parameters.Select(parameter => parameter.Name),
            Is.EqualTo(new[] { "n", "lumi", "mu", "sh[0]", "sh[1]", "st[0]", "st[1]", "st[2]" }));
        Assert.That(
            model.Parameters.TakeLast(3).Select(parameter => parameter.Constraint!.Width), Is.EqualTo(new[] { 0.1, 0.05, 1.0 / 30 }));
    }

    [TestCase("/version", "\"1.2.0\"", "/version is '1.2.0', expected 1.0.0, 1.0.1 or 1.1.0")]
    [TestCase("/version", null, "The document has no 'version'")]
    [TestCase("/extra", "1", "/extra is unknown")]
    [TestCase("/channels", "[]", "/channels is empty")]
    [TestCase("/observations", "[]", "/observations is empty")]
    [TestCase("/measurements", "[]", "/measurements is empty")]
    [TestCase("/channels/0/Samples", "[]", "/channels/0/Samples is unknown")]
    [TestCase("/channels/0/samples", "[]", "/channels/0/samples is empty")]
    [TestCase("/channels/0/samples/0/data", "[]", "/channels/0/samples/0/data is empty")]
    [TestCase("/channels/0/samples/0/data", "[true, 2]", "/channels/0/samples/0/data/0 is true, expected a finite number")]
    [TestCase("/channels/0/samples/0/modifiers", null, "/channels/0/samples/0 has no 'modifiers'")]
    [TestCase("/channels/0/samples/0/modifiers/0/data", null, "/channels/0/samples/0/modifiers/0 has no 'data'")]
    [TestCase("/channels/0/samples/0/modifiers/0/data", "[1]", "/channels/0/samples/0/modifiers/0/data is not null")]
    [TestCase("/channels/0/samples/0/modifiers/0/Type", "1", "/channels/0/samples/0/modifiers/0/Type is unknown")]
    [TestCase(Modifiers + "/0/data/mid", "1", Modifiers + "/0/data/mid is unknown")]
    [TestCase(Modifiers + "/0/type", "\"custom\"", Modifiers + "/0/type is 'custom', expected one of")]
    [TestCase(Modifiers + "/1/data", "[2]", Modifiers + "/1/data has 1 numbers, expected 2")]
    [TestCase(Modifiers + "/3/data/hi_data", "[41]", Modifiers + "/3/data/hi_data has 1 numbers, expected 2")]
    [TestCase("/channels/1/samples/0/modifiers/1/name", "\"l\"", "/name is 'l', expected 'lumi' for the type lumi")]
    [TestCase("/channels/1/samples/0/name", "\"other\"", "is a staterror named 'st' like that of channel 'a', but of other samples")]
    [TestCase("/channels/0/samples/1/name", "\"s\"", "/channels/0/samples/1/name is 's' like that of /channels/0/samples/0")]
    [TestCase(Modifiers + "/3/name", "\"mu\"", "/channels/0/samples/0/modifiers/0 is a normfactor named 'mu' like")]
    [TestCase("/observations/1/name", "\"a\"", "/observations/1/name is 'a' like that of /observations/0")]
    [TestCase("/observations/0/extra", "1", "/observations/0/extra is unknown")]
    [TestCase("/measurements/0/config/poi", null, "/measurements/0/config has no 'poi'")]
    [TestCase("/measurements/0/config/poi", "\"st\"", "/measurements/0/config/poi is 'st', which is of 3 parameters")]
    [TestCase("/measurements/0/config/parameters", null, "/measurements/0/config has no 'parameters'")]
    [TestCase("/measurements/0/config/parameters/0/Fixed", "true", "/measurements/0/config/parameters/0/Fixed is unknown")]
    [TestCase("/measurements/0/config/parameters/0/fixed", "1", "/fixed is 1, expected true or false")]
    [TestCase("/measurements/0/config/parameters/0/inits", null, "/measurements/0/config/parameters/0 has no 'inits'")]
    [TestCase("/measurements/0/config/parameters/0/factors", "[1]", "/factors is set, but the lumi 'lumi' has no 'factors'")]
    [TestCase("/measurements/0/config/parameters/-", """{"name": "n", "sigmas": [2]}""", "/sigmas is set, but the normsys 'n' has no")]
    [TestCase("/measurements/0/config/parameters/-", """{"name": "mu", "auxdata": [1]}""", "/auxdata is set, but the normfactor 'mu'")]
    [TestCase("/measurements/0/config/parameters/-", """{"name": "mu", "inits": [1, 2]}""", "/inits has 2 numbers, expected 1")]
    [TestCase("/measurements/0/config/parameters/-", """{"name": "st", "bounds": [[0, 1]]}""", "/bounds has 1 pairs, expected 3")]
    [TestCase("/measurements/0/config/parameters/-", """{"name": "mu", "bounds": [[0, 1, 2]]}""", "/bounds/0 has 3 numbers, expected 2")]
    [TestCase("/measurements/0/config/parameters/-", """{"name": "nn"}""", "/parameters/1/name is 'nn', which no modifier has")]
    [TestCase("/measurements/0/config/parameters/-", """{"name": "lumi"}""", "/parameters/1 sets 'lumi' a second time")]
    public void What_pyhf_refuses_and_mistakes_of_names_are_refused_with_the_pointer(string pointer, string? value, string sentence)
    {
        string operation = value is null
            ? $$"""[{"op": "remove", "path": "{{pointer}}"}]"""
            : $$"""[{"op": "add", "path": "{{pointer}}", "value": {{value}}}]""";

        Assert.That(
            Assert.Throws<DocumentException>(() => Patched(Replacing(operation, pointer)).Model())!.Message, Does.Contain(sentence));
    }

    [TestCase("""[{"op": "replace", "path": "/channels/0/samples/1/modifiers/2/data", "value": [-3, 1]}]""")]
    [TestCase("""[{"op": "replace", "path": "/channels/0/samples/1/data", "value": [-40, 30]}]""")]
    [TestCase("""[{"op": "add", "path": "/measurements/0/config/parameters/-", "value": {"name": "mu", "inits": [20]}}]""")]
    [TestCase("""[{"op": "replace", "path": "/measurements/0/config/poi", "value": ""}]""")]
    public void What_pyhf_accepts_is_accepted(string operations) =>
        Assert.That(Patched(operations).Model().Parameters, Has.Count.EqualTo(8));

    [Test]
    public void A_workspace_without_its_signal_is_fitted_without_a_parameter_of_interest()
    {
        Workspace workspace = Patched(
            """
            [{"op": "remove", "path": "/channels/0/samples/0"},
             {"op": "add", "path": "/measurements/0/config/parameters/-", "value": {"name": "mu", "bounds": [[0, 5]]}}]
            """);

        Assert.That(workspace.Model(parameterOfInterest: "").ParameterOfInterest, Is.Null);
        Assert.That(workspace.Model(parameterOfInterest: "n").ParameterOfInterest, Is.Zero);
        Assert.That(Assert.Throws<DocumentException>(() => workspace.Model())!.Message, Does.Contain("--poi none"));
    }

    [Test]
    public void A_shapefactor_of_a_longer_channel_serves_a_shorter_one_after_it()
    {
        string Channel(string name, string data) => $$"""
            {"name": "{{name}}", "samples": [{"name": "s", "data": {{data}}, "modifiers": [
              {"name": "f", "type": "shapefactor", "data": null}, {"name": "mu", "type": "normfactor", "data": null}]}]}
            """;
        Workspace Of(string first, string second) => Workspace.Parse(SmallWorkspace.Of(
            $"[{Channel("a", first)}, {Channel("b", second)}]", """[{"name": "a", "data": [1, 1]}, {"name": "b", "data": [1]}]"""));

        Assert.That(Of("[1, 2, 3]", "[4, 5]").Model().Parameters, Has.Count.EqualTo(4));
        Assert.That(
            Assert.Throws<DocumentException>(() => Of("[1, 2]", "[3, 4, 5]").Model())!.Message,
            Does.StartWith("/channels/1/samples/0/modifiers/0 has 3 bins"));
    }

    [Test]
    public void Patches_copy_and_move_and_follow_each_other()
    {
        Workspace patched = Patched(
                """
                [{"op": "copy", "from": "/channels/0/samples/0", "path": "/channels/0/samples/2"},
                 {"op": "replace", "path": "/channels/0/samples/2/name", "value": "t"}]
                """)
            .WithPatch("""[{"op": "move", "from": "/channels/0/samples/2/data/1", "path": "/channels/0/samples/2/data/0"}]""");

        // 3 + 2 and 2 + 3 of signal: the second sample's bins are exchanged.
        double[] background = [.. patched.Model().AsimovData([0, 1, 0, 1, 1, 1, 1, 1]).Counts];
        double[] with = [.. patched.Model().AsimovData([0, 1, 1, 1, 1, 1, 1, 1]).Counts];
        Assert.That(with.Zip(background, (sum, part) => sum - part), Is.EqualTo(new[] { 5.0, 5, 0 }).Within(1e-12));
    }

    [Test]
    public void A_patch_set_of_another_workspace_is_refused()
    {
        Workspace workspace = Workspace.Parse(Valid.ToJsonString());
        string set = SmallWorkspace.PatchSet(new string('0', 64), ("x", "[]"));

        Assert.That(
            Assert.Throws<DocumentException>(() => workspace.WithPatch(set))!.Message,
            Does.StartWith("/metadata/digests/sha256 is 000").And.Contain("made for another workspace"));
        Assert.That(
            workspace.WithPatch("[]").WithPatch(SmallWorkspace.PatchSet(workspace.Digest("sha256"), ("x", "[]"))).Measurements,
            Is.EqualTo(new[] { "m" }));
    }

    [TestCase("\"name\": \"y\"", "\"name\": \"x\"", "/patches/1/metadata/name repeats the name x of /patches/0/metadata/name")]
    [TestCase("\"values\": [1]", "\"values\": [0]", "/patches/1/metadata/values repeats the values 0")]
    [TestCase("\"values\": [1]", "\"values\": [1, 2]", "/patches/1/metadata/values has 2 values, expected 1")]
    [TestCase("\"values\": [1]", "\"values\": [null]", "/patches/1/metadata/values/0 is neither a number nor a text")]
    [TestCase("ins1234567", "ins1", "/metadata/references/hepdata is 'ins1', expected 'ins' and seven digits")]
    [TestCase("sha256", "sha1", "/metadata/digests/sha1 is unknown")]
    [TestCase("[\"m\"]", "[\"m a\"]", "/metadata/labels/0 is 'm a', expected letters, digits and _")]
    [TestCase("\"version\": \"1.0.0\"", "\"version\": \"2\"", "/version is '2'")]
    public void A_patch_set_by_another_schema_is_refused(string found, string changed, string sentence)
    {
        string set = SmallWorkspace.PatchSet(new string('a', 64), ("x", "[]"), ("y", "[]"));
        Assert.That(set, Does.Contain(found));

        Assert.That(Assert.Throws<DocumentException>(() => PatchSet.Parse(set.Replace(found, changed)))!.Message, Does.StartWith(sentence));
    }

    [TestCase("ws-fixedtypo", "/measurements/0/config/parameters/2/Fixed is unknown")]
    [TestCase("ws-dupmod", "/channels/0/samples/1/modifiers/3/name is 'bnorm' like that of")]
    [TestCase("ws-dupobs", "/observations/2/name is 'sr' like that of /observations/0")]
    [TestCase("ws-noversion", "The document has no 'version'")]
    [TestCase("ws-surrogate", "The workspace has an escape \\ud800 to \\udfff by itself")]
    public void Workspaces_that_were_read_wrongly_are_refused(string name, string sentence) => Assert.That(
        Assert.Throws<DocumentException>(() => Workspace.Parse(File.ReadAllText(SharedData.Case($"json/{name}.json"))).Model())!.Message,
        Does.StartWith(sentence));

    private static Workspace Patched(string operations) => Workspace.Parse(JsonPatch.Apply(
        Valid, new DocumentNode(JsonNode.Parse(operations), "")).ToJsonString());

    // An item of an array is replaced; "add" would insert one before it.
    private static string Replacing(string operation, string pointer) =>
        char.IsAsciiDigit(pointer[^1]) ? operation.Replace("\"add\"", "\"replace\"") : operation;
}
