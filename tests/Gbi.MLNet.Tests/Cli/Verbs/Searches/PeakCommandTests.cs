using System.Text.Json.Nodes;
using Gbi.Cli;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Tests.Peaks;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>gbi peak and gbi pair, without the data of the worked example.</summary>
[TestFixture]
internal sealed class PeakCommandTests
{
    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void Write()
    {
        _folder = new ScratchFolder();
        ParquetEventWriter.Write(_folder["events.parquet"], PeakSample.Draw(600, 5000, seed: 1));
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_peak_is_measured_and_every_event_in_range_gets_a_category()
    {
        CliRun run = Peak("results", "--mass-range", "1:9", "--json");
        JsonNode result = JsonNode.Parse(run.Output)!;
        EventTable scores = new ParquetEventReader(_folder["results/scores.parquet"]).Read(["mass", "category"]);
        bool[] isInside = [.. scores["mass"].ToArray().Select(mass => mass is >= 1 and < 9)];

        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error), Is.EqualTo((GbiCommand.Done, "")));
            Assert.That(
                (double)result["withFeatures"]!["yield"]!["value"]!,
                Is.EqualTo(600).Within(3 * (double)result["withFeatures"]!["yield"]!["error"]!));
            Assert.That((double)result["gain"]!, Is.GreaterThan(1));
            Assert.That(result["nullTest"], Is.Null);
            Assert.That(scores["category"].ToArray().Select(category => category >= 0), Is.EqualTo(isInside));
            Assert.That(
                JsonNode.DeepEquals(WithoutTime(result), JsonNode.Parse(File.ReadAllText(_folder["results/result.json"]))), Is.True);
        });
    }

    [Test]
    public void Without_features_the_mass_is_measured_alone()
    {
        CliRun run = CliRun.Of(
            "peak", _folder["events.parquet"], "--mass", "mass", "--signal-region", "4.1:5.9", "--spectrum-parameters", "2", "--out",
            _folder["alone"], "--json");
        JsonNode result = JsonNode.Parse(run.Output)!;

        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error), Is.EqualTo((GbiCommand.Done, "")));
            Assert.That(result["withFeatures"], Is.Null);
            Assert.That(
                (double)result["totalError"]!,
                Is.EqualTo(double.Hypot(
                    (double)result["massOnly"]!["yield"]!["error"]!, (double)result["massOnly"]!["shapeError"]!["total"]!)).Within(1e-9));
            Assert.That(File.Exists(_folder["alone/scores.parquet"]), Is.False);
        });
    }

    [TestCase("--width", "0", "--width is '0', expected a number above 0")]
    [TestCase("--categories", "0.1,0.5", "Background efficiencies must fall")]
    [TestCase("--replicas", "1", "ReplicaCount must be 0, or 2 or more")]
    [TestCase("--toys", "1", "NullToyCount must be 0, or 2 or more")]
    public void Wrong_usage_is_told(string option, string value, string sentence)
    {
        CliRun run = CliRun.Of(
            "peak", _folder["events.parquet"], "--mass", "mass", "--features", "feature", "--signal-region", "4.1:5.9", "--out",
            _folder["none"], option, value);

        Assert.That(run.Code, Is.EqualTo(GbiCommand.WrongUsage));
        Assert.That(run.Error, Does.StartWith(sentence));
    }

    [Test]
    public void A_particle_has_three_columns()
    {
        CliRun run = CliRun.Of(
            "pair", _folder["events.parquet"], "--first", "mass,noise", "--second", "mass,noise,feature", "--out",
            _folder["pairs.parquet"]);

        Assert.That(run.Code, Is.EqualTo(GbiCommand.WrongUsage));
        Assert.That(run.Error, Does.StartWith("--first names 2 columns, expected three"));
    }

    [Test]
    public void A_column_belongs_to_one_particle()
    {
        CliRun run = CliRun.Of(
            "pair", _folder["events.parquet"], "--first", "mass,noise,feature", "--second", "pt2,eta2,noise", "--out",
            _folder["pairs.parquet"]);

        Assert.That(
            (run.Code, run.Error.Trim()),
            Is.EqualTo(
                (
                    GbiCommand.WrongUsage,
                    "Column 'noise' is named twice by --first and --second; every particle has three columns of its own.")));
    }

    private CliRun Peak(string name, params string[] more) => CliRun.Of(
        ["peak", _folder["events.parquet"], "--mass", "mass", "--features", "feature,noise", "--signal-region", "4.1:5.9",
            "--spectrum-parameters", "2", "--categories", "0.5,0.1", "--replicas", "0", "--toys", "0", "--out", _folder[name], .. more]);

    // A file holds no time.
    private static JsonNode WithoutTime(JsonNode document)
    {
        Assert.That((double)document["elapsedSeconds"]!, Is.GreaterThan(0));
        document["elapsedSeconds"] = null;
        return document;
    }
}
