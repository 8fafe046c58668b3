using System.Text.Json.Nodes;
using Gbi.Cli;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>gbi coverage search on a few small pseudo-data sets.</summary>
[TestFixture]
internal sealed class CoverageCommandTests
{
    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void Simulate() => _example = new SearchExample();

    [OneTimeTearDown]
    public void Delete() => _example.Dispose();

    [Test]
    public void A_study_that_is_made_longer_has_the_bytes_of_one_that_was_made_at_once()
    {
        CliRun.Done(Coverage("dijet", "longer", "--toys", "2", "--toy-events", "6000"));
        JsonNode longer = JsonNode.Parse(CliRun.Done(Coverage("dijet", "longer", "--toys", "3", "--toy-events", "6000", "--json")).Output)!;
        CliRun.Done(Coverage("dijet", "once", "--toys", "3", "--toy-events", "6000", "--threads", "1"));

        Assert.That(((string)longer["kind"]!, (int)longer["searches"]!), Is.EqualTo(("coverage", 3)));
        foreach (string file in (string[])["searches.jsonl", "coverage.json", "report.html"])
        {
            Assert.That(
                File.ReadAllBytes(Path.Combine(_example["longer"], file)),
                Is.EqualTo(File.ReadAllBytes(Path.Combine(_example["once"], file))), file);
        }
    }

    [Test]
    public void Injected_signal_is_the_truth_that_estimates_are_compared_with()
    {
        JsonNode found = JsonNode.Parse(CliRun.Done(Coverage(
            _example["events.parquet"], "power", "--toys", "2", "--inject", _example["signal.parquet"], "--injected-events", "400",
            "--signal", _example["signal.parquet"], "--json")).Output)!;

        Assert.That((double)found["trueFraction"]!, Is.GreaterThan(0));
        Assert.That(found["limitsAboveZero"], Is.Null);
        Assert.That((double?)found["significances"]![0]!["backgroundEfficiency"], Is.Null);
    }

    [TestCase("--toys 2 --injected-events 5", "--inject and --injected-events belong together")]
    [TestCase("--toys 2", "needs --toy-events")]
    [TestCase("--toys 0 --toy-events 100", "--toys is '0', expected a whole number of 1 or more")]
    [TestCase("--toys 2 --toy-events 6000 --background-folds 3", "has 3 folds, expected 2")]
    public void Wrong_usage_is_told(string more, string sentence)
    {
        CliRun run = CliRun.Of(Coverage("dijet", "none", more.Split(' ')));
        Assert.That((run.Code, Directory.Exists(_example["none"])), Is.EqualTo((GbiCommand.WrongUsage, false)));
        Assert.That(run.Error, Does.Contain(sentence));
    }

    private string[] Coverage(string events, string folder, params string[] more) =>
    [
        "coverage", "search", events, "--mass", "mjj", "--features", "mj1,delta_mj", "--signal-region", "3.3:3.7", "--trees", "8",
        "--members", "2", "--background-members", "2", "--background-trees", "10", "--out", _example[folder], .. more,
    ];
}
