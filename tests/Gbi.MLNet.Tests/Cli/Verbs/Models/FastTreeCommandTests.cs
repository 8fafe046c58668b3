using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>gbi train ratio --classifier fasttree.</summary>
[TestFixture]
internal sealed class FastTreeCommandTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new ScratchFolder();
        ParquetEventWriter.Write(_folder["signal.parquet"], TwoGaussians.Numerator(1500, 1));
        ParquetEventWriter.Write(_folder["background.parquet"], TwoGaussians.Denominator(1500, 1));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void The_model_is_scored()
    {
        CliRun.Done(Train("one.zip"));
        CliRun.Done("score", _folder["signal.parquet"], "--model", _folder["one.zip"], "--out", _folder["scored.parquet"]);
        EventTable scored = new ParquetEventReader(_folder["scored.parquet"]).Read(["x", "log_ratio"]);
        Assert.That(TwoGaussians.RootMeanSquareError(scored, scored["log_ratio"], limit: 2), Is.LessThan(0.6));
    }

    // Zip archives hold times of two seconds.
    [TestCase("fasttree")]
    [TestCase("trees")]
    public void The_same_seed_gives_the_same_bytes_at_another_time(string classifier)
    {
        CliRun.Done(Train("one.zip", classifier));
        Thread.Sleep(TimeSpan.FromSeconds(2.1));
        CliRun.Done([.. Train("two.zip", classifier), "--threads", "1"]);
        Assert.That(File.ReadAllBytes(_folder["two.zip"]), Is.EqualTo(File.ReadAllBytes(_folder["one.zip"])));
    }

    [Test]
    public void Without_early_stopping_all_trees_are_kept()
    {
        CliRun.Done(Train("one.zip"));
        CliRun.Done([.. Train("two.zip"), "--early-stopping", "0"]);
        Assert.That(
            new FileInfo(_folder["two.zip"]).Length, Is.GreaterThan(new FileInfo(_folder["one.zip"]).Length),
            "forty trees of eight leaves overfit");
    }

    private string[] Train(string model, string classifier = "fasttree") =>
    [
        "train", "ratio", "--numerator", _folder["signal.parquet"], "--denominator", _folder["background.parquet"], "--features", "x,noise",
        "--classifier", classifier, "--trees", "40", "--leaves", "8", "--folds", "2", "--members", "2", "--out", _folder[model],
    ];
}
