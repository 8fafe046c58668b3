using System.Text.RegularExpressions;
using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>Which columns --features '*' takes, and what is said about it.</summary>
public sealed class WildcardTests
{
    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void Simulate() => _example = new SearchExample();

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void Truth_and_scores_of_an_earlier_search_are_left_out()
    {
        CliRun.Done(_example.Search("first"));
        string scores = _example["first/scores.parquet"];
        CliRun run = CliRun.Done(
            "train", "ratio", "--numerator", scores, "--denominator", scores, "--features", "*", "--weight", "mjj", "--trees", "2",
            "--folds", "2", "--members", "1", "--out", _example["ratio.zip"]);
        Assert.That(
            LineOf(run),
            Is.EqualTo(
                "Features of *: mj1, delta_mj, tau21_j1, tau21_j2; left out: mjj, label, region, log_ratio, log_ratio_spread, "
                    + "anomaly_log_ratio, background_weight."));
    }

    [Test]
    public void A_column_of_0_and_1_is_named()
    {
        EventTable events = new ParquetEventReader(_example.Events).Read(["mjj", "mj1", "tau21_j1", "label"]);
        ParquetEventWriter.Write(
            _example["truth.parquet"],
            events.WithColumn("isSignal", events["label"].ToArray()).WithColumn("model_log_ratio", events["mj1"].ToArray()));
        Assert.That(
            Line("truth", _example["truth.parquet"], "*"),
            Is.EqualTo(
                "Features of *: mj1, tau21_j1, isSignal; only 0 and 1 in isSignal; left out: mjj, label, model_log_ratio."));
        Assert.That(
            Line("typed", _example["truth.parquet"], "tau*,label"), Is.EqualTo("Features of tau*,label: tau21_j1."));
    }

    [Test]
    public void Typed_names_need_no_line() => Assert.That(Line("names", _example.Events, "mj1,tau21_j1"), Is.Empty);

    private string Line(string name, string events, string features)
    {
        string[] args = _example.Search(name);
        args[1] = events;
        args[Array.IndexOf(args, "--features") + 1] = features;
        return LineOf(CliRun.Done(args));
    }

    private static string LineOf(CliRun run) =>
        Regex.Match(Regex.Replace(run.Output, @"\s+", " "), @"Features of .*?\.(?= )").Value;
}
