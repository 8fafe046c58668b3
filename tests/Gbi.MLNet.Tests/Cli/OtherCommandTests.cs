using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Onnx.Export;
using Gbi.Tests.Onnx;

namespace Gbi.Tests.Cli;

/// <summary>demo, simulate, train ratio, score and export.</summary>
public sealed class OtherCommandTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Simulated_events_hold_the_exact_number_of_signal_events_and_depend_on_the_seed_alone()
    {
        Simulate("a.parquet", "4");
        Simulate("b.parquet", "4");
        Simulate("c.parquet", "5");

        float[] labels = new ParquetEventReader(_folder["a.parquet"]).Read(["label"])["label"].ToArray();
        Assert.Multiple(() =>
        {
            Assert.That((labels.Length, labels.Sum()), Is.EqualTo((2000, 100f)));
            Assert.That(File.ReadAllBytes(_folder["b.parquet"]), Is.EqualTo(File.ReadAllBytes(_folder["a.parquet"])));
            Assert.That(File.ReadAllBytes(_folder["c.parquet"]), Is.Not.EqualTo(File.ReadAllBytes(_folder["a.parquet"])));
        });
    }

    [Test]
    public void A_simulated_family_has_its_masses_and_shifts_in_the_file()
    {
        CliRun.Done(
            "simulate", "dijet", "--events", "3000", "--signal-fraction", "1", "--signal-family", "4", "--extra-features", "delta_r,mj2",
            "--out", _folder["a.parquet"]);
        CliRun.Done(
            "simulate", "dijet", "--events", "500", "--signal-fraction", "1", "--signal-masses", "300:80", "--out", _folder["b.parquet"]);
        CliRun.Done(
            "simulate", "dijet", "--events", "500", "--signal-fraction", "1", "--signal-masses", "300:80", "--shift",
            "mjj-scale=1.5,jet-mass-scale=1.01", "--out", _folder["c.parquet"]);

        EventTable family = Read("a.parquet");
        EventTable point = Read("b.parquet");
        EventTable shifted = Read("c.parquet");
        Assert.Multiple(() =>
        {
            Assert.That(
                family.ColumnNames,
                Is.EqualTo((string[])["mjj", "mj1", "delta_mj", "tau21_j1", "tau21_j2", "mj2", "delta_r", "label", "mx", "my"]));
            Assert.That(family["mj2"][7], Is.EqualTo(family["mj1"][7] + family["delta_mj"][7]).Within(1e-6f));
            Assert.That(family["mx"].ToArray().Distinct().Count(), Is.EqualTo(4));
            Assert.That(point["mx"].ToArray(), Has.All.EqualTo(300f));
            Assert.That(point["my"].ToArray(), Has.All.EqualTo(80f));
            Assert.That(shifted["mjj"][0], Is.EqualTo(1.5f * point["mjj"][0]).Within(1e-5f));
            Assert.That(shifted["mj1"][0], Is.EqualTo(1.01f * point["mj1"][0]).Within(1e-6f));
        });

        EventTable Read(string name)
        {
            var reader = new ParquetEventReader(_folder[name]);
            return reader.Read([.. reader.Columns.Select(column => column.Name)]);
        }
    }

    [Test]
    public void The_demo_prints_the_truth_beside_the_estimate_and_writes_nothing_unasked()
    {
        string before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(_folder.Root);
        try
        {
            CliRun run = CliRun.Done("demo", "--events", "10000", "--trees", "5", "--folds", "2", "--members", "1");

            Assert.Multiple(() =>
            {
                Assert.That(run.Output, Does.Contain("Truth").And.Contain("Estimate").And.Contain("generated from the sidebands"));
                Assert.That(_folder.Names, Is.Empty);
            });
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    [Test]
    public void The_demo_keeps_its_files_where_asked_and_prints_JSON()
    {
        CliRun run = CliRun.Done(
            "demo", "--events", "10000", "--trees", "5", "--folds", "2", "--members", "1", "--json", "--out", _folder["demo"]);

        using JsonDocument printed = JsonDocument.Parse(run.Output);
        Assert.Multiple(() =>
        {
            Assert.That(printed.RootElement.GetProperty("truth").GetProperty("signal").GetInt32(), Is.InRange(20, 30));
            Assert.That(
                Directory.GetFiles(_folder["demo"]).Select(Path.GetFileName).Order(),
                Is.EqualTo((string[])
                [
                    "demo.json", "events.parquet", "likelihood.json", "manifest.json", "model.zip", "region.parquet", "report.html",
                    "result.json", "scores.parquet",
                    "signal.parquet",
                    "template.parquet",
                ]));
        });
    }

    [Test]
    public void A_ratio_of_two_Gaussians_is_learnt_and_scored()
    {
        // Unit Gaussians at +1 and −1: ln p₁/p₀ = 2x exactly.
        WriteGaussian("plus.csv", +1);
        WriteGaussian("minus.csv", -1);
        EventTable points = EventTable.FromColumns(("x", [-1f, -0.5f, 0f, 0.5f, 1f]));
        ParquetEventWriter.Write(_folder["points.parquet"], points);

        CliRun.Done(
            "train", "ratio", "--numerator", _folder["plus.csv"], "--denominator", _folder["minus.csv"], "--features", "x",
            "--out", _folder["ratio.zip"], "--folds", "2", "--members", "2", "--leaves", "8", "--early-stopping", "10", "--calibration",
            "isotonic");
        CliRun.Done("score", _folder["points.parquet"], "--model", _folder["ratio.zip"], "--out", _folder["scored.parquet"]);

        EventTable scored = new ParquetEventReader(_folder["scored.parquet"]).Read(["x", "log_ratio", "log_ratio_spread"]);
        Assert.Multiple(() =>
        {
            for (int row = 0; row < scored.Count; row++)
            {
                Assert.That(scored["log_ratio"][row], Is.EqualTo(2 * points["x"][row]).Within(0.35), $"x = {points["x"][row]}");
                Assert.That(scored["log_ratio_spread"][row], Is.GreaterThan(0));
            }
        });
    }

    [Test]
    public void Scoring_needs_every_feature_of_the_model()
    {
        WriteGaussian("plus.csv", +1);
        WriteGaussian("minus.csv", -1);
        ParquetEventWriter.Write(_folder["points.parquet"], EventTable.FromColumns(("y", [1f])));
        CliRun.Done(
            "train", "ratio", "--numerator", _folder["plus.csv"], "--denominator", _folder["minus.csv"], "--features", "x",
            "--out", _folder["ratio.zip"], "--folds", "2", "--members", "1", "--trees", "2");

        CliRun run = CliRun.Of("score", _folder["points.parquet"], "--model", _folder["ratio.zip"], "--out", _folder["scored.parquet"]);

        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error), Is.EqualTo((1, run.Error)));
            Assert.That(run.Error, Does.Contain("There is no column 'x'"));
            Assert.That(_folder.Names, Does.Not.Contain("scored.parquet"));
        });
    }

    [Test]
    public void An_exported_ratio_gives_the_scores_of_its_model()
    {
        WriteGaussian("plus.csv", +1);
        WriteGaussian("minus.csv", -1);
        ParquetEventWriter.Write(_folder["points.parquet"], EventTable.FromColumns(("x", [-1f, -0.5f, 0f, 0.5f, 1f])));
        CliRun.Done(
            "train", "ratio", "--numerator", _folder["plus.csv"], "--denominator", _folder["minus.csv"], "--features", "x",
            "--out", _folder["ratio.zip"], "--folds", "2", "--members", "2", "--trees", "10");
        CliRun.Done("score", _folder["points.parquet"], "--model", _folder["ratio.zip"], "--out", _folder["scored.parquet"]);

        CliRun run = CliRun.Done("export", _folder["ratio.zip"], "--out", _folder["ratio.onnx"], "--json");
        CliRun.Done("export", _folder["ratio.zip"], "--out", _folder["unchecked.onnx"], "--no-check");

        EventTable scored = new ParquetEventReader(_folder["scored.parquet"]).Read(["x", "log_ratio"]);
        using OnnxFile file = OnnxFile.Read(_folder["ratio.onnx"]);
        using JsonDocument printed = JsonDocument.Parse(run.Output);
        Assert.Multiple(() =>
        {
            Assert.That(file.Run(scored), Is.EqualTo(scored["log_ratio"].ToArray()).Within(1e-5));
            Assert.That(file.Metadata.CustomMetadataMap[OnnxExport.NumeratorKey], Is.EqualTo("plus"));
            Assert.That(printed.RootElement.GetProperty("maxDifference").GetDouble(), Is.LessThanOrEqualTo(1e-5));
            Assert.That(File.ReadAllBytes(_folder["unchecked.onnx"]), Is.EqualTo(File.ReadAllBytes(_folder["ratio.onnx"])));
        });
    }

    private void Simulate(string name, string seed) =>
        CliRun.Done("simulate", "dijet", "--events", "2000", "--signal-fraction", "0.05", "--seed", seed, "--out", _folder[name]);

    // Box and Muller's transform of a lattice: the same numbers everywhere.
    private void WriteGaussian(string name, double mean) => File.WriteAllLines(
        _folder[name],
        Enumerable.Range(0, 8000)
            .Select(i => mean + (Math.Sqrt(-2 * Math.Log((i + 0.5) / 8000)) * Math.Cos(2 * Math.PI * (i * 0.6180339887498949 % 1))))
            .Select(x => x.ToString("R"))
            .Prepend("x"));
}
