using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>What gbi search takes for background and into account, from the command line and from a file of settings.</summary>
public sealed class SearchChoicesTests
{
    private static readonly string[] Columns = ["mjj", .. SearchExample.Features.Split(',')];
    private static readonly MassWindow Window = new(3.3, 3.7);

    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void Simulate()
    {
        _example = new SearchExample();
        CliRun.Done(
            "simulate", "dijet", "--events", "20000", "--shift", "tau21-shift=0.05", "--seed", "8", "--out", _example["shifted.parquet"]);
        CliRun.Done("simulate", "dijet", "--events", "20000", "--seed", "9", "--out", _example["background.parquet"]);
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void A_simulation_is_reweighted_to_the_sidebands()
    {
        JsonNode result = Search(
            "reweighted", "--background-simulation", _example["shifted.parquet"], "--signal", _example.Signal, "--background-members", "3");
        JsonNode settings = result["options"]!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)settings["background"], Is.EqualTo("the simulation shifted.parquet, reweighted in the sidebands"));
            Assert.That((int)settings["backgroundTraining"]!["members"]!, Is.EqualTo(3));

            // 200 signal events were simulated, 77 % of them in the signal region; their number is known to about 20.
            Assert.That((double)result["signalYield"]!, Is.EqualTo(154).Within(70));
            Assert.That((double)result["contamination"]!["shape"]!, Is.InRange(0.01, 0.2));
        });
    }

    [Test]
    public void Sidebands_can_be_taken_as_they_are() =>
        Assert.That((string?)Search("plain", "--background", "plain")["options"]!["background"], Is.EqualTo("the sidebands as they are"));

    [Test]
    public void Without_sidebands_the_weights_of_given_events_are_the_expectation()
    {
        InRegion(_example.Events, "region.parquet", weight: null);
        InRegion(_example["background.parquet"], "given.parquet", weight: 0.5);
        string[] args = _example.Search(
            "no-sidebands", "--background", _example["given.parquet"], "--background-weight", "w", "--signal", _example.Signal, "--json");
        args[1] = _example["region.parquet"];
        JsonNode result = JsonNode.Parse(CliRun.Done(args).Output)!;

        int count = (int)new ParquetEventReader(_example["given.parquet"]).RowCount;
        Assert.Multiple(() =>
        {
            Assert.That((string?)result["options"]!["background"], Is.EqualTo("events of given.parquet"));
            Assert.That(result["spectrum"], Is.Null);
            Assert.That((double)result["expectedBackground"]!["value"]!, Is.EqualTo(0.5 * count).Within(1e-9).Percent);
            Assert.That((double)result["expectedBackground"]!["error"]!, Is.EqualTo(0.5 * Math.Sqrt(count)).Within(1e-9).Percent);
        });
    }

    [Test]
    public void Given_events_need_no_mass()
    {
        EventTable all = new ParquetEventReader(_example["background.parquet"]).Read(Columns);
        int[] region = Window.Rows(all["mjj"], MassRegion.SignalRegion);
        ParquetEventWriter.Write(_example["massless.parquet"], all.Select(region).WithColumns(Columns[1..]));
        JsonNode result = Search("massless", "--background", _example["massless.parquet"]);
        Assert.That((double)result["expectedBackground"]!["value"]!, Is.EqualTo(3340).Within(300));
    }

    [Test]
    public void A_settings_file_makes_every_choice()
    {
        File.WriteAllText(
            _example["choices.json"],
            """
            {"background-members": 2, "background-folds": 2, "without": ["contamination", "generator", "samples", "rate", "anomaly"]}
            """);
        JsonNode settings = Search("choices", "--config", _example["choices.json"], "--signal", _example.Signal)["options"]!;
        Assert.Multiple(() =>
        {
            Assert.That((int)settings["backgroundTraining"]!["members"]!, Is.EqualTo(2));
            Assert.That((int)settings["backgroundTraining"]!["folds"]!, Is.EqualTo(2));
            Assert.That(settings["anomaly"], Is.Null);
            foreach (string choice in (string[])["correctsContamination", "variesGenerator", "variesSamples", "constrainsRate"])
            {
                Assert.That((bool)settings["inference"]![choice]!, Is.False, choice);
            }
        });
    }

    private JsonNode Search(string name, params string[] more) =>
        JsonNode.Parse(CliRun.Done(_example.Search(name, [.. more, "--json"])).Output)!;

    private void InRegion(string source, string name, double? weight)
    {
        EventTable events = new ParquetEventReader(source).Read(Columns);
        events = events.Select(Window.Rows(events["mjj"], MassRegion.SignalRegion));
        events = weight is { } w ? events.WithWeights(Enumerable.Repeat(w, events.Count).ToArray()) : events;
        ParquetEventWriter.Write(_example[name], events, new ParquetWriteOptions { WeightColumn = "w" });
    }
}
