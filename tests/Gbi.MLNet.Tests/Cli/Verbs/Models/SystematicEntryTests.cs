using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Tests.Systematics;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>gbi train systematic --append-to: from samples to a fit, with no rate entered by hand.</summary>
public sealed class SystematicEntryTests
{
    private const int Expected = 4000;
    private const double Truth = 0.7;

    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        Write("nominal.parquet", MovedGaussian.Sample(0, 20_000, seed: 1));
        Write("up.parquet", MovedGaussian.Sample(1, 20_000, seed: 2));
        Write("down.parquet", MovedGaussian.Sample(-1, 20_000, seed: 3));
        Write("same.parquet", MovedGaussian.Sample(0, 20_000, seed: 4));
        int observed = (int)Math.Round(Expected * Math.Exp(0.2 * Truth));
        Write("data.parquet", MovedGaussian.Sample(Truth, observed, seed: 5).WithWeights(null));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _folder.Dispose();

    [Test]
    public void A_systematic_goes_from_samples_to_a_fit_without_a_rate_by_hand()
    {
        WriteModel("model.json");
        CliRun train = Train("nu.zip", "model.json");
        Score("data.parquet", "nu.zip");
        Score("nominal.parquet", "nu.zip");
        JsonElement fit = Json("fit", _folder["model.json"], "--json").GetProperty("parameters")[1];
        (double value, double error) = (fit.GetProperty("value").GetDouble(), fit.GetProperty("error").GetDouble());
        string document = File.ReadAllText(_folder["model.json"]);

        Assert.Multiple(() =>
        {
            Assert.That(train.Output, Does.Contain("Added shape and rate to process 'background' of channel 'sr'"));
            Assert.That(document, Does.Contain("\"column\": \"Delta_nu^2\"").And.Match("\"linear\": 0.(2|1999999)"));

            // The rate alone tells ν to 1/(0.2 √4601) = 0.074, and the shift of 0.3 ν more.
            Assert.That(error, Is.LessThan(0.06));
            Assert.That(value, Is.EqualTo(Truth).Within(4 * error));
        });
    }

    [Test]
    public void The_rate_stands_beside_the_shape()
    {
        JsonElement printed = JsonDocument.Parse(Train("json.zip", null, "--json").Output).RootElement;
        JsonElement up = printed.GetProperty("samples")[1].GetProperty("rate");
        JsonElement[] terms = [.. printed.GetProperty("coefficients").EnumerateArray().Select(term => term.GetProperty("logRate"))];

        // Weights of e^{±0.2}: exact in sums, with an error of √(2/20,000) as of independent samples.
        Assert.Multiple(() =>
        {
            Assert.That(up.GetProperty("value").GetDouble(), Is.EqualTo(Math.Exp(0.2)).Within(1e-9));
            Assert.That(up.GetProperty("error").GetDouble(), Is.EqualTo(Math.Exp(0.2) * 0.01).Within(1e-9));
            Assert.That(terms[0].GetProperty("value").GetDouble(), Is.EqualTo(0.2).Within(1e-9));
            Assert.That(terms[0].GetProperty("error").GetDouble(), Is.EqualTo(Math.Sqrt(0.5 / 20_000)).Within(1e-9));
            Assert.That(terms[1].GetProperty("value").GetDouble(), Is.Zero.Within(1e-9));
            Assert.That(terms[1].GetProperty("error").GetDouble(), Is.EqualTo(Math.Sqrt(1.5 / 20_000)).Within(1e-9));
            Assert.That(printed.GetProperty("appendedTo").ValueKind, Is.EqualTo(JsonValueKind.Null));
        });
    }

    [Test]
    public void A_second_entry_of_a_parameter_needs_force_and_replaces_the_first()
    {
        WriteModel("twice.json");
        Train("once.zip", "twice.json", "--trees", "2");
        string once = File.ReadAllText(_folder["twice.json"]);
        CliRun refused = Run("once2.zip", "twice.json", "--trees", "2");
        Assert.That((refused.Code, refused.Error), Is.EqualTo((1,
            "twice.json: Process 'background' of channel 'sr' depends on 'nu' already; allow replacing that with --force, or name the "
                + "parameter otherwise.\n")));
        Assert.That(File.Exists(_folder["once2.zip"]), Is.False);
        Assert.That(File.ReadAllText(_folder["twice.json"]), Is.EqualTo(once));

        Train("once.zip", "twice.json", "--trees", "2", "--prefix", "Other_", "--force");
        Assert.That(File.ReadAllText(_folder["twice.json"]), Is.EqualTo(once.Replace("Delta_", "Other_")));
    }

