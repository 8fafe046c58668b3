using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics.Probability;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Cli.Verbs.Inference;

/// <summary>
/// Model files on the command line: μS events of N(1, 1) over b·B of N(0, 1), with ln r = x − ½ exactly. The reference sample is a
/// quadrature rule of N(0, 1) with weights, and the data are B times it: Asimov data of μ = 0.
/// </summary>
public sealed class ModelCommandTests
{
    private const double Signal = 1e4;
    private const double Background = 1e8;

    // Information about (μ, b): [[e S²/B, S], [S, B]]; with b profiled that of μ is (e − 1) S²/B.
    private static readonly double Sigma = Math.Sqrt(Background / (Math.E - 1)) / Signal;

    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        double[] x = [.. Enumerable.Range(0, 851).Select(i => -9 + (0.02 * i))];
        double[] density = [.. x.Select(at => 0.02 * Math.Exp(-at * at / 2) / Math.Sqrt(2 * Math.PI))];
        var table = EventTable.FromColumns(
            ("log_ratio", [.. x.Select(at => (float)(at - 0.5))]), ("hole", [.. x.Select(at => at < 0 ? float.NaN : 1)]));
        Write("reference.parquet", 1);
        Write("data.parquet", Background);
        Write("few.parquet", 100);
        File.WriteAllText(_folder["model.json"], Model(Signal, Background));
        File.WriteAllText(_folder["few.json"], Model(20, 100).Replace("data.parquet", "few.parquet"));
        File.WriteAllText(
            _folder["unnamed.json"],
            Model(Signal, Background).Replace("\"events\": { \"file\": \"data.parquet\", \"weight\": \"w\", \"asimov\": true },", ""));
        File.WriteAllText(
            _folder["alone.json"],
            Model(Signal, Background).Replace("\"reference\": { \"file\": \"reference.parquet\", \"weight\": \"w\" },", ""));
        File.WriteAllText(_folder["lost.json"], Model(Signal, Background).Replace("data.parquet", "nothere.parquet"));
        File.WriteAllText(_folder["column.json"], Model(Signal, Background).Replace("\"log_ratio\"", "\"log_ratios\""));
        File.WriteAllText(
            _folder["weight.json"],
            Model(Signal, Background).Replace("\"weight\": \"w\", \"asimov\"", "\"weight\": \"v\", \"asimov\""));
        File.WriteAllText(_folder["hole.json"], Model(Signal, Background).Replace("\"log_ratio\"", "\"hole\""));
        File.WriteAllText(_folder["typing.json"], Model(Signal, Background).Replace("\"yield\"", "\"yeild\""));
        File.WriteAllText(_folder["broken.json"], """{ "gbiModel": "1",""");
        const string Samples = "\"samples\": [{ \"name\": \"b\", \"nominal\": [3] }]";
        File.WriteAllText(
            _folder["uncounted.json"], $$"""{ "gbiModel": "1", "parameters": [], "channels": [{ "name": "cr", {{Samples}} }] }""");
        File.WriteAllText(
            _folder["counted.json"],
            $$"""{ "gbiModel": "1", "parameters": [], "channels": [{ "name": "cr", "observed": [2], {{Samples}} }] }""");
        File.WriteAllText(_folder["aimless.json"], Model(Signal, Background).Replace("\"parameterOfInterest\": \"mu\",", ""));
        File.WriteAllText(_folder["workspace.json"], SmallWorkspace.Counting(10, 50, 55));

        void Write(string name, double scale) => ParquetEventWriter.Write(
            _folder[name], table.WithWeights(density.Select(value => scale * value).ToArray()),
            new ParquetWriteOptions { WeightColumn = "w" });
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _folder.Dispose();

    [Test]
    public void Expected_limits_are_those_of_the_information()
    {
        JsonElement limit = Json("limit", _folder["model.json"], "--json");
        double[] expected = [.. limit.GetProperty("expectedUpperLimit").EnumerateArray().Select(value => value.GetDouble())];

        // arXiv:1007.1727, equation 89, with CLs: σ (N + Φ⁻¹(1 − α Φ(N))).
        for (int band = -2; band <= 2; band++)
        {
            double formula = Sigma * (
                band
                    + MathNet.Numerics.Distributions.Normal.InvCDF(
                        0, 1, 1 - (0.05 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, band))));
            Assert.That(expected[band + 2], Is.EqualTo(formula).Within(1e-3 * formula), $"band {band}");
        }

