using System.Text.Json.Nodes;
using Gbi.Likelihoods.HistFactory;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Cli.Verbs.Workspaces;

/// <summary>gbi workspace and gbi patchset --extract: what they write, say and refuse.</summary>
internal sealed class WorkspaceEditCommandTests
{
    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        string counting = SmallWorkspace.Counting(10, 50, 55);
        File.WriteAllText(_folder["w.json"], counting);
        File.WriteAllText(_folder["set.json"], SmallWorkspace.PatchSet(
            Workspace.Parse(counting).Digest(), ("one", """[{"op": "replace", "path": "/observations/0/data/0", "value": 62}]""")));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _folder.Dispose();

    [Test]
    public void Edits_follow_one_another()
    {
        CliRun.Done("workspace", "rename", _folder["w.json"], "--modifier", "mu=strength", "--channel", "c=d", "--out", _folder["r.json"]);
        CliRun combined = CliRun.Done(
            "workspace", "combine", _folder["w.json"], _folder["r.json"], "--join", "left-outer", "--out", _folder["c.json"]);
        CliRun fit = CliRun.Done("fit", _folder["c.json"], "--json");
        Assert.Multiple(() =>
        {
            Assert.That(combined.Output, Does.StartWith("Wrote 2 channels with 2 samples, 2 modifiers and 1 measurement to "));
            Assert.That(
                JsonNode.Parse(fit.Output)!["parameters"]!.AsArray().Select(one => Math.Round((double)one!["value"]!, 6)),
                Is.EqualTo((double[])[0.5, 0.5]));
        });
    }

    [Test]
    public void A_parameter_of_interest_that_is_gone_is_said()
    {
        string scaled = File.ReadAllText(_folder["w.json"]).Replace(
            "[] }] }]", """[{"name": "scale", "type": "normsys", "data": {"lo": 0.9, "hi": 1.1}}] }] }]""", StringComparison.Ordinal);
        File.WriteAllText(_folder["scaled.json"], scaled);
        CliRun run = CliRun.Done("workspace", "prune", _folder["scaled.json"], "--sample", "signal", "--out", _folder["bkg.json"]);
        Assert.That(run.Output, Does.Contain("Warning: Measurement 'm' has the parameter of interest 'mu', which no modifier has"));
        CliRun.Done("fit", _folder["bkg.json"], "--poi", "none");
    }

    [Test]
    public void A_patch_of_a_set_is_applied_or_written_by_itself()
    {
        CliRun.Done("workspace", "patch", _folder["w.json"], "--patch", _folder["set.json"], "--out", _folder["patched.json"]);
        CliRun.Done("patchset", _folder["set.json"], "--extract", "one", "--out", _folder["one.json"]);
        CliRun.Done("workspace", "patch", _folder["w.json"], "--patch", _folder["one.json"], "--out", _folder["again.json"]);
        string again = File.ReadAllText(_folder["again.json"]);
        Assert.Multiple(() =>
        {
            Assert.That(again, Is.EqualTo(File.ReadAllText(_folder["patched.json"])));
            Assert.That((double)JsonNode.Parse(again)!["observations"]![0]!["data"]![0]!, Is.EqualTo(62));
        });
    }

    [TestCase("w.json")]
    [TestCase("w.json with set.json", "--patch", "set.json")]
    [TestCase("w.json with one", "--patch", "set.json", "--patch-name", "one")]
    public void A_result_names_its_workspace_and_the_patches(string model, params string[] patches)
    {
        string[] words = [.. patches.Select(word => word.EndsWith(".json", StringComparison.Ordinal) ? _folder[word] : word)];
        CliRun fit = CliRun.Done(["fit", _folder["w.json"], .. words, "--json"]);
        Assert.That((string?)JsonNode.Parse(fit.Output)!["model"], Is.EqualTo(model));
    }

    [Test]
    public void Digests_are_those_that_patch_sets_name()
    {
        CliRun run = CliRun.Done("workspace", "digest", _folder["w.json"]);
        Assert.That(run.Output, Does.StartWith($"sha256:{Workspace.Parse(File.ReadAllText(_folder["w.json"])).Digest()}\nmd5:"));
    }

    [TestCase(2, "expected the old and the new name, OLD=NEW", "rename", "w.json", "--channel", "c", "--out", "x.json")]
    [TestCase(2, "name two or more", "combine", "w.json", "--out", "x.json")]
    [TestCase(2, "choose another --join", "combine", "w.json", "w.json", "--merge-channels", "--out", "x.json")]
    [TestCase(1, "w.json: The document has no channel 'x'", "prune", "w.json", "--channel", "x", "--out", "x.json")]
    [TestCase(1, "There is no file", "sort", "none.json", "--out", "x.json")]
    [TestCase(2, "--out is 'x.yaml', expected a name that ends with .json", "sort", "w.json", "--out", "x.yaml")]
    public void What_is_wrong_is_said_and_nothing_is_written(int code, string sentence, params string[] words)
    {
        string[] command = ["workspace", .. words.Select((word, at) => at > 0 && word.Contains(".json") ? _folder[word] : word)];
        CliRun run = CliRun.Of(command);
        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Output), Is.EqualTo((code, "")));
            Assert.That(run.Error, Does.Contain(sentence).And.Not.Contain(" at Gbi."));
            Assert.That(File.Exists(_folder["x.json"]), Is.False);
        });
    }
}
