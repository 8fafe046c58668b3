using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Tests.Likelihoods.HistFactory;

/// <summary>Pruned, renamed, sorted and combined workspaces are what pyhf makes of them.</summary>
internal sealed class WorkspaceEditTests
{
    private const string Channels = """
        [{"name": "SR", "samples": [
            {"name": "signal", "data": [3.0], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]},
            {"name": "background", "data": [50.0], "modifiers": [
              {"name": "scale", "type": "normsys", "data": {"lo": 0.9, "hi": 1.1}},
              {"name": "scale", "type": "histosys", "data": {"lo_data": [45.0], "hi_data": [55.0]}},
              {"name": "counts", "type": "staterror", "data": [5.0]}]}]},
         {"name": "CR", "samples": [
            {"name": "background", "data": [100.0], "modifiers": [{"name": "scale", "type": "normsys", "data": {"lo": 0.8, "hi": 1.2}}]}]}]
        """;

    private const string Observations = """[{"name": "SR", "data": [55.0]}, {"name": "CR", "data": [98.0]}]""";

    private const string Settings = """[{"name": "mu", "bounds": [[0.0, 20.0]]}, {"name": "scale", "inits": [0.5]}]""";

    private static readonly Workspace Whole = Workspace.Parse(SmallWorkspace.Of(Channels, Observations, Settings));

    [Test]
    public void A_channel_goes_with_its_observation_and_a_modifier_with_its_settings()
    {
        JsonNode pruned = Json(Whole.Without(new WorkspaceParts { Channels = ["CR"], Modifiers = ["scale"] }));
        Assert.Multiple(() =>
        {
            Assert.That(Names(pruned, "channels"), Is.EqualTo((string[])["SR"]));
            Assert.That(Names(pruned, "observations"), Is.EqualTo((string[])["SR"]));
            Assert.That(
                Names(pruned["channels"]![0]!["samples"]![1]!, "modifiers"), Is.EqualTo((string[])["counts"]));
            Assert.That(Names(pruned["measurements"]![0]!["config"]!, "parameters"), Is.EqualTo((string[])["mu"]));
        });
    }

    [Test]
    public void Modifiers_of_a_type_go_and_those_of_the_same_name_stay()
    {
        Workspace pruned = Whole.Without(new WorkspaceParts { ModifierTypes = ["histosys", "staterror"], Samples = ["signal"] });
        Assert.Multiple(() =>
        {
            Assert.That(pruned.Modifiers, Is.EqualTo((string[])["scale"]));
            Assert.That(pruned.Samples, Is.EqualTo((string[])["background"]));
            Assert.That(pruned.Model(parameterOfInterest: "").Parameters.Select(one => one.Name), Is.EqualTo((string[])["scale"]));
        });
    }

    [Test]
    public void New_names_stand_wherever_the_old_ones_stood()
    {
        Workspace renamed = Whole.Renamed(new WorkspaceNames
        {
            Channels = new Dictionary<string, string> { ["SR"] = "CR", ["CR"] = "SR" },
            Samples = new Dictionary<string, string> { ["background"] = "top" },
            Modifiers = new Dictionary<string, string> { ["mu"] = "μ_SIG", ["scale"] = "jes" },
            Measurements = new Dictionary<string, string> { ["m"] = "blind" },
        });
        string back = renamed.ToJson().Replace("\\u03bc_SIG", "mu", StringComparison.Ordinal).Replace("\"jes\"", "\"scale\"")
            .Replace("\"top\"", "\"background\"").Replace("\"blind\"", "\"m\"")
            .Replace("\"SR\"", "\"?\"").Replace("\"CR\"", "\"SR\"").Replace("\"?\"", "\"CR\"");
        Assert.Multiple(() =>
        {
            Assert.That(renamed.Model().Parameters.Select(one => one.Name), Does.Contain("μ_SIG").And.Contain("jes"));
            Assert.That(back, Is.EqualTo(Whole.ToJson()));
            Assert.That(Whole.Channels, Is.EqualTo((string[])["SR", "CR"]), "the workspace itself stays");
        });
    }

    [Test]
    public void Sorted_parts_have_the_digest_of_python()
    {
        Workspace sorted = Whole.Sorted();
        Assert.Multiple(() =>
        {
            Assert.That(sorted.Channels, Is.EqualTo((string[])["CR", "SR"]));
            Assert.That(sorted.Modifiers, Is.EqualTo((string[])["scale", "counts", "mu"]));
            Assert.That(
                Json(sorted)["channels"]![1]!["samples"]![0]!["modifiers"]!.AsArray().Select(one => (string)one!["type"]!),
                Is.EqualTo((string[])["staterror", "histosys", "normsys"]));

            // hashlib.sha256(json.dumps(w, sort_keys=True).encode()) of the same document, ordered by Python.
            Assert.That(sorted.Digest(), Is.EqualTo("d3f6442d5b48a21b6a95ee8bacabdcc75d6a86d3ed3b5db5d37c44f3df631195"));
        });
    }

    [Test]
    public void A_workspace_is_written_as_python_writes_it_and_read_again()
    {
        string written = Whole.ToJson();
        Assert.Multiple(() =>
        {
            Assert.That(written, Does.StartWith("{\n    \"channels\": [\n        {\n            \"name\": \"SR\",\n"));
            Assert.That(Workspace.Parse(written).Digest("md5"), Is.EqualTo(Whole.Digest("md5")));
        });
    }

