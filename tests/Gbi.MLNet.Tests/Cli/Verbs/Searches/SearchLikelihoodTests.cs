using System.Text.Json.Nodes;
using Gbi.Events.IO;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>The likelihood that gbi search writes, under the commands that take models.</summary>
public sealed class SearchLikelihoodTests
{
    private SearchExample _example = null!;
    private JsonNode _result = null!;

    private string Model => _example["result/likelihood.json"];

    [OneTimeSetUp]
    public void SearchOnce()
    {
        _example = new SearchExample();
        _result = JsonNode.Parse(
            CliRun.Done(_example.Search("result", "--signal", _example.Signal, "--background-members", "3", "--json")).Output)!;
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void Its_fit_is_that_of_the_search()
    {
        JsonNode fit = Json("fit", Model);
        JsonNode mu = fit["parameters"]!.AsArray().Single(parameter => (string?)parameter!["name"] == "mu")!;
        Assert.That((double)mu["value"]!, Is.EqualTo((double)_result["signalFraction"]!["value"]!).Within(1e-9));
    }

    [Test]
    public void Its_profile_interval_is_that_of_the_search()
    {
        JsonNode interval = Json("interval", Model, "--confidence", "0.68268949")["intervals"]![0]!;
        Assert.Multiple(() =>
        {
            Assert.That((double)interval["lower"]!, Is.EqualTo((double)_result["signalFraction"]!["interval68"]!["lower"]!).Within(1e-6));
            Assert.That((double)interval["upper"]!, Is.EqualTo((double)_result["signalFraction"]!["interval68"]!["upper"]!).Within(1e-6));
        });
    }

    [Test]
    public void Toys_give_an_interval_around_its_best_fit()
    {
        JsonNode found = Json("interval", Model, "--method", "feldman-cousins", "--toys", "20", "--confidence", "0.9");
        JsonNode interval = found["intervals"]![0]!;
        Assert.Multiple(() =>
        {
            Assert.That(((string?)interval["lowerIs"], (string?)interval["upperIs"]), Is.EqualTo(("crossing", "crossing")));
            Assert.That((double)found["muHat"]!, Is.InRange((double)interval["lower"]!, (double)interval["upper"]!));
            Assert.That((int)found["belt"]!.AsArray().Sum(row => (int)row!["failed"]!), Is.Zero);
        });
    }

    [Test]
    public void Toys_of_the_best_fit_are_like_the_data_and_toys_without_signal_are_not()
    {
        string mu = ((double)_result["signalFraction"]!["value"]!).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        JsonNode fitted = Json("toys", Model, "--mu", mu, "--statistic", "t", "--toys", "20");
        JsonNode none = Json("toys", Model, "--statistic", "q0", "--toys", "20");
        Assert.Multiple(() =>
        {
            Assert.That((int)fitted["failed"]!, Is.Zero);
            Assert.That((double)fitted["observed"]!, Is.EqualTo(0).Within(1e-3));
            Assert.That(Math.Sqrt((double)none["observed"]!), Is.EqualTo((double)_result["significance"]!).Within(1e-3));
        });
    }

    [Test]
    public void An_upper_limit_lies_between_the_upper_ends_of_its_intervals()
    {
        // Far from 0 the CLs limit is the one-sided 95 % bound, 1.64 σ: between 1 and 1.96.
        double limit = (double)Json("limit", Model)["upperLimit"]!;
        JsonNode fraction = _result["signalFraction"]!;
        Assert.That(limit, Is.InRange((double)fraction["interval68"]!["upper"]!, (double)fraction["interval95"]!["upper"]!));
        Assert.That(
            (double)Json("hypotest", Model, "--mu", limit.ToString("R", System.Globalization.CultureInfo.InvariantCulture))["CLs_obs"]!,
            Is.EqualTo(0.05).Within(1e-4));
    }

    [Test]
    public void A_signal_fraction_has_no_value_that_is_tested_by_default()
    {
        foreach (string verb in (string[])["hypotest", "toys"])
        {
            CliRun run = CliRun.Of(verb, Model);
            Assert.That((run.Code, run.Error), Is.EqualTo(
                (2, "mu is at most 1, as a signal fraction is, and has no value to test by default; give one with --mu, or find the "
                    + "largest that the data allow with 'gbi limit'.\n")));
        }
    }

    [Test]
    public void Features_are_named_by_patterns_and_one_of_a_single_value_is_warned_of()
    {
        string data = _example["constant.csv"];
        File.WriteAllLines(data, ["mass,x1,x2,flat", .. Enumerable.Range(0, 3000).Select(row => FormattableString.Invariant(
            $"{row * 0.001},{row * 7919 % 1009},{row * 104729 % 997},3"))]);
        CliRun run = CliRun.Done(
            "search", data, "--mass", "mass", "--features", "x1..x2,f*", "--signal-region", "1.2:1.6", "--background", "plain",
            "--trees", "2", "--folds", "2", "--members", "1", "--out", _example["flat"]);
        Assert.That(run.Output, Does.Contain("Warning: Feature 'flat' is 3 in all 3,000 events; it separates nothing, leave it out."));
        JsonNode options = JsonNode.Parse(File.ReadAllText(_example["flat/result.json"]))!["options"]!;
        Assert.That(options["features"]!.AsArray().Select(name => (string)name!), Is.EqualTo(new[] { "x1", "x2", "flat" }));
    }

    [Test]
    public void With_the_mass_it_is_written_too()
    {
        JsonNode result = JsonNode.Parse(
            CliRun.Done(
                _example.Search("mass", "--signal", _example.Signal, "--mass-term", "--background-members", "2", "--json")).Output)!;
        JsonNode fit = Json("fit", _example["mass/likelihood.json"]);
        Assert.Multiple(() =>
        {
            Assert.That((bool)result["options"]!["inference"]!["usesMass"]!, Is.True);
            Assert.That((double)fit["parameters"]![0]!["value"]!, Is.EqualTo((double)result["signalFraction"]!["value"]!).Within(1e-9));
            Assert.That(
                new ParquetEventReader(_example["mass/region.parquet"]).Columns.Select(column => column.Name),
                Does.Contain("log_ratio_features"));

            // 200 signal events were simulated, 77 % of them in the signal region; their number is known to about 20.
            Assert.That((double)result["signalYield"]!, Is.EqualTo(154).Within(70));
        });
    }

    private static JsonNode Json(params string[] args) => JsonNode.Parse(CliRun.Done([.. args, "--json"]).Output)!;
}