        Assert.That(limit.GetProperty("muHat").GetDouble(), Is.EqualTo(0).Within(1e-4 * Sigma));
        Assert.That(
            limit.GetProperty("upperLimit").GetDouble(), Is.EqualTo(expected[2]).Within(1e-3 * expected[2]),
            "the data are those expected");
    }

    [Test]
    public void Hypotest_takes_a_model()
    {
        string mu = Sigma.ToString("R");
        JsonElement found = Json("hypotest", _folder["model.json"], "--mu", mu, "--json");

        Assert.That(found.GetProperty("q").GetDouble(), Is.EqualTo(1).Within(1e-3));
        Assert.That(found.GetProperty("CLs_obs").GetDouble(), Is.EqualTo(TailProbability.OfNormal(1) / 0.5).Within(1e-3));
    }

    [Test]
    public void Toys_agree_with_the_asymptotic_test()
    {
        JsonElement toys = Json("toys", _folder["few.json"], "--mu", "0.5", "--toys", "1000", "--json");
        JsonElement asymptotic = Json("hypotest", _folder["few.json"], "--mu", "0.5", "--json");

        // About 100 events: the asymptotic formulas hold to a few per cent.
        Assert.That(toys.GetProperty("failed").GetInt32(), Is.Zero);
        Assert.That(
            toys.GetProperty("cls").GetDouble(),
            Is.EqualTo(asymptotic.GetProperty("CLs_obs").GetDouble()).Within(0.05 + (4 * toys.GetProperty("clsError").GetDouble())));
    }

    [Test]
    public void Fit_gives_errors_impacts_and_a_scan_and_interval_intervals()
    {
        JsonElement fit = Json("fit", _folder["model.json"], "--impacts", "--grid", "0:2:3", "--json");
        double[] errors =
            [.. fit.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("error").GetDouble())];
        (double Lower, double Upper)[] intervals =
            [.. Json("interval", _folder["model.json"], "--json").GetProperty("intervals").EnumerateArray().Select(interval =>
            (interval.GetProperty("lower").GetDouble(), interval.GetProperty("upper").GetDouble()))];
        JsonElement impact = fit.GetProperty("impacts")[0];
        JsonElement point = fit.GetProperty("scan")[1];

        Assert.Multiple(() =>
        {
            Assert.That(errors[0], Is.EqualTo(Sigma).Within(1e-3 * Sigma));
            Assert.That(errors[1], Is.EqualTo(Math.Sqrt(Math.E / ((Math.E - 1) * Background))).Within(1e-9));
            Assert.That(intervals[0].Lower, Is.EqualTo(-Sigma).Within(2e-3 * Sigma));
            Assert.That(intervals[0].Upper, Is.EqualTo(Sigma).Within(2e-3 * Sigma));
            Assert.That(intervals[1].Upper, Is.EqualTo(1.959964 * Sigma).Within(4e-3 * Sigma));

            // With b held one error off, μ moves by −B/(S e) of it.
            Assert.That(impact.GetProperty("name").GetString(), Is.EqualTo("b"));
            Assert.That(impact.GetProperty("up").GetDouble(), Is.EqualTo(-Background / (Signal * Math.E) * errors[1]).Within(2e-3 * Sigma));
            Assert.That(impact.GetProperty("down").GetDouble(), Is.Positive);
            Assert.That(point.GetProperty("value").GetDouble(), Is.EqualTo(1));
            Assert.That(point.GetProperty("t").GetDouble(), Is.EqualTo(1 / (Sigma * Sigma)).Within(2e-3 / (Sigma * Sigma)));
            Assert.That(
                fit.GetProperty("parameters")[2].GetProperty("pull").GetDouble(), Is.EqualTo(0).Within(1e-6), "nothing pulls on it");
            Assert.That(fit.GetProperty("parameters")[0].GetProperty("pull").ValueKind, Is.EqualTo(JsonValueKind.Null), "no constraint");
        });
    }

    [Test]
    public void Fit_prints_tables_for_people()
    {
        string printed = CliRun.Done("fit", _folder["model.json"], "--impacts", "--grid", "0:2:3").Output;
        Assert.That(printed, Does.Contain("Pull").And.Contain("Impact on mu").And.Contain("−2 ln L above the best"));
        Assert.That(
            Json("fit", _folder["aimless.json"], "--json").GetProperty("parameters").GetArrayLength(), Is.EqualTo(3),
            "a fit needs no parameter of interest");
    }

    [Test]
    public void Describe_prints_tables_and_documents()
    {
        Assert.Multiple(() =>
        {
            Assert.That(CliRun.Done("describe", _folder["model.json"]).Output, Does.Contain(
                "Channel 'sr', unbinned: 851 events (weights sum to 100,000,000); reference sample of 851 events (weights sum to 1), "
                    + "shapes normalised on it\n"));
            Assert.That(
                CliRun.Done("describe", _folder["unnamed.json"]).Output,
                Does.Contain("Channel 'sr', unbinned: no data; reference sample of 851"));
            Assert.That(
                CliRun.Done("describe", _folder["workspace.json"]).Output,
                Does.Contain("Channel 'c', 1 bin: 55 counts\nSample      Yield  Factors\nsignal         10  mu\n"));
        });

        File.WriteAllText(_folder["converted.json"], CliRun.Done("describe", _folder["workspace.json"], "--json").Output);
        Assert.That(
            CliRun.Done("hypotest", _folder["converted.json"], "--json").Output,
            Is.EqualTo(CliRun.Done("hypotest", _folder["workspace.json"], "--json").Output
                .Replace("\"measurement\": \"m\"", "\"measurement\": null").Replace("workspace.json", "converted.json")));
    }

    [
        TestCase(
            "fit unnamed.json",
            "unnamed.json: /channels/0 has no 'events', the file of its observed events; add \"events\": { \"file\": \"data.parquet\" }.")
    ]
    [
        TestCase(
            "fit uncounted.json",
            "uncounted.json: /channels/0 has no 'observed', the counts of its bins; add \"observed\", one number per bin, 1 in all.")
    ]
    [TestCase("fit counted.json", "The model has no parameter")]
    [TestCase("fit lost.json", "lost.json: /channels/0/events: There is no file")]
    [TestCase("fit column.json", "column.json: /channels/0/events: There is no column 'log_ratios' in data.parquet")]
    [TestCase("fit weight.json", "weight.json: /channels/0/events: There is no column 'v' in data.parquet")]
    [
        TestCase(
            "fit hole.json",
            "Column 'hole' of channel 'sr', which Process 'signal' reads, is NaN at event 0 and wrong at 450 in all; expected a finite "
                + "log ratio")
    ]
    [TestCase("fit typing.json", "typing.json: /channels/0/processes/0/yeild is unknown")]
    [TestCase("describe broken.json", "broken.json: The model is not valid JSON")]
    [TestCase("describe nothere.json", "There is no file")]
    [TestCase("limit alone.json", "Channel 'sr' has no reference sample, which Asimov data and toys are made of")]
    [TestCase("toys alone.json", "Channel 'sr' has no reference sample, which Asimov data and toys are made of")]
    [TestCase("toys model.json", "The reference sample of channel 'sr' has")]
    [TestCase("limit aimless.json", "The model has no parameter of interest")]
    [TestCase("fit aimless.json --impacts", "The model has no parameter of interest")]
    [TestCase("interval aimless.json", "The model has no parameter of interest")]
    public void What_a_model_file_cannot_do_is_told_in_one_sentence(string arguments, string sentence) => Check(1, arguments, sentence);

    [TestCase("fit model.json --patch patch.json", "--patch is for pyhf workspaces, and model.json is a model of gbi")]
    [TestCase("limit model.json --measurement m", "--measurement is for pyhf workspaces")]
    [TestCase("fit model.json --grid 0:1", "--grid is '0:1', expected LO:HI:N with LO below HI")]
    [TestCase("fit model.json --grid 1:0:5", "expected LO:HI:N with LO below HI")]
    [TestCase("describe", "'gbi describe' needs MODEL")]
    public void Wrong_usage_is_exit_code_2(string arguments, string sentence) => Check(2, arguments, sentence);

    private static string Model(double signal, double background) => FormattableString.Invariant($$"""
        { "gbiModel": "1", "parameterOfInterest": "mu",
          "parameters": [{ "name": "mu", "initial": 0.5, "lower": -10, "upper": 10 },
                         { "name": "b", "initial": 1, "lower": 0.5, "upper": 2 },
                         { "name": "nu", "constraint": { "gaussian": { "width": 1 } } }],
          "channels": [{ "name": "sr",
            "events": { "file": "data.parquet", "weight": "w", "asimov": true },
            "reference": { "file": "reference.parquet", "weight": "w" },
            "processes": [{ "name": "signal", "yield": {{signal}}, "factors": [{ "strength": "mu" }], "logRatio": "log_ratio" },
                          { "name": "background", "yield": {{background}}, "factors": [{ "strength": "b" }] }] }] }
        """);

    private static JsonElement Json(params string[] args) => JsonDocument.Parse(CliRun.Done(args).Output).RootElement;

    private void Check(int code, string arguments, string sentence)
    {
        CliRun run = CliRun.Of([.. arguments.Split(' ').Select(word => word.EndsWith(".json") ? _folder[word] : word)]);

        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(code), run.Error);
            Assert.That(run.Error, Does.Contain(sentence));
            Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1), "one sentence");
            Assert.That(run.Output, Is.Empty);
        });
    }
}
