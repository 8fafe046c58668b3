using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios.Parametric;
using Gbi.Tests.Systematics;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>gbi train systematic, and gbi score with what it wrote.</summary>
public sealed class SystematicCommandTests
{
    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        Write("nominal.parquet", MovedGaussian.Sample(0, 20_000, seed: 1));
        Write("up.parquet", MovedGaussian.Sample(1, 20_000, seed: 2));
        Write("down.parquet", MovedGaussian.Sample(-1, 20_000, seed: 3));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _folder.Dispose();

    [Test]
    public void A_systematic_is_learnt_scored_and_read_back_as_a_variation()
    {
        Train("nu.zip");
        CliRun score = CliRun.Done("score", _folder["nominal.parquet"], "--model", _folder["nu.zip"], "--out", _folder["scored.parquet"]);

        Assert.That(score.Output, Does.Contain("Scored 20,000 events with the coefficients Delta_nu, Delta_nu^2 of nu.zip"));
        EventTable events = new ParquetEventReader(_folder["scored.parquet"]).Read(["x", "noise", "w", "Delta_nu", "Delta_nu^2"]);
        ParametricRatio ratio = SystematicModelFile.Load(_folder["nu.zip"]).Ratio;
        float[][] direct = ratio.Columns(events);
        Assert.Multiple(() =>
        {
            Assert.That(events["Delta_nu"].ToArray(), Is.EqualTo(direct[0]));
            Assert.That(events["Delta_nu^2"].ToArray(), Is.EqualTo(direct[1]));

            // A constant would miss by 0.34.
            Assert.That(MovedGaussian.RootMeanSquareError(events, events["Delta_nu"], MovedGaussian.Linear), Is.LessThan(0.08));
        });
    }

    [Test]
    public void It_prints_what_it_learnt_and_whether_it_closes()
    {
        string text = Train("printed.zip").Output;
        Assert.That(
            text,
            Does.Contain("up.parquet").And.Contain("nu=-1").And.Contain("Delta_nu^2").And.Contain("Distance before").And.Contain(
                "Share of the gain: x"));

        using JsonDocument printed = JsonDocument.Parse(Train("json.zip", "--json").Output);
        JsonElement up = printed.RootElement.GetProperty("samples")[1];
        JsonElement closure = up.GetProperty("closure");
        Assert.Multiple(() =>
        {
            Assert.That(
                printed.RootElement.GetProperty("monomials").EnumerateArray().Select(name => name.GetString()),
                Is.EqualTo(new[] { "nu", "nu^2" }));
            Assert.That(up.GetProperty("point").GetProperty("nu").GetDouble(), Is.EqualTo(1));
            Assert.That(up.GetProperty("sumOfWeights").GetDouble(), Is.EqualTo(20_000 * Math.Exp(0.2)).Within(0.1));
            Assert.That(
                closure.GetProperty("meanRatio").GetProperty("value").GetDouble(),
                Is.EqualTo(Math.Exp(0.2)).Within(4 * closure.GetProperty("meanRatio").GetProperty("error").GetDouble() + 0.02));
            Assert.That(
                closure.GetProperty("distanceAfter").GetProperty("distance").GetDouble(),
                Is.LessThan(closure.GetProperty("distanceBefore").GetProperty("distance").GetDouble() / 3));
        });
    }

    [Test]
    public void Two_systematics_stand_side_by_side_in_one_file()
    {
        Train("first.zip", "--trees", "3", "--held-out", "0");
        Train("second.zip", "--trees", "3", "--held-out", "0", "--prefix", "Signal_", "--monomials", "nu");
        CliRun.Done("score", _folder["up.parquet"], "--model", _folder["first.zip"], "--out", _folder["one.parquet"]);
        CliRun run = CliRun.Done(
            "score", _folder["one.parquet"], "--model", _folder["second.zip"], "--out", _folder["two.parquet"], "--json");
        CliRun twice = CliRun.Of("score", _folder["one.parquet"], "--model", _folder["first.zip"], "--out", _folder["three.parquet"]);

        using JsonDocument printed = JsonDocument.Parse(run.Output);
        Assert.Multiple(() =>
        {
            Assert.That(
                new ParquetEventReader(_folder["two.parquet"]).Columns.Select(column => column.Name),
                Is.EqualTo(new[] { "x", "noise", "w", "Delta_nu", "Delta_nu^2", "Signal_nu" }));
            Assert.That(
                printed.RootElement.GetProperty("columns").EnumerateArray().Select(name => name.GetString()),
                Is.EqualTo(new[] { "Signal_nu" }));
            Assert.That(printed.RootElement.GetProperty("models")[0].GetProperty("parameters")[0].GetString(), Is.EqualTo("nu"));
            Assert.That(twice.Code, Is.EqualTo(1));
            Assert.That(twice.Error, Does.Contain("Column 'Delta_nu' is in one.parquet already"));
        });
    }

    [Test]
    public void Two_parameters_may_be_varied_together()
    {
        string both = _folder["down.parquet"];
        CliRun.Done(
            "train", "systematic", _folder["nominal.parquet"], "--varied", $"a=1:{_folder["up.parquet"]}", "--varied", $"a=-0.5,b=2:{both}",
            "--monomials", "a,b", "--features", "x", "--weight", "w", "--trees", "2", "--out", _folder["two-parameters.zip"]);

        ParametricRatio ratio = SystematicModelFile.Load(_folder["two-parameters.zip"]).Ratio;

        // Both points are met exactly: the rates are e^{0.2} and e^{−0.2}.
        Assert.Multiple(() =>
        {
            Assert.That(ratio.Parameters, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(ratio.LogInclusiveRatio([1, 0]), Is.EqualTo(0.2).Within(0.01));
            Assert.That(ratio.LogInclusiveRatio([-0.5, 2]), Is.EqualTo(-0.2).Within(0.01));
        });
    }

    [Test]
    public void More_terms_than_a_model_holds_are_refused_before_anything_is_read()
    {
        // 5 parameters have 20 terms; each pair of them is varied, so that all are determined.
        string[] names = ["a", "b", "c", "d", "e"];
        IEnumerable<string> points = names.SelectMany((name, i) => names.Skip(i + 1).Select(other => $"{name}=1,{other}=1"))
            .Concat(names.SelectMany(name => new[] { $"{name}=1", $"{name}=-1" }));
        CliRun run = CliRun.Of([
            "train", "systematic", "nothere.parquet", .. points.SelectMany(point => new[] { "--varied", $"{point}:nothere.parquet" }),
            "--features", "x", "--out", _folder["many.zip"]]);

        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("have 20 terms, expected at most 16; choose some with --monomials"));
    }

    private CliRun Train(string name, params string[] more) => CliRun.Done([
        "train", "systematic", _folder["nominal.parquet"], "--varied", $"nu=1:{_folder["up.parquet"]}", "--varied",
        $"nu=-1:{_folder["down.parquet"]}",
        "--features", "x,noise", "--weight", "w", "--out", _folder[name], .. more]);

    private void Write(string name, EventTable events)
    {
        float[] weights = [.. Enumerable.Range(0, events.Count).Select(row => (float)events.Weight(row))];
        ParquetEventWriter.Write(_folder[name], events.WithWeights(null).WithColumn("w", weights));
    }
}
