using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios.Families;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>gbi search for a signal family, and gbi score with what it wrote.</summary>
public sealed class FamilyCommandTests
{
    private static readonly string[] Family =
        ["--signal-parameters", "mx,my", "--aligned", "mj1:my", "--interchangeable", "--half-width", "0.5"];

    private SearchExample _example = null!;
    private JsonNode _result = null!;
    private CliRun _people = null!;

    [OneTimeSetUp]
    public void Search()
    {
        _example = new SearchExample();
        CliRun.Done(
            "simulate", "dijet", "--events", "6000", "--signal-fraction", "1", "--signal-family", "600", "--seed", "7", "--out",
            _example["family.parquet"]);
        _people = CliRun.Done(_example.Search("results", ["--signal", _example["family.parquet"], "--without", "anomaly", .. Family]));
        _result = JsonNode.Parse(File.ReadAllText(_example["results/result.json"]))!;
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void The_result_holds_the_joint_fit_and_how_it_was_made()
    {
        JsonNode family = _result["family"]!;
        JsonNode settings = _result["options"]!["family"]!;
        string[] names = [.. family["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!)];
        string[] contours = [.. family["contours"]!.AsArray().Select(contour => $"{contour!["first"]} {contour["second"]}")];
        Assert.Multiple(() =>
        {
            Assert.That(names, Is.EqualTo((string[])["mu", "mx", "my"]));
            Assert.That(contours, Is.EqualTo((string[])["mx my", "mx my", "mx my", "mx mu", "mx mu", "mx mu", "my mu", "my mu", "my mu"]));
            Assert.That(family["contours"]![0]!["firstValues"]!.AsArray(), Has.Count.EqualTo(72));
            Assert.That((double)family["gain"]!, Is.GreaterThan(0));
            Assert.That((int)family["degreesOfFreedom"]!, Is.EqualTo(3));
            Assert.That((double)family["significance"]!, Is.EqualTo((double)_result["significance"]!));
            Assert.That((double)family["parameters"]![0]!["value"]!, Is.EqualTo((double)_result["signalFraction"]!["value"]!));
            Assert.That((double)family["minima"]![0]!["rise"]!, Is.EqualTo(0));
            Assert.That(family["labelSwap"], Is.Null);
            Assert.That((bool)settings["isInterchangeable"]!, Is.True);
            Assert.That((double)settings["halfWidth"]!, Is.EqualTo(0.5));
            Assert.That((int)settings["training"]!["trees"]!, Is.EqualTo(8));
            Assert.That(settings["aligned"]![0]!.ToJsonString(), Is.EqualTo("""{"feature":"mj1","parameter":"my"}"""));
            Assert.That(_result["options"]!["signalRatio"], Is.Null);
            Assert.That(_people.Output, Does.Contain("Fitted together").And.Contains("σ local"));
        });
    }

    [Test]
    public void The_family_lies_beside_the_other_files_and_scores_at_a_point()
    {
        Assert.That(
            Directory.GetFiles(_example["results"]).Select(Path.GetFileName),
            Is.EquivalentTo((string[])["family.json", "manifest.json", "report.html", "result.json", "scores.parquet"]));
        CliRun done = CliRun.Done(
            "score", _example.Signal, "--model", _example["results/family.json"], "--at", "my=100,mx=500", "--out",
            _example["scored.parquet"], "--json");
        var schema = new EventSchema { Features = ["mj1", "delta_mj", "tau21_j1", "tau21_j2", RatioModelFile.LogRatioColumn] };
        EventTable scored = ParquetEventReader.Read(_example["scored.parquet"], schema);
        SignalFamily family = SignalFamilyFile.Load(_example["results/family.json"]);
        Assert.That(scored[RatioModelFile.LogRatioColumn].ToArray(), Is.EqualTo(family.LogRatios(scored, [500, 100])));
        Assert.That((string?)JsonNode.Parse(done.Output)!["models"]![0]!["numerator"], Is.EqualTo("signal at mx = 500, my = 100"));
    }

    [Test]
    public void Options_in_a_file_give_the_same_result()
    {
        File.WriteAllText(_example["family-options.json"], $$"""
            { "signal": {{JsonValue.Create(_example["family.parquet"]).ToJsonString()}}, "without": "anomaly",
              "signal-parameters": ["mx", "my"], "aligned": ["mj1:my"], "exchangeable": true, "reach": 0.5 }
            """);
        CliRun.Done(_example.Search("from-file", "--config", _example["family-options.json"]));
        JsonNode again = JsonNode.Parse(File.ReadAllText(_example["from-file/result.json"]))!;
        Assert.That(again["family"]!.ToJsonString(), Is.EqualTo(_result["family"]!.ToJsonString()));
        Assert.That(again["options"]!.ToJsonString(), Is.EqualTo(_result["options"]!.ToJsonString()));
        Assert.That(File.ReadAllBytes(_example["from-file/family.json"]), Is.EqualTo(File.ReadAllBytes(_example["results/family.json"])));
    }

    [TestCase("--signal-parameters needs --signal:", "--signal-parameters", "mx,my")]
    [TestCase("--aligned needs --signal-parameters:", "--signal", "FAMILY", "--aligned", "mj1:my")]
    [TestCase("--interchangeable needs --signal-parameters:", "--signal", "FAMILY", "--interchangeable")]
    [
        TestCase(
            "--mass-term and --signal-parameters exclude each other", "--signal", "FAMILY", "--signal-parameters", "mx,my", "--mass-term")
    ]
    [
        TestCase(
            "--without rate has no meaning with --signal-parameters", "--signal", "FAMILY", "--signal-parameters", "mx,my", "--without",
            "rate")
    ]
    [
        TestCase(
            "--aligned is 'mj1', expected pairs FEATURE:PARAMETER", "--signal", "FAMILY", "--signal-parameters", "mx,my", "--aligned",
            "mj1")
    ]
    [
        TestCase(
            "'mj2' is aligned with the parameter mx, but is none of the features", "--signal", "FAMILY", "--signal-parameters", "mx,my",
            "--aligned", "mj2:mx")
    ]
    [
        TestCase(
            "aligned with 'mz', which is none of the parameters mx, my", "--signal", "FAMILY", "--signal-parameters", "mx,my", "--aligned",
            "mj1:mz")
    ]
    [TestCase("An interchangeable family has two parameters", "--signal", "FAMILY", "--signal-parameters", "mx", "--interchangeable")]
    [TestCase("'mjj' is a parameter of the signal family and a column of the data", "--signal", "FAMILY", "--signal-parameters", "mjj")]
    [
        TestCase(
            "--half-width is '0.7', expected a number above 0 and at most 0.5", "--signal", "FAMILY", "--signal-parameters", "mx,my",
            "--half-width", "0.7")
    ]
    public void Wrong_usage_is_told_in_one_sentence(string sentence, params string[] options) => Fails(2, sentence, options);

    [TestCase("There is no column 'mz' in family.parquet", "--signal", "FAMILY", "--signal-parameters", "mx,mz")]
    [TestCase("'label' is the same in all", "--signal", "FAMILY", "--signal-parameters", "label", "--linear-parameters")]
    public void A_sample_that_is_no_family_is_told_in_one_sentence(string sentence, params string[] options) => Fails(1, sentence, options);

    [TestCase(2, "The point names mx, but the parameters of family.json are mx, my", "--at", "mx=500")]
    [TestCase(2, "mx is 900, but the family was learnt from", "--at", "mx=900,my=100")]
    [TestCase(2, "--at is 'mx', expected pairs NAME=VALUE", "--at", "mx")]
    [TestCase(1, "name the point, as --at does")]
    public void A_point_that_the_family_does_not_know_is_told(int code, string sentence, params string[] options)
    {
        CliRun run = CliRun.Of(
            ["score", _example.Signal, "--model", _example["results/family.json"], "--out", _example["lost.parquet"], .. options]);
        Assert.That(run.Code, Is.EqualTo(code), run.Error);
        Assert.That(run.Error, Does.Contain(sentence));
    }

    private void Fails(int code, string sentence, string[] options)
    {
        string[] given = [.. options.Select(option => option == "FAMILY" ? _example["family.parquet"] : option)];
        CliRun run = CliRun.Of(_example.Search("refused", ["--background", "plain", .. given]));
        Assert.That(run.Code, Is.EqualTo(code), run.Error);
        Assert.That(run.Error.ReplaceLineEndings(" "), Does.Contain(sentence));
        Assert.That(Directory.Exists(_example["refused"]), Is.False);
    }
}
