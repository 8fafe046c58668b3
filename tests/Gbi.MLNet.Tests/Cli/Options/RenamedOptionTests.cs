using Gbi.Cli;

namespace Gbi.Tests.Cli.Options;

/// <summary>Options of version 0.2.0, misspelt ones, and those of files.</summary>
public sealed class RenamedOptionTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new ScratchFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [TestCase("score --model m.zip --in a.parquet --out b", "--in is now an argument: gbi score EVENTS... --model MODEL --out FILE|DIR.")]
    [TestCase("score a.parquet --in b.parquet --model m.zip --out b", "--in is now an argument")]
    [TestCase("export --model m.zip --out m.onnx", "--model is now an argument: gbi export MODEL --out FILE.onnx.")]
    [TestCase("parity net.onnx --events e.csv", "--events is now an argument: gbi parity NET.onnx EVENTS.")]
    [
        TestCase(
            "train systematic --nominal n.csv --varied nu=1:a.csv --features x --out o",
            "--nominal is now an argument: gbi train systematic NOMINAL")
    ]
    [TestCase("train ratio --patience 3", "--patience is now --early-stopping;")]
    [TestCase("train systematic --patience=3", "--patience is now --early-stopping;")]
    [TestCase("search --patience 3", "--patience is now --early-stopping;")]
    [TestCase("search --reach 0.1", "--reach is now --half-width;")]
    [TestCase("search --exchangeable", "--exchangeable is now --interchangeable;")]
    [TestCase("hunt --sideband 1", "--sideband is now --sideband-width;")]
    [TestCase("peak --null-toys 1", "--null-toys is now --toys;")]
    [TestCase("fit model.json --scan 0:1:3", "--scan is now --grid;")]
    [TestCase("simulate dijet --spectrum falling", "--spectrum is now --background-spectrum;")]
    [TestCase("simulate dijet --features-extra mj2", "--features-extra is now --extra-features;")]
    public void An_old_option_names_the_new_one(string arguments, string sentence) => AssertWrongUsage(arguments, sentence);

    [TestCase("serch", "'serch' is not a verb of 'gbi'; did you mean 'search'?")]
    [TestCase("train sistematic", "'sistematic' is not a verb of 'gbi train'; did you mean 'systematic'?")]
    [TestCase("help hypo", "'hypo' is not a verb of 'gbi'; did you mean 'hypotest'?")]
    [TestCase("frobnicate", "'frobnicate' is not a verb of 'gbi'; see 'gbi --help'.")]
    [TestCase("search e --feature x", "'--feature' is not an option of 'gbi search'; did you mean '--features'?")]
    [TestCase("merge a.json --otu b.json", "'--otu' is not an option of 'gbi merge'; did you mean '--out'?")]
    [TestCase("hypotest m.json --statistics q", "'--statistics' is not an option of 'gbi hypotest'; see 'gbi hypotest --help'.")]
    [TestCase("hypotest m.json n.json", "'gbi hypotest' does not take 'n.json': gbi hypotest MODEL.")]
    [TestCase("toys m.json --statistic qtilde", "--statistic is 'qtilde', expected one of q-tilde, q, t, q0; did you mean 'q-tilde'?")]
    [TestCase("completions fihs", "SHELL is 'fihs', expected one of bash, zsh, fish, pwsh; did you mean 'fish'?")]
    [TestCase("search e", "'gbi search' needs --mass, --features, --signal-region, --out; see 'gbi search --help'.")]
    [TestCase("score a.parquet b.onnx --model m.zip --out o", "b.onnx is a model, not events; write --model before each model.")]
    public void Wrong_usage_says_what_was_meant(string arguments, string sentence) => AssertWrongUsage(arguments, sentence);

    [TestCase("""{"massRange": "2:8", "earlyStopping": 5, "interchangeable": true, "halfWidth": 0.1}""")]
    [TestCase("""{"mass-range": "2:8", "patience": 5, "exchangeable": true, "reach": 0.1}""", TestName = "A file of version 0.2.0 is read")]
    public void A_file_of_options_is_read(string json)
    {
        // That every option was taken shows in what is refused next: the file of events.
        File.WriteAllText(_folder["config.json"], json);
        CliRun run = CliRun.Of(
            "search", _folder["nothere.parquet"], "--mass", "m", "--features", "x", "--signal-region", "3:4", "--signal", "s.parquet",
            "--signal-parameters", "a,b", "--config", _folder["config.json"], "--out", _folder["out"]);

        Assert.That(run.Code, Is.EqualTo(GbiCommand.Failed), run.Error);
        Assert.That(run.Error, Does.StartWith("There is no file"));
    }

    [TestCase(
        """{"earlyStoping": 5}""",
        "has the key 'earlyStoping', which is not an option of 'gbi search'; did you mean 'earlyStopping'?")]
    [TestCase("""{"patience": 5, "earlyStopping": 6}""", "has the keys 'patience' and 'earlyStopping', which are both --early-stopping;")]
    [TestCase("""{"trees": true}""", "The key 'trees' of")]
    [TestCase("""{"config": "x"}""", "has the key 'config', which is not an option")]
    [TestCase("""{"earlyStopping": "many"}""", "--early-stopping is 'many', expected a whole number of 0 or more")]
    public void A_wrong_key_is_told(string json, string sentence)
    {
        File.WriteAllText(_folder["config.json"], json);
        AssertWrongUsage($"search e --mass m --features x --signal-region 3:4 --out o --config {_folder["config.json"]}", sentence);
    }

    private static void AssertWrongUsage(string arguments, string sentence)
    {
        CliRun run = CliRun.Of(arguments.Split(' '));
        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(GbiCommand.WrongUsage), run.Error);
            Assert.That(run.Error, Does.Contain(sentence));
            Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1), "one sentence");
            Assert.That(run.Output, Is.Empty);
        });
    }
}
