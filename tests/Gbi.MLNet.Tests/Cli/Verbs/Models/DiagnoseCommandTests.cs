using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios;
using Gbi.Tests.Diagnostics;
using Gbi.Trees;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>gbi diagnose on a model that was trained well, on the same with its samples swapped, and on files that it cannot use.</summary>
public sealed class DiagnoseCommandTests
{
    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        ParquetEventWriter.Write(_folder["numerator.parquet"], ShiftedGaussians.Numerator(3000, 1));
        ParquetEventWriter.Write(_folder["denominator.parquet"], ShiftedGaussians.Denominator(3000, 1));
        ParquetEventWriter.Write(_folder["other.parquet"], EventTable.FromColumns(("e", [1f])));
        ParquetEventWriter.Write(_folder["few.parquet"], ShiftedGaussians.Numerator(10, 1));
        File.WriteAllText(_folder["header.csv"], "a,b,c,d\n");
        EventTable numerator = ShiftedGaussians.Numerator(30_000, 2);
        EventTable denominator = ShiftedGaussians.Denominator(30_000, 2);
        var options = new RatioOptions { FoldCount = 2, MemberCount = 1, Trees = new TreeOptions { TreeCount = 60, LeafCount = 8 } };
        RatioModelFile.Save(
            RatioTrainer.CrossFit(numerator, denominator, ShiftedGaussians.Features, options, new Seed(1)).Model, _folder["ratio.zip"]);
        RatioModelFile.Save(
            RatioTrainer.CrossFit(denominator, numerator, ShiftedGaussians.Features, options, new Seed(1)).Model, _folder["swapped.zip"]);
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _folder.Dispose();

    [Test]
    public void A_ratio_that_closes_is_exit_code_0_and_a_table()
    {
        CliRun run = Diagnose("ratio.zip");

        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
            Assert.That(run.Output, Does.Contain("Mean ratio over the denominator").And.Contain("AUC after reweighting"));
            Assert.That(run.Output, Does.Contain("passed").And.Not.Contain("FAILED").And.Contain("Inconclusive: 2σ = "));
        });
    }

    [Test]
    public void A_ratio_that_does_not_close_is_exit_code_3_with_the_failed_checks_and_what_to_do()
    {
        CliRun run = Diagnose("swapped.zip");

        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(3));
            Assert.That(run.Error, Does.StartWith("swapped.zip does not close; failed: ").And.Contain("Slope of the calibration curve"));
            Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1));
            Assert.That(run.Output, Does.Contain("FAILED").And.Contain("check whether the two files are swapped"));
        });
    }

    [TestCase("ratio.zip", true), TestCase("swapped.zip", false)]
    public void JSON_holds_every_check_whether_it_passes_or_not(string model, bool passes)
    {
        CliRun run = Diagnose(model, "--json", "--classifier-events", "1000");

        using JsonDocument printed = JsonDocument.Parse(run.Output);
        JsonElement root = printed.RootElement;
        JsonElement[] checks = [.. root.GetProperty("checks").EnumerateArray()];
        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(passes ? 0 : 3));
            Assert.That(root.GetProperty("passed").GetBoolean(), Is.EqualTo(passes));
            Assert.That(checks, Has.Length.EqualTo(6));
            Assert.That(
                checks.All(check => check.GetProperty("passed").GetBoolean() || check.GetProperty("inconclusive").GetBoolean()),
                Is.EqualTo(passes));
            Assert.That(checks.Select(check => check.GetProperty("remedy").GetString()), Has.All.Not.Empty);
            Assert.That(root.GetProperty("numeratorEvents").GetInt32(), Is.EqualTo(3000));
            Assert.That(root.GetProperty("reweighting").GetProperty("numeratorEvents").GetInt32(), Is.InRange(800, 1200));
            Assert.That(root.GetProperty("features").GetArrayLength(), Is.EqualTo(4));
            Assert.That(root.GetProperty("calibrationCurve").GetProperty("points").GetArrayLength(), Is.GreaterThan(2));
        });
    }

    [Test]
    public void The_same_seed_gives_the_same_bytes_and_another_one_another_classifier_test()
    {
        string first = Diagnose("ratio.zip", "--json", "--seed", "3").Output;
        Assert.That(Diagnose("ratio.zip", "--json", "--seed", "3", "--threads", "1").Output, Is.EqualTo(first));
        Assert.That(Diagnose("ratio.zip", "--json", "--seed", "4").Output, Is.Not.EqualTo(first));
    }

    [TestCase("other.parquet", "There is no column 'a' in other.parquet")]
    [TestCase("few.parquet", "The numerator has 10 events, expected 200 or more")]
    [TestCase("header.csv", "has no events")]
    public void Files_that_cannot_be_used_are_one_sentence(string numerator, string sentence)
    {
        CliRun run = CliRun.Of(
            "diagnose", _folder["ratio.zip"], "--numerator", _folder[numerator], "--denominator", _folder["denominator.parquet"]);

        Assert.That((run.Code, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain(sentence));
        Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_weight_column_that_is_not_there_is_one_sentence() =>
        Assert.That(Diagnose("ratio.zip", "--weight", "w").Error, Does.StartWith("There is no column 'w'"));

    private CliRun Diagnose(string model, params string[] more) => CliRun.Of([
        "diagnose", _folder[model], "--numerator", _folder["numerator.parquet"], "--denominator", _folder["denominator.parquet"], .. more]);
}
