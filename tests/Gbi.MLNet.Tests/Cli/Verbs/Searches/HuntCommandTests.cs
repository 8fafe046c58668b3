using System.Text.Json.Nodes;
using Gbi.Cli;

namespace Gbi.Tests.Cli.Verbs.Searches;

/// <summary>gbi hunt on small simulated events with a signal at 3.5 TeV.</summary>
[TestFixture]
internal sealed class HuntCommandTests
{
    private static readonly string[] Files = ["hunt.json", "report.html", "toys.jsonl", "windows.jsonl"];

    private SearchExample _example = null!;

    [OneTimeSetUp]
    public void Simulate() => _example = new SearchExample();

    [OneTimeTearDown]
    public void Delete() => _example.Dispose();

    [Test]
    public void The_bump_is_found_and_a_second_call_has_nothing_left_to_do()
    {
        JsonNode result = JsonNode.Parse(CliRun.Done(Hunt("whole", "--toys", "2", "--json")).Output)!;
        string folder = _example["whole"];
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(folder, "toys.jsonl"));
        byte[][] before = [.. Files.Select(file => File.ReadAllBytes(Path.Combine(folder, file)))];
        CliRun again = CliRun.Done(Hunt("whole", "--toys", "2"));
        string report = File.ReadAllText(Path.Combine(folder, "report.html"));

