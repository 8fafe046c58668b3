using System.Text.Json.Nodes;
using Gbi.Cli;
using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>gbi search --blind on small simulated events.</summary>
public sealed class BlindCommandTests
{
    private static readonly string[] Files = ["manifest.json", "model.zip", "report.html", "result.json"];

    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void Simulate() => _example = new SearchExample();

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void Nothing_that_it_prints_or_writes_depends_on_the_signal_region()
    {
        CliRun whole = CliRun.Done(_example.Search("blind", "--signal", _example.Signal, "--blind"));
        string[] names = ["mjj", .. SearchExample.Features.Split(',')];
        EventTable events = new ParquetEventReader(_example.Events).Read(names);
        EventTable sideband = events.Select(new MassWindow(3.3, 3.7).Rows(events["mjj"], MassRegion.Sideband));
        EventTable signal = new ParquetEventReader(_example.Signal).Read(names);
        EventTable bump = signal.Select(new MassWindow(3.3, 3.7).Rows(signal["mjj"], MassRegion.SignalRegion));
        Directory.CreateDirectory(_example["other"]);
        ParquetEventWriter.Write(_example["other/events.parquet"], bump.Append(sideband));
        string[] args = _example.Search("blind-other", "--signal", _example.Signal, "--blind");
        args[1] = _example["other/events.parquet"];
        CliRun other = CliRun.Done(args);

        Assert.Multiple(() =>
        {
            Assert.That(other.Output.Replace("blind-other", "blind", StringComparison.Ordinal), Is.EqualTo(whole.Output));
            Assert.That(Directory.GetFiles(_example["blind"]).Select(Path.GetFileName).Order(), Is.EqualTo(Files));
            Assert.That(Text("blind-other/result.json"), Is.EqualTo(Text("blind/result.json")));
            Assert.That(Text("blind-other/report.html"), Is.EqualTo(Text("blind/report.html")));
            Assert.That(
                whole.Output,
                Does.Contain("blinded").And.Contain("Expected for S = √B").And.Contain("The signal region is blinded"));
        });

        string Text(string name) => File.ReadAllText(_example[name]);
    }

    [Test]
    public void Its_result_holds_expectations_and_no_key_of_a_measurement()
    {
        JsonNode result = JsonNode.Parse(CliRun.Done(_example.Search("keys", "--signal", _example.Signal, "--blind", "--json")).Output)!;
        JsonArray curve = result["sensitivity"]!["curve"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That((string?)result["kind"], Is.EqualTo("blindSearch"));
            Assert.That(result["sensitivity"]!["upperLimitBand"]!.AsArray(), Has.Count.EqualTo(5));
            Assert.That(result["sensitivity"]!["atEstimate"], Is.Null);
            Assert.That(curve.Select(point => (double)point!["significance"]!).ToArray(), Is.Ordered.Ascending.And.Length.EqualTo(13));
            Assert.That(
                result.AsObject().Select(pair => pair.Key),
                Has.None.AnyOf("eventCount", "eventsInRegion", "signalFraction", "signalYield", "significance", "excess", "lowerBound"));
        });
    }

    [Test]
    public void It_overwrites_an_open_search_and_takes_what_would_unblind_away()
    {
        CliRun.Done(_example.Search("opened", "--signal", _example.Signal));
        CliRun.Done(_example.Search("opened", "--signal", _example.Signal, "--blind", "--force"));
        Assert.That(Directory.GetFiles(_example["opened"]).Select(Path.GetFileName).Order(), Is.EqualTo(Files));
    }

    [Test]
    public void It_needs_a_signal()
    {
        CliRun run = CliRun.Of(_example.Search("none", "--blind"));
        Assert.That((run.Code, Directory.Exists(_example["none"])), Is.EqualTo((GbiCommand.WrongUsage, false)));
        Assert.That(run.Error, Does.StartWith("--blind needs --signal"));
    }

    [Test]
    public void A_family_of_signals_has_no_single_expectation()
    {
        CliRun run = CliRun.Of(_example.Search("none", "--blind", "--signal", _example.Signal, "--signal-parameters", "mx"));
        Assert.That((run.Code, Directory.Exists(_example["none"])), Is.EqualTo((GbiCommand.WrongUsage, false)));
        Assert.That(run.Error, Does.StartWith("--blind and --signal-parameters exclude each other"));
    }
}
