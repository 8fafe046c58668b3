using System.Text.Json.Nodes;
using Gbi.Events.IO;
using Gbi.Tests.Cli;
using Gbi.Tests.Cli.Verbs.Searches;
using Gbi.Tests.Peaks;
using Gbi.Tests.Reports.Json;

namespace Gbi.Tests.Reports.Html;

/// <summary>Every number that a report draws is in the document next to it, which follows its published schema.</summary>
internal sealed class FigureNumberTests
{
    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void Simulate() => _example = new SearchExample();

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [TestCase("with-signal", 14)]
    [TestCase("without-signal", 6)]
    [TestCase("blind", 10, "--blind")]
    public void Of_a_search(string name, int figures, params string[] more) => Require(
        _example.Search(name, [.. name == "without-signal" ? (string[])[] : ["--signal", _example.Signal], .. more]), name, figures);

    [Test]
    public void Of_a_search_with_a_family()
    {
        CliRun.Done(
            "simulate", "dijet", "--events", "6000", "--signal-fraction", "1", "--signal-family", "600", "--seed", "7", "--out",
            _example["family.parquet"]);
        Require(
            _example.Search(
                "family", "--signal", _example["family.parquet"], "--signal-parameters", "mx,my", "--aligned", "mj1:my",
                "--interchangeable", "--half-width", "0.5"),
            "family", 13);
    }

    [Test]
    public void Of_a_hunt() => Require(
        [
            "hunt", _example.Events, "--mass", "mjj", "--features", "mj1,tau21_j1", "--scan", "3.1:3.5:0.4", "--width", "0.4", "--spectrum",
            "dijet", "--collision-energy", "13", "--cuts", "0.05", "--trees", "8", "--background-trees", "4", "--folds", "2", "--members",
            "1", "--toys", "2", "--out", _example["hunt"]
        ],
        "hunt", 1, "hunt.json");

    [Test]
    public void Of_a_peak()
    {
        ParquetEventWriter.Write(_example["peak.parquet"], PeakSample.Draw(600, 5000, seed: 1));
        Require(
            [
                "peak", _example["peak.parquet"], "--mass", "mass", "--features", "feature,noise", "--signal-region", "4.1:5.9",
                "--spectrum-parameters", "2", "--categories", "0.5,0.1", "--replicas", "2", "--toys", "2", "--out", _example["peak"]
            ],
            "peak", 5);
    }

    [Test]
    public void A_demo_writes_what_it_prints()
    {
        CliRun demo = CliRun.Done(
            "demo", "--events", "10000", "--trees", "5", "--folds", "2", "--members", "1", "--json", "--out", _example["demo"]);
        JsonNode printed = JsonNode.Parse(demo.Output)!;
        Assert.Multiple(() =>
        {
            RequireSame(printed, File.ReadAllText(_example["demo/demo.json"]));
            RequireSame(printed["result"]!, File.ReadAllText(_example["demo/result.json"]));
            Assert.That(
                FigureNumbers.MissingFrom(printed, FigureNumbers.Figures(File.ReadAllText(_example["demo/report.html"]))), Is.Empty);
        });
    }

    private void Require(string[] command, string folder, int figures, string result = "result.json")
    {
        CliRun run = CliRun.Done([.. command, "--json"]);
        string document = File.ReadAllText(_example[$"{folder}/{result}"]);
        PublishedSchemas.Require(document);
        JsonNode[] drawn = FigureNumbers.Figures(File.ReadAllText(_example[$"{folder}/report.html"]));
        JsonNode without = JsonNode.Parse(document)!;
        foreach (string section in (string[])["curves", "likelihood", "family", "windows", "score", "withFeatures"])
        {
            without.AsObject().Remove(section);
        }

        Assert.Multiple(() =>
        {
            RequireSame(JsonNode.Parse(run.Output)!, document);
            Assert.That(drawn, Has.Length.EqualTo(figures));
            Assert.That(FigureNumbers.MissingFrom(JsonNode.Parse(document)!, drawn).Distinct(), Is.Empty);
            Assert.That(FigureNumbers.MissingFrom(without, drawn), Is.Not.Empty, "the test would not see what is missing");
        });
    }

    /// <summary>Only what is printed says how long the work took: files do not depend on the clock.</summary>
    private static void RequireSame(JsonNode printed, string file)
    {
        JsonNode timeless = printed.DeepClone();
        foreach (JsonObject document in new[] { timeless, timeless["result"] }.OfType<JsonObject>())
        {
            foreach (string clock in (string[])["steps", "elapsedSeconds"])
            {
                if (document.ContainsKey(clock))
                {
                    document[clock] = null;
                }
            }
        }

        Assert.That(
            timeless.ToJsonString(), Is.EqualTo(JsonNode.Parse(file)!.ToJsonString()),
            "the document on standard output is another one than the file");
    }
}
