using System.Globalization;
using System.Text.Json.Nodes;
using Gbi.Jobs;
using Gbi.Tests.Cli;

namespace Gbi.Tests.Compatibility;

/// <summary>Files of the tool that version 0.2.0 wrote or read give the same numbers, or are refused with both versions named.</summary>
[TestFixture]
internal sealed class EarlierCommandTests
{
    private static readonly string Today = JobHeader.ThisVersion;

    private static readonly string[] ScoreWithTwo =
        ["score", Tool("twenty.parquet"), "--model", Tool("ratio.zip"), "--model", Tool("nu.zip")];

    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("search/model.zip", "search-scores.csv")]
    [TestCase("family/family.json", "family-scores.csv", "--at", "mx=400,my=150")]
    public void A_model_of_a_search_scores_the_same(string model, string expected, params string[] more)
    {
        CliRun.Done(["score", Tool("twenty.parquet"), "--model", Tool(model), "--out", _folder["scored.parquet"], .. more]);
        EarlierFile.RequireColumns(_folder["scored.parquet"], expected);
    }

    [Test]
    public void A_ratio_and_a_systematic_score_the_same()
    {
        CliRun.Done([.. ScoreWithTwo, "--out", _folder["scored.parquet"]]);
        EarlierFile.RequireColumns(_folder["scored.parquet"], "scored.csv");
    }

    [Test]
    public void A_scored_file_of_an_earlier_version_is_not_taken_for_finished()
    {
        // It says which files it was made of, and not what they held.
        File.Copy(Tool("scored.parquet"), _folder["scored.parquet"]);
        CliRun run = CliRun.Of([.. ScoreWithTwo, "--out", _folder["scored.parquet"], "--resume"]);
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("by an earlier version").And.Contain("--force"));
    }

    [TestCase("search/likelihood.json", "likelihood-fit.json", "fit")]
    [TestCase("search/likelihood.json", "likelihood-interval.json", "interval")]
    [TestCase("search/likelihood.json", "likelihood-limit.json", "limit")]
    [TestCase("search/likelihood.json", "likelihood-hypotest.json", "hypotest", "--mu", "1")]
    public void A_likelihood_gives_the_same(string model, string expected, string verb, params string[] more) =>
        EarlierFile.RequireNumbers(CliRun.Done([verb, Tool(model), "--json", .. more]).Output, expected);

    [TestCase("search/likelihood.json", "likelihood-describe.json")]
    [TestCase("whole.json", "whole-describe.json")]
    public void A_likelihood_is_read_in_all_its_parts(string model, string expected)
    {
        var described = JsonNode.Parse(CliRun.Done("describe", Tool(model), "--json").Output);
        Assert.That(JsonNode.DeepEquals(described, EarlierFile.Expected(expected)), Is.True);
    }

    [Test]
    public void A_shape_that_changes_the_number_of_events_without_a_factor_is_refused()
    {
        CliRun run = CliRun.Of("describe", Tool("whole-raw.json"), "--json");
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("/channels/0/normaliseShapes: Process 'signal' has 0.9124"));
    }

    [TestCase("toys-1.json", "toys-2.json", "toys.json")]
    [TestCase("toys-likelihood-1.json", "toys-likelihood-2.json", "toys-likelihood.json")]
    public void Shards_of_toys_are_joined(string first, string second, string expected) =>
        EarlierFile.RequireNumbers(CliRun.Done("merge", Tool(second), Tool(first), "--json").Output, expected);

    [TestCase("toys-1.json", "workspace.json", "--toys", "60")]
    [TestCase("toys-likelihood-1.json", "search/likelihood.json", "--toys", "6", "--statistic", "q0")]
    public void Shards_of_two_versions_are_not_joined_and_those_of_one_give_the_same(string shard, string model, params string[] more)
    {
        foreach (string part in (string[])["1/2", "2/2"])
        {
            CliRun.Done(["toys", Tool(model), "--seed", "7", "--shard", part, "--out", _folder[$"{part[0]}.json"], .. more]);
        }

        CliRun mixed = CliRun.Of("merge", Tool(shard), _folder["2.json"]);
        CliRun joined = CliRun.Done("merge", _folder["1.json"], _folder["2.json"], "--json");
        Assert.That(
            (mixed.Code, mixed.Error),
            Is.EqualTo((1, $"2.json holds toys of gbi {Today}, {shard} 0.2.0; only shards of one test can be merged.\n")));
        EarlierFile.RequireNumbers(joined.Output, shard.Replace("-1", "", StringComparison.Ordinal));
    }

    [TestCase("hunt", "8")]
    [TestCase("hunt-finished", "3")]
    public void A_hunt_is_refused_and_can_be_started_anew(string name, string toys)
    {
        Directory.CreateDirectory(_folder["hunt"]);
        foreach (string file in Directory.GetFiles(Tool(name)))
        {
            File.Copy(file, _folder["hunt/" + Path.GetFileName(file)]);
        }

        string[] hunt =
            ["hunt", Tool("events.parquet"), "--config", Tool("hunt-config.json"), "--toys", toys, "--out", _folder["hunt"], "--json"];
        string before = File.ReadAllText(_folder["hunt/windows.jsonl"]);
        CliRun refused = CliRun.Of(hunt);
        Assert.That((refused.Code, refused.Error), Is.EqualTo(
            (1, $"{_folder["hunt/windows.jsonl"]} holds results of gbi 0.2.0, expected {Today}; delete it, or give another name.\n")));
        Assert.That(File.ReadAllText(_folder["hunt/windows.jsonl"]), Is.EqualTo(before));

        JsonNode started = JsonNode.Parse(CliRun.Done([.. hunt, "--force"]).Output)!;
        Assert.That((string)started["kind"]!, Is.EqualTo("hunt"));
        Assert.That((int)started["globalFromToys"]!["toys"]!, Is.EqualTo(int.Parse(toys, CultureInfo.InvariantCulture)));
    }

    [TestCase("search")]
    [TestCase("family")]
    public void A_file_of_settings_makes_a_search_of_the_same_events(string name)
    {
        string settings = File.ReadAllText(Tool($"{name}-config.json"));
        foreach (string sample in (string[])["signal.parquet", "family.parquet"])
        {
            settings = settings.Replace($"\"{sample}\"", JsonValue.Create(Tool(sample)).ToJsonString(), StringComparison.Ordinal);
        }

        File.WriteAllText(_folder["config.json"], settings);
        CliRun run = CliRun.Done(
            "search", Tool("events.parquet"), "--config", _folder["config.json"], "--out", _folder["results"], "--json");

        // Background and anomaly score are learnt in another way since 0.4.0; what is the same are the events, and how they are divided.
        JsonNode found = JsonNode.Parse(run.Output)!;
        JsonNode expected = EarlierFile.Expected($"{name}.json");
        Assert.That((string)found["signalFraction"]!["method"]!, Is.EqualTo((string)expected["signalFraction"]!["method"]!));
        foreach (string key in ((string[])["eventCount", "eventsInRegion"]).Where(key => expected[key] is not null))
        {
            Assert.That((double)found[key]!, Is.EqualTo((double)expected[key]!), key);
        }
    }

    private static string Tool(string name) => EarlierFile.Path("Tool", name);
}
