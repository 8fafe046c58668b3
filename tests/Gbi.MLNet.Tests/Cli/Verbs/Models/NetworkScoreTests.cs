using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Tests.Onnx;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>gbi score and gbi diagnose with networks.</summary>
[TestFixture]
internal sealed class NetworkScoreTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new ScratchFolder();
        Directory.CreateDirectory(_folder["in"]);
        for (int file = 1; file <= 3; file++)
        {
            EventTable events = TwoGaussians.Numerator(2500, (ulong)file);
            ParquetEventWriter.Write(_folder[$"in/{file}.parquet"], events, new ParquetWriteOptions { RowGroupSize = 1000 });
        }

        Write("exact.onnx", NetworkFile.Linear("x", [[2]], [0]));
        Write("other.onnx", NetworkFile.Linear("noise,x", [[1, 0]], [0.5f]));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_file_is_scored_in_its_order_and_the_provider_is_told()
    {
        CliRun run = CliRun.Done("score", _folder["in/1.parquet"], "--model", _folder["exact.onnx"], "--out", _folder["out.parquet"]);

        EventTable scored = new ParquetEventReader(_folder["out.parquet"]).Read(["x", "log_ratio", "log_ratio_spread"]);
        Assert.That(run.Output, Does.Contain("Scored 2,500 events with ln p(signal)/p(background) of exact.onnx on CPU"));
        Assert.That(scored["log_ratio"].ToArray(), Is.EqualTo(scored["x"].ToArray().Select(x => 2 * x)).Within(1e-6));
        Assert.That(scored["log_ratio_spread"].ToArray(), Has.All.Zero);
    }

    [Test]
    public void Several_models_score_several_files_in_one_read()
    {
        string[] inputs = [.. Enumerable.Range(1, 3).Select(file => _folder[$"in/{file}.parquet"])];
        CliRun run = CliRun.Done([
            "score", .. inputs, "--model", _folder["exact.onnx"], "--model", _folder["other.onnx"], "--out", _folder["out"], "--columns",
            "x,noise", "--json"]);

        JsonNode document = JsonNode.Parse(run.Output)!;
        Assert.That((int)document["events"]!, Is.EqualTo(7500));
        foreach (string input in inputs)
        {
            EventTable scored = new ParquetEventReader(Path.Combine(_folder["out"], Path.GetFileName(input))).Read(
                ["x", "noise", "exact_log_ratio", "other_log_ratio"]);
            EventTable events = new ParquetEventReader(input).Read(["x"]);
            Assert.That(scored["x"].ToArray(), Is.EqualTo(events["x"].ToArray()));
            Assert.That(scored["exact_log_ratio"].ToArray(), Is.EqualTo(events["x"].ToArray().Select(x => 2 * x)).Within(1e-6));
            Assert.That(
                scored["other_log_ratio"].ToArray(), Is.EqualTo(scored["noise"].ToArray().Select(noise => noise + 0.5f)).Within(1e-6));
        }
    }

    [Test]
    public void Members_are_averaged_where_they_are_called_an_ensemble()
    {
        Write("second.onnx", NetworkFile.Linear("x", [[1]], [0]));
        CliRun.Done(
            "score", _folder["in/1.parquet"], "--model", _folder["exact.onnx"], "--model", _folder["second.onnx"], "--ensemble", "--out",
            _folder["out.parquet"]);

        EventTable scored = new ParquetEventReader(_folder["out.parquet"]).Read(["x", "log_ratio"]);
        Assert.That(
            scored["log_ratio"].ToArray(),
            Is.EqualTo(scored["x"].ToArray().Select(x => Math.Log((Math.Exp(2 * x) + Math.Exp(x)) / 2))).Within(1e-5));
    }

    [Test]
    public void A_run_that_was_killed_is_resumed_with_the_rest_only()
    {
        string[] inputs = [.. Enumerable.Range(1, 3).Select(file => _folder[$"in/{file}.parquet"])];
        string[] score = ["score", .. inputs, "--model", _folder["exact.onnx"], "--out", _folder["out"], "--json"];

        // The third file cannot be scored to its end: the first two are complete, and nothing of it is there.
        byte[] third = File.ReadAllBytes(inputs[2]);
        WriteWithMissing(inputs[2], 2100);
        CliRun broken = CliRun.Of(score);
        string[] after = [.. Directory.GetFileSystemEntries(_folder["out"]).Select(path => Path.GetFileName(path)).Order()];
        File.WriteAllBytes(inputs[2], third);
        string left = TemporaryName.For(Path.Combine(_folder["out"], "3.parquet"));
        File.WriteAllText(
            left.Replace($"~{Environment.ProcessId}~", "~4194305~", StringComparison.Ordinal), "what a killed process leaves");
        File.SetLastWriteTimeUtc(Path.Combine(_folder["out"], "1.parquet"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        CliRun resumed = CliRun.Done(score);
        JsonNode again = JsonNode.Parse(CliRun.Done([.. score, "--resume"]).Output)!;

        JsonNode document = JsonNode.Parse(resumed.Output)!;
        Assert.Multiple(() =>
        {
            Assert.That(broken.Code, Is.EqualTo(1));
            Assert.That(broken.Error, Does.StartWith("3.parquet: ").And.Contain("number 2,100"));
            Assert.That(after, Is.EqualTo(["1.parquet", "2.parquet"]));
            Assert.That((int)again["events"]!, Is.Zero);
            Assert.That((int)document["events"]!, Is.EqualTo(2500));
            Assert.That(document["files"]!.AsArray().Select(file => (bool)file!["wasThere"]!), Is.EqualTo([true, true, false]));
            Assert.That(File.GetLastWriteTimeUtc(Path.Combine(_folder["out"], "1.parquet")).Year, Is.EqualTo(2001));
            Assert.That(Directory.GetFileSystemEntries(_folder["out"]), Has.Length.EqualTo(3));
        });
    }

    [Test]
    public void An_output_of_another_model_is_not_taken_for_finished()
    {
        CliRun.Done("score", _folder["in/1.parquet"], "--model", _folder["exact.onnx"], "--out", _folder["out.parquet"]);
        Write("exact.onnx", NetworkFile.Linear("x", [[3]], [0]));

        CliRun run = CliRun.Of(
            "score", _folder["in/1.parquet"], "--model", _folder["exact.onnx"], "--out", _folder["out.parquet"], "--resume");

        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(
            run.Error,
            Does.Contain("was made with other models, columns or events, or by an earlier version; ").And.Contain("with --force"));
    }

    [Test]
    public void A_missing_value_is_told_with_its_number_in_the_file_and_nothing_is_written()
    {
        WriteWithMissing(_folder["missing.parquet"], 2100);

        CliRun run = CliRun.Of("score", _folder["missing.parquet"], "--model", _folder["exact.onnx"], "--out", _folder["out.parquet"]);

        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.StartWith(
            "missing.parquet: log_ratio of exact.onnx is no finite number for 1 of 500 events, the first of them number 2,100; 'x' is "
                + "missing there"));
        Assert.That(_folder.Names, Does.Not.Contain("out.parquet").And.None.EndsWith(".tmp"));
    }

    [TestCase("no.onnx", "There is no file")]
    [TestCase("text.onnx", "ONNX Runtime refuses text.onnx")]
    [TestCase("flow.onnx", "is a generator, which gives no columns to events")]
    public void A_file_that_is_no_network_of_a_ratio_is_one_sentence(string name, string sentence)
    {
        File.WriteAllText(_folder["text.onnx"], "no network");
        Write("flow.onnx", GaussianFlow.Generator("x", [1], [0], [1]));
        CliRun run = CliRun.Of("score", _folder["in/1.parquet"], "--model", _folder[name], "--out", _folder["out.parquet"]);
        Assert.That((run.Code, run.Error), Is.EqualTo((1, run.Error)));
        Assert.That(run.Error, Does.Contain(sentence));
        Assert.That(run.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void The_exact_network_closes_and_a_wrong_one_does_not()
    {
        ParquetEventWriter.Write(_folder["numerator.parquet"], TwoGaussians.Numerator(20_000, 5));
        ParquetEventWriter.Write(_folder["denominator.parquet"], TwoGaussians.Denominator(20_000, 5));
        Write("wrong.onnx", NetworkFile.Linear("x", [[1]], [0]));
        string[] samples = ["--numerator", _folder["numerator.parquet"], "--denominator", _folder["denominator.parquet"]];

        // exp 2x over N(−1, 1) is heavy-tailed: its weights' check is left to the tests of the closure set.
        CliRun exact = CliRun.Of(["diagnose", _folder["exact.onnx"], .. samples, "--json"]);
        CliRun wrong = CliRun.Of(["diagnose", _folder["wrong.onnx"], .. samples, "--device", "cpu"]);

        JsonNode[] checks = [.. JsonNode.Parse(exact.Output)!["checks"]!.AsArray().Select(check => check!)];
        Assert.That(
            checks.Where(check => !(bool)check["passed"]! && !(bool)check["inconclusive"]!).Select(check => (string)check["name"]!),
            Is.SubsetOf(["Pareto shape of the weights"]));
        Assert.That(wrong.Code, Is.EqualTo(3));
        Assert.That(wrong.Error, Does.Contain("wrong.onnx does not close; failed: Mean ratio"));
        Assert.That(wrong.Output, Does.Contain("wrong.onnx ran on CPU"));
    }

    private static void WriteWithMissing(string path, int row)
    {
        EventTable events = TwoGaussians.Numerator(2500, 1);
        float[] x = events["x"].ToArray();
        x[row] = float.NaN;
        ParquetEventWriter.Write(
            path, EventTable.FromColumns(("x", x), ("noise", events["noise"].ToArray())),
            new ParquetWriteOptions { RowGroupSize = 1000, Overwrite = true });
    }

    private void Write(string name, NetworkFile network) => File.WriteAllBytes(_folder[name], network.ToBytes());
}
