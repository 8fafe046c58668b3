using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>Sentences of a search that hold for some kinds of background only.</summary>
public sealed class BackgroundSentenceTests
{
    private const string NotOfSidebands = "none: the template is not made of the sidebands";

    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void Simulate()
    {
        _example = new SearchExample();
        CliRun.Done("simulate", "dijet", "--events", "20000", "--seed", "9", "--out", _example["background.parquet"]);
        string[] columns = ["mjj", .. SearchExample.Features.Split(',')];
        EventTable all = new ParquetEventReader(_example.Events).Read(columns);
        ParquetEventWriter.Write(
            _example["region.parquet"], all.Select(new MassWindow(3.3, 3.7).Rows(all["mjj"], MassRegion.SignalRegion)));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void Without_sidebands_nothing_is_compared_with_them()
    {
        Found found = Search("without", _example["region.parquet"], "--background", _example["background.parquet"]);
        Assert.Multiple(() =>
        {
            Assert.That(found.Printed, Does.Contain("is the excess of the number of events over the background that was given"));
            Assert.That(found.Printed + found.Report, Does.Not.Contain("over the mass spectrum"));
            Assert.That(
                found.Report, Does.Contain("Points: data. Area: background with its statistical error. Below, data over background."));
            Assert.That(found.Report, Does.Match("χ² of the data in [0-9]+ bins is [0-9]+ against the background; a signal raises it"));
            Assert.That(found.Report, Does.Contain("none: the data have no sidebands").And.Contain(NotOfSidebands));
            Assert.That(found.Report, Does.Not.Contain("Dashed line: sidebands").And.Not.Contain("against the sidebands"));
            Assert.That(
                found.Json["curves"]!["features"]!.AsArray().Select(feature => feature!["sidebands"]), Is.All.Null);
        });
    }

    [Test]
    public void A_given_background_holds_no_signal_of_the_sidebands()
    {
        Found found = Search("given", _example.Events, "--background", _example["background.parquet"], "--signal", _example.Signal);
        Found blind = Search(
            "given-blind", _example.Events, "--background", _example["background.parquet"], "--signal", _example.Signal, "--blind");
        foreach (Found one in (Found[])[found, blind])
        {
            Assert.That(one.Report, Does.Contain(NotOfSidebands).And.Contain("Dashed line: sidebands as they are"));
            Assert.That(one.Report + one.Printed, Does.Not.Contain("a signal contained in the template"));
        }

        Assert.That(found.Printed, Does.Match("effective template events; cut lower, or give more background events"));
    }

    [Test]
    public void Without_sidebands_a_blind_report_draws_none()
    {
        Found found = Search(
            "without-blind", _example["region.parquet"], "--background", _example["background.parquet"], "--signal", _example.Signal,
            "--blind");
        Assert.That(found.Report, Does.Contain("expected background. Below, the statistical error of the background."));
        Assert.That(found.Report, Does.Not.Contain("Dashed line: sidebands").And.Contain("none: the data have no sidebands"));
        Assert.That(found.Printed, Does.Contain("Inconclusive: Distance of a feature of the template"));
    }

    [TestCase("plain", "--background", "plain", "")]
    [TestCase("simulated", "--background-simulation", "background.parquet", "cut lower, or simulate more background")]
    public void No_other_background_is_called_generated(string name, string option, string value, string remedy)
    {
        string background = value.EndsWith(".parquet", StringComparison.Ordinal) ? _example[value] : value;
        Found found = Search(name, _example.Events, option, background, "--signal", _example.Signal);
        Assert.That(found.Printed + found.Report, Does.Not.Contain("generated background").And.Not.Contain("generate more"));
        Assert.That(found.Printed, Does.Contain("Data vs background template").And.Contain(remedy));
        Assert.That(found.Report, Does.Not.Contain(NotOfSidebands).And.Contain("Dashed line: sidebands as they are"));
        Assert.That(
            found.Json["checks"]!.AsArray().Select(check => (string?)check!["name"]), Has.Some.Contains("contained in the template"));
    }

    private Found Search(string name, string events, params string[] more)
    {
        string[] args = _example.Search(name, more);
        args[1] = events;
        string printed = Regex.Replace(CliRun.Done(args).Output, @"\s+", " ");
        string page = File.ReadAllText(_example[name + "/report.html"]);
        string words = WebUtility.HtmlDecode(Regex.Replace(page, "<(script|style).*?</\\1>|<[^>]+>", "", RegexOptions.Singleline));
        return new Found(printed, Regex.Replace(words, @"\s+", " "), JsonNode.Parse(File.ReadAllText(_example[name + "/result.json"]))!);
    }

    private sealed record Found(string Printed, string Report, JsonNode Json);
}