        Assert.Multiple(() =>
        {
            Assert.That(result["best"]!["signalRegion"]!.AsObject().Select(end => (double)end.Value!), Is.EqualTo((double[])[3.3, 3.7]));
            Assert.That((int)result["globalFromToys"]!["toys"]!, Is.EqualTo(2));
            Assert.That(result["windows"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName).Order(), Is.EqualTo(Files));
            Assert.That(File.GetLastWriteTimeUtc(Path.Combine(folder, "toys.jsonl")), Is.EqualTo(written));
            Assert.That(Files.Select(file => File.ReadAllBytes(Path.Combine(folder, file))), Is.EqualTo(before));
            Assert.That(
                again.Output, Does.Contain("in [3.3, 3.7)").And.Contain("Global p-value").And.Contain("Wrote hunt.json and report.html"));
            Assert.That(report, Does.Contain("Local p-value over the mass").And.Contain("[2.9, 3.3)"));
        });
    }

    [Test]
    public void Interrupted_it_says_so_and_goes_on_to_the_bytes_of_a_run_that_was_not()
    {
        using var cancellation = new CancellationTokenSource();
        string journal = Path.Combine(_example["parts"], "windows.jsonl");

        // A thread of its own, as all others may be at work. Once a window is finished; the header is a line of its own, and a journal of
        // all windows loses its ending.
        var watcher = new Thread(() =>
        {
            while (!File.Exists(journal) && !(new FileInfo(journal + ".part") is { Exists: true, Length: > 400 }))
            {
                Thread.Sleep(1);
            }

            cancellation.Cancel();
        });
        watcher.Start();
        CliRun run = CliRun.Of(cancellation.Token, Hunt("parts", "--toys", "40"));
        watcher.Join();
        Assert.That(
            (run.Code, run.Error),
            Is.EqualTo(
                (
                    GbiCommand.Interrupted,
                    $"Interrupted; windows and toys that are finished stay in {_example["parts"]}, and the same command "
                        + $"resumes.{Environment.NewLine}")));

        CliRun.Done(Hunt("parts"));
        CliRun.Done(Hunt("unbroken"));
        foreach (string file in (string[])["hunt.json", "report.html", "windows.jsonl"])
        {
            Assert.That(
                File.ReadAllBytes(Path.Combine(_example["parts"], file)),
                Is.EqualTo(File.ReadAllBytes(Path.Combine(_example["unbroken"], file))), file);
        }
    }

    [Test]
    public void Shards_are_joined_by_the_call_that_finds_all()
    {
        CliRun first = CliRun.Done(Hunt("shards", "--toys", "2", "--shard", "1/2"));
        Assert.That(first.Output, Does.Contain("shards 2 of 2 have yet to run"));
        Assert.That(File.Exists(Path.Combine(_example["shards"], "hunt.json")), Is.False);
        JsonNode part = JsonNode.Parse(CliRun.Done(Hunt("shards", "--toys", "2", "--shard", "1/2", "--json")).Output)!;
        Assert.That(((string?)part["kind"], (int)part["missingShards"]![0]!), Is.EqualTo(("huntShard", 2)));
        Assert.That(File.Exists(Path.Combine(_example["shards"], (string)part["file"]!)), Is.True);
        JsonNode result = JsonNode.Parse(CliRun.Done(Hunt("shards", "--toys", "2", "--shard", "2/2", "--json")).Output)!;
        Assert.That((int)result["globalFromToys"]!["toys"]!, Is.EqualTo(2));
    }

    [Test]
    public void More_toys_go_on_to_the_bytes_of_a_hunt_with_all_of_them()
    {
        CliRun.Done(Hunt("more", "--toys", "1"));
        string first = File.ReadAllLines(_example["more/toys.jsonl"])[1];
        CliRun.Done(Hunt("more", "--toys", "3"));
        CliRun.Done(Hunt("three", "--toys", "3"));

        Assert.That(File.ReadAllLines(_example["more/toys.jsonl"])[1], Is.EqualTo(first));
        foreach (string file in Files)
        {
            Assert.That(File.ReadAllBytes(_example["more/" + file]), Is.EqualTo(File.ReadAllBytes(_example["three/" + file])), file);
        }

        CliRun fewer = CliRun.Of(Hunt("more", "--toys", "2"));
        Assert.That(
            (fewer.Code, fewer.Error),
            Is.EqualTo(
                (
                    GbiCommand.Failed,
                    $"{_example["more/toys.jsonl"]} holds the number of jobs 3, expected 2; delete it, or give another "
                        + $"name.{Environment.NewLine}")));
    }

    [Test]
    public void Other_settings_are_refused_unless_forced()
    {
        CliRun.Done(Hunt("refused"));
        CliRun other = CliRun.Of(Hunt("refused", "--seed", "2"));
        Assert.That(other.Code, Is.EqualTo(GbiCommand.Failed));
        Assert.That(
            other.Error,
            Does.Match(
                @"^\S*windows\.jsonl holds results of options and events [0-9a-f]+, expected [0-9a-f]+; "
                    + @"delete it, or give another name\.\s*$"));
        CliRun.Done(Hunt("refused", "--seed", "2", "--force"));
    }

    [TestCase("--scan 3.9:3.1:0.4 --width 0.4", "--scan is '3.9:3.1:0.4', expected two masses in rising order and a step above 0")]
    [TestCase("--scan 3:4 --width 0.4", "--scan is '3:4', expected two masses")]
    [TestCase("--scan 3:4:0.2", "needs --width")]
    [TestCase("--scan 3:4:0.2 --width 0", "--width is '0', expected a number above 0")]
    [TestCase("--scan 3:4:0.2 --width 0.4 --mass-range 3:5", "The region 2.8:3.2 has no sideband on one side")]
    [TestCase("--scan 3:4:0.2 --width 0.4 --cuts 0.1,2", "--cuts is '0.1,2', expected numbers above 0 and up to 1")]
    [TestCase("--scan 3:4:0.2 --width 0.4 --shard 1/4", "--shard needs --toys")]
    [TestCase("--scan 3:4:0.2 --width 0.4 --toys 0", "--toys is '0', expected a whole number of 1 or more")]
    public void Wrong_usage_is_told(string options, string sentence)
    {
        CliRun run = CliRun.Of(
            ["hunt", _example.Events, "--mass", "mjj", "--features", "mj1", "--out", _example["none"], .. options.Split(' ')]);

        Assert.That((run.Code, Directory.Exists(_example["none"])), Is.EqualTo((GbiCommand.WrongUsage, false)));
        Assert.That(run.Error, Does.StartWith(sentence).Or.Contains(sentence));
    }

    [Test]
    public void Options_may_stand_in_a_file()
    {
        string file = _example["options.json"];
        File.WriteAllText(file, """{"mass": "mjj", "features": ["mj1"], "scan": "3:4:0.2", "width": 0.4, "shard": "1/4"}""");
        CliRun run = CliRun.Of("hunt", _example.Events, "--config", file, "--out", _example["none"]);

        Assert.That((run.Code, run.Error.Trim()), Is.EqualTo((GbiCommand.WrongUsage, "--shard needs --toys: it is a part of the toys.")));
    }

    private string[] Hunt(string outName, params string[] more) =>
    [
        "hunt", _example.Events, "--mass", "mjj", "--features", "mj1,tau21_j1", "--scan", "3.1:3.5:0.4", "--width", "0.4", "--spectrum",
        "dijet",
        "--collision-energy", "13", "--cuts", "0.05", "--trees", "8", "--background-trees", "4", "--folds", "2", "--members", "1", "--out",
        _example[outName], .. more,
    ];
}