    [Test]
    public void Two_halves_are_the_whole()
    {
        Workspace signal = Whole.Without(new WorkspaceParts { Channels = ["CR"] });
        Workspace control = Whole.Without(new WorkspaceParts { Channels = ["SR"] });
        Assert.That(signal.CombinedWith(control, WorkspaceJoin.Outer).ToJson(), Is.EqualTo(Whole.ToJson()));
    }

    [Test]
    public void What_both_have_is_refused_taken_once_or_taken_from_one()
    {
        Workspace other = Workspace.Parse(SmallWorkspace.Of(
            Channels.Replace("50.0", "60.0", StringComparison.Ordinal), Observations.Replace("98.0", "98", StringComparison.Ordinal),
            Settings.Replace("0.5", "0.7", StringComparison.Ordinal)));
        DocumentException none = Assert.Throws<DocumentException>(() => Whole.CombinedWith(Whole))!;
        DocumentException outer = Assert.Throws<DocumentException>(() => Whole.CombinedWith(other, WorkspaceJoin.Outer))!;
        Assert.Multiple(() =>
        {
            Assert.That(none.Message, Does.StartWith("Both workspaces have channels named 'SR', 'CR'. Rename them"));
            Assert.That(outer.Message, Does.StartWith("Both workspaces have different channels named 'SR'. Rename them"));
            Assert.That(Whole.CombinedWith(Whole, WorkspaceJoin.Outer).ToJson(), Is.EqualTo(Whole.ToJson()));
            Assert.That(Whole.CombinedWith(other, WorkspaceJoin.LeftOuter).ToJson(), Is.EqualTo(Whole.ToJson()));
            Assert.That(Whole.CombinedWith(other, WorkspaceJoin.RightOuter).ToJson(), Is.EqualTo(other.ToJson()));
        });
    }

    [Test]
    public void Settings_of_the_same_measurement_are_joined_unless_they_differ()
    {
        Workspace left = Of("SR", """[{"name": "mu", "bounds": [[0, 20]]}]""");
        Workspace right = Of("CR", """[{"name": "mu", "bounds": [[0.0, 20.0]]}, {"name": "scale", "inits": [0.5]}]""");
        Workspace apart = Of("CR", """[{"name": "mu", "bounds": [[0, 5]]}]""");
        JsonNode joined = Json(left.CombinedWith(right, WorkspaceJoin.Outer));
        Assert.Multiple(() =>
        {
            Assert.That(Names(joined["measurements"]![0]!["config"]!, "parameters"), Is.EqualTo((string[])["mu", "scale"]));
            Assert.That(
                () => left.CombinedWith(apart, WorkspaceJoin.Outer),
                Throws.TypeOf<DocumentException>().With.Message.StartsWith(
                    "Both workspaces have different settings of measurement 'm' named 'mu'."));
        });

        static Workspace Of(string left, string settings)
        {
            Workspace whole = Workspace.Parse(SmallWorkspace.Of(Channels, Observations, settings));
            return whole.Without(new WorkspaceParts { Channels = [.. whole.Channels.Where(name => name != left)] });
        }
    }

    [Test]
    public void Samples_of_a_common_channel_are_merged()
    {
        Workspace signal = Whole.Without(new WorkspaceParts { Channels = ["CR"], Samples = ["background"] });
        Workspace background = Whole.Without(new WorkspaceParts { Channels = ["CR"], Samples = ["signal"] });
        Assert.Multiple(() =>
        {
            Assert.That(
                signal.CombinedWith(background, WorkspaceJoin.Outer, mergesChannels: true).ToJson(),
                Is.EqualTo(Whole.Without(new WorkspaceParts { Channels = ["CR"] }).ToJson()));
            Assert.That(() => signal.CombinedWith(background, mergesChannels: true), Throws.ArgumentException);
        });
    }

    [Test]
    public void Names_that_there_are_not_names_taken_twice_and_other_versions_are_refused()
    {
        Assert.Multiple(() =>
        {
            Refused(
                () => Whole.Without(new WorkspaceParts { Channels = ["SR1"] }),
                "has no channel 'SR1'; it has, the most similar first: SR, CR");
            Refused(() => Whole.Without(new WorkspaceParts { ModifierTypes = ["lumi"] }), "has no modifier of the type 'lumi'");
            Refused(() => Whole.Without(new WorkspaceParts { Samples = ["signal", "background"] }), "is empty");
            Refused(
                () => Whole.Renamed(new WorkspaceNames { Samples = new Dictionary<string, string> { ["signal"] = "background" } }),
                "/channels/0/samples/1/name is 'background' like that of /channels/0/samples/0");
            Refused(
                () => Whole.CombinedWith(Workspace.Parse(SmallWorkspace.Of(Channels, Observations).Replace("1.0.0", "1.1.0"))),
                "versions 1.0.0 and 1.1.0");
        });

        static void Refused(Func<Workspace> edit, string sentence) =>
            Assert.That(() => edit(), Throws.TypeOf<DocumentException>().With.Message.Contains(sentence));
    }

    private static JsonNode Json(Workspace workspace) => JsonNode.Parse(workspace.ToJson())!;

    private static IEnumerable<string> Names(JsonNode owner, string member) =>
        owner[member]!.AsArray().Select(item => (string)item!["name"]!);
}