    [TestCase("\"normaliseShapes\": false,", "has normaliseShapes false")]
    [TestCase("\"reference\": { \"file\": \"nominal.parquet.scored.parquet\", \"weight\": \"w\" },", "has no reference")]
    public void A_channel_that_does_not_normalise_takes_no_shape_that_holds_its_rate(string part, string sentence)
    {
        WriteModel("other.json");
        string text = File.ReadAllText(_folder["other.json"]);
        File.WriteAllText(
            _folder["other.json"],
            text.Contains(part) ? text.Replace(part, "") : text.Replace("\"processes\"", part + "\"processes\""));
        CliRun run = Run("other.zip", "other.json", "--trees", "2");
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith("other.json: Channel 'sr' ").And.Contain(sentence));
    }

    [Test]
    public void A_shape_that_changes_the_number_of_events_is_refused_where_shapes_are_not_normalised()
    {
        WriteModel("raw.json");
        Train("raw.zip", "raw.json");
        Score("nominal.parquet", "raw.zip");
        Score("data.parquet", "raw.zip");
        string text = File.ReadAllText(_folder["raw.json"]);
        File.WriteAllText(_folder["raw.json"], text.Replace("\"processes\"", "\"normaliseShapes\": false, \"processes\""));
        CliRun run = CliRun.Of("fit", _folder["raw.json"]);
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("raw.json: /channels/0/normaliseShapes: Process 'background' has 0.8").And.Contain(
            "times its events at nu = -1, but normaliseShapes is false"));
    }

    [Test]
    public void A_systematic_that_does_nothing_learns_nothing()
    {
        JsonElement printed = JsonDocument.Parse(CliRun.Done(
            "train", "systematic", _folder["nominal.parquet"], "--varied", $"nu=1:{_folder["same.parquet"]}", "--monomials", "nu",
            "--features", "x,noise", "--weight", "w", "--out", _folder["none.zip"], "--json").Output).RootElement;
        JsonElement rate = printed.GetProperty("samples")[1].GetProperty("rate");
        Assert.That(
            rate.GetProperty("value").GetDouble(), Is.EqualTo(1).Within(3 * rate.GetProperty("error").GetDouble()));

        // 50 trees without early stopping learn a noise of 0.07.
        Assert.That(printed.GetProperty("coefficients")[0].GetProperty("standardDeviation").GetDouble(), Is.LessThan(0.02));
    }

    private CliRun Train(string name, string? model, params string[] more)
    {
        CliRun run = Run(name, model, more);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        return run;
    }

    private CliRun Run(string name, string? model, params string[] more) => CliRun.Of(
    [
        "train", "systematic", _folder["nominal.parquet"], "--varied", $"nu=1:{_folder["up.parquet"]}",
        "--varied", $"nu=-1:{_folder["down.parquet"]}", "--features", "x,noise", "--weight", "w", "--out", _folder[name],
        .. model is null ? (string[])[] : ["--append-to", _folder[model], "--process", "background"], .. more,
    ]);

    private void Score(string events, string model) => CliRun.Done(
        "score", _folder[events], "--model", _folder[model], "--out", _folder[events + ".scored.parquet"], "--force");

    private void WriteModel(string name) => File.WriteAllText(_folder[name], $$"""
        { "gbiModel": "1", "parameters": [{ "name": "mu", "initial": 0, "fixed": true }], "channels": [{ "name": "sr",
          "events": { "file": "data.parquet.scored.parquet" },
          "reference": { "file": "nominal.parquet.scored.parquet", "weight": "w" },
          "processes": [{ "name": "signal", "yield": 100, "logRatio": "x", "factors": [{ "strength": "mu" }] },
                        { "name": "background", "yield": {{Expected}} }] }] }
        """);

    private void Write(string name, EventTable events) => ParquetEventWriter.Write(
        _folder[name], events, new ParquetWriteOptions { WeightColumn = "w" });

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(CliRun.Done(args).Output).RootElement;
}
