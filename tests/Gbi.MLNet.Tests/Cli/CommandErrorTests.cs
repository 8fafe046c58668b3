using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Cli;

/// <summary>Everything that can be wrong ends in one sentence on standard error, the right exit code, and no file.</summary>
public sealed class CommandErrorTests
{
    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        CliRun.Done("simulate", "dijet", "--events", "2000", "--seed", "5", "--out", _folder["events.parquet"]);
        byte[] whole = File.ReadAllBytes(_folder["events.parquet"]);
        File.WriteAllBytes(_folder["truncated.parquet"], whole[..(whole.Length / 2)]);
        File.WriteAllText(_folder["text.parquet"], "These are no events.");
        File.WriteAllText(_folder["empty.parquet"], "");
        File.WriteAllText(_folder["empty.csv"], "");
        File.WriteAllText(_folder["empty.json"], "");
        File.WriteAllText(_folder["header.csv"], "mjj,mj1,w\n");
        File.WriteAllText(_folder["nan.csv"], "mjj,mj1,w\n3.5,NaN,1\n3,1,1\n4,1,1\n");
        File.WriteAllText(_folder["weightless.csv"], "mjj,mj1,w\n3.5,2,0\n3,1,0\n4,1,0\n");
        File.WriteAllText(_folder["unknown.json"], """{"mass": "mjj", "featurs": "mj1"}""");
        File.WriteAllText(_folder["broken.json"], """{"mass": "mjj",""");
        File.WriteAllText(_folder["counting.json"], SmallWorkspace.Counting(10, 50, 55));
        File.WriteAllText(_folder["weak.json"], SmallWorkspace.Counting(0.1, 50, 55));
        Directory.CreateDirectory(_folder["taken"]);
        Directory.CreateDirectory(_folder["taken.zip"]);
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _folder.Dispose();

    [TestCase("search nothere.parquet [usual]", "There is no file")]
    [TestCase("search text.parquet [usual]", "cannot be read as a Parquet file")]
    [TestCase("search truncated.parquet [usual]", "cannot be read as a Parquet file")]
    [TestCase("search empty.parquet [usual]", "cannot be read as a Parquet file")]
    [TestCase("search empty.csv [usual]", "is empty")]
    [TestCase("search header.csv [usual]", "has no events")]
    [TestCase("search nan.csv [usual]", "Column 'mj1' in nan.csv has 1 value that is NaN or infinite (at row 0)")]
    [TestCase("search weightless.csv [usual] --weight w", "sum to 0, which must be above 0")]
    [TestCase("search events.parquet --mass mass --features mj1 --signal-region 3.3:3.7 --out x", "There is no column 'mass'")]
    [TestCase("search events.parquet --mass mjj --features mj2 --signal-region 3.3:3.7 --out x", "There is no column 'mj2'")]
    [TestCase("search events.parquet --mass mjj --features mj1 --signal-region 33:37 --out x", "holds none of the 2000 events")]
    [TestCase("search events.parquet --mass mjj --features mj1 --signal-region 3.3:3.7 --out events.parquet/x", "is a file")]
    [TestCase("search events.parquet --mass mjj --features mj1 --signal-region 33:37 --out new/folder/x", "holds none of the 2000 events")]
    [TestCase("search events.parquet [usual] --signal nothere.parquet", "There is no file")]
    [TestCase("search events.parquet --config nothere.json --out x", "There is no file")]
    [TestCase("search events.parquet [usual] --background nothere.csv", "There is no file")]
    [TestCase("search events.parquet [usual] --background-simulation nothere.parquet", "There is no file")]
    [TestCase("search events.parquet [usual] --background events.parquet --background-weight w", "There is no column 'w'")]
    [TestCase("simulate dijet --events 10 --out events.parquet/x.parquet", "is a file")]
    [TestCase("train ratio --numerator nothere.parquet --denominator events.parquet --features mj1 --out x.zip", "There is no file")]
    [TestCase("train ratio --numerator events.parquet --denominator events.parquet --features mj1 --out events.parquet/x.zip", "is a file")]
    [TestCase("train systematic nothere.csv [varied]", "There is no file")]
    [TestCase("train systematic header.csv [varied]", "has no events")]
    [TestCase("train systematic events.parquet [varied] --weight v", "There is no column 'v'")]
    [
        TestCase(
            "train systematic events.parquet --varied nu=1:events.parquet --monomials nu --features mj2 --out x.zip",
            "There is no column 'mj2'")
    ]
    [
        TestCase(
            "train systematic events.parquet --varied nu=1:nothere.parquet --monomials nu --features mj1 --out x.zip",
            "There is no file")
    ]
    [
        TestCase(
            "train systematic events.parquet --varied nu=1:events.parquet --monomials nu --features mj1 --out events.parquet/x.zip",
            "is a file")
    ]
    [TestCase("score events.parquet --model nothere.zip --out x.parquet", "There is no file")]
    [TestCase("score events.parquet --model events.parquet --out x.parquet", "cannot be read as a model of ML.NET")]
    [TestCase("diagnose nothere.zip --numerator events.parquet --denominator events.parquet", "There is no file")]
    [TestCase("diagnose events.parquet --numerator events.parquet --denominator events.parquet", "cannot be read as a model of ML.NET")]
    [TestCase("hypotest nothere.json", "There is no file")]
    [TestCase("merge taken", "taken is a folder; give the name of a file.")]
    [TestCase("merge empty.csv", "empty.csv is empty; give a JSON document.")]
    [TestCase("search events.parquet --config taken --out x", "taken is a folder; give the name of a file.")]
    [TestCase("describe events.parquet", "events.parquet is not a JSON object; give a likelihood model of gbi or a pyhf workspace")]
    [TestCase("hypotest broken.json", "broken.json: The workspace is not valid JSON: ")]
    [TestCase("hypotest unknown.json", "unknown.json: The document has no 'channels'")]
    [TestCase("hypotest counting.json --patch nothere.json", "There is no file")]
    [TestCase("hypotest counting.json --patch unknown.json", "unknown.json: The document has no 'patches'")]
    [TestCase("hypotest counting.json --measurement n", "counting.json: /measurements has no measurement 'n', only m")]
    [TestCase("limit nothere.json", "There is no file")]
    [TestCase("fit nothere.json", "There is no file")]
    [TestCase("fit empty.json", "empty.json is empty; give a JSON document.")]
    [TestCase("fit counting.json --patch empty.json", "empty.json is empty")]
    [TestCase("fit taken.zip", "taken.zip is a folder; give the name of a file.")]
    [TestCase("toys nothere.json", "There is no file")]
    [TestCase("demo --out events.parquet/x", "is a file")]
    public void Data_and_files_that_say_no_are_exit_code_1(string arguments, string sentence) => Check(1, arguments, sentence);

    [TestCase("serch events.parquet", "'serch' is not a verb of 'gbi'; did you mean 'search'?")]
    [TestCase("simulate", "'gbi simulate' needs one of: dijet")]
    [TestCase("search", "'gbi search' needs EVENTS")]
    [TestCase("search events.parquet --mass mjj --features mj1 --out x", "needs --signal-region")]
    [TestCase("search events.parquet [usual] --frobnicate", "'--frobnicate' is not an option of 'gbi search'; see")]
    [TestCase("search events.parquet --mass mjj --features mj1 --signal-region 3.7:3.3 --out x", "reversed")]
    [TestCase("search events.parquet --mass mjj --features mj1 --signal-region 3.3-3.7 --out x", "expected two numbers LO:HI")]
    [TestCase("search events.parquet --mass mjj --features mj1,mj1 --signal-region 3.3:3.7 --out x", "named twice")]
    [TestCase("search events.parquet --mass mjj --features mj1, --signal-region 3.3:3.7 --out x", "names of columns")]
    [TestCase("search events.parquet [usual] --mass-range 3.4:5", "does not enclose the signal region")]
    [TestCase("search events.parquet [usual] --spectrum dijet", "needs --collision-energy")]
    [TestCase("search events.parquet [usual] --spectrum dijet --collision-energy 13 --spectrum-parameters 6", "has 3 to 5")]
    [TestCase("search events.parquet [usual] --spectrum exponential --collision-energy 13", "belongs to --spectrum dijet or auto")]
    [TestCase("search events.parquet [usual] --spectrum-parameters 4", "auto chooses their number")]
    [TestCase("search events.parquet [usual] --spectrum dijett", "auto, polynomial, exponential, dijet; did you mean 'dijet'?")]
    [TestCase("search events.parquet [usual] --seed one", "expected a whole number")]
    [TestCase("search events.parquet [usual] --threads 0", "expected a whole number of 1 or more")]
    [TestCase("search events.parquet --mass mjj --features mj1 --signal-region 3.3:3.7 --out taken", "--force")]
    [
        TestCase(
            "search events.parquet --config unknown.json --out x",
            "has the key 'featurs', which is not an option of 'gbi search'; did you mean 'features'?")
    ]
    [TestCase("search events.parquet --config broken.json --out x", "is not valid JSON")]
    [TestCase("search events.parquet --config unknown.json --config unknown.json --out x", "--config was given more than once")]
    [TestCase("hunt events.parquet --config unknown.json --config broken.json --out x", "--config was given more than once")]
    [TestCase("search events.parquet [usual] --background sidebands", "--background is 'sidebands', expected reweighted, plain, a file")]
    [
        TestCase(
            "search events.parquet [usual] --background plain --background-simulation events.parquet",
            "both say where the background comes from")
    ]
    [
        TestCase(
            "search events.parquet [usual] --background plain --background-weight w",
            "--background-weight names a column of a background's events")
    ]
    [TestCase("search events.parquet [usual] --background-folds 1", "expected a whole number of 2 or more")]
    [
        TestCase(
            "search events.parquet [usual] --signal events.parquet --without spectrum",
            "--without is 'spectrum', expected some of contamination")
    ]
    [TestCase("search events.parquet [usual] --mass-term", "--mass-term needs --signal")]
    [TestCase("search events.parquet [usual] --without samples", "--without samples needs --signal")]
    [TestCase("simulate dijet --events ten --out x.parquet", "expected a whole number of 1 or more")]
    [TestCase("simulate dijet --events 10 --signal-fraction 2 --out x.parquet", "expected a number from 0 to 1")]
    [TestCase("simulate dijet --events 10 --out events.parquet", "--force")]
    [TestCase("simulate dijet --events 10 --out x.parquet --signal-masses 500", "expected two masses MX:MY from 50 to 600 GeV")]
    [TestCase("simulate dijet --events 10 --out x.parquet --signal-masses 500:20", "expected two masses MX:MY from 50 to 600 GeV")]
    [TestCase("simulate dijet --events 10 --out x.parquet --signal-masses 500:100 --signal-family 5", "exclude each other")]
    [TestCase("simulate dijet --events 10 --out x.parquet --signal-family 0", "expected a whole number of 1 or more")]
    [
        TestCase(
            "simulate dijet --events 10 --out x.parquet --extra-features delta_phi",
            "--extra-features is 'delta_phi', expected mj2 or delta_r")
    ]
    [TestCase("simulate dijet --events 10 --out x.parquet --shift jet-mass-scale", "--shift is 'jet-mass-scale', expected NAME=VALUE")]
    [TestCase("simulate dijet --events 10 --out x.parquet --shift scale=1.01", "--shift is 'scale=1.01', expected NAME=VALUE")]
    [TestCase("simulate dijet --events 10 --out x.parquet --shift jet-mass-scale=-1", "JetMassScale must be above 0")]
    [TestCase("simulate dijet --events 10 --out x.parquet --background-spectrum rising", "expected one of falling, turn-on")]
    [TestCase("train", "'gbi train' needs one of: ratio, systematic")]
    [TestCase("train systematic events.parquet --features mj1 --out x.zip", "needs --varied")]
    [
        TestCase(
            "train systematic events.parquet --varied nu=1 --features mj1 --out x.zip",
            "--varied is 'nu=1', expected parameters with values")
    ]
    [TestCase("train systematic events.parquet --varied events.parquet --features mj1 --out x.zip", "expected parameters with values")]
    [
        TestCase(
            "train systematic events.parquet --varied nu=one:events.parquet --features mj1 --out x.zip",
            "expected parameters with values")
    ]
    [
        TestCase(
            "train systematic events.parquet --varied nu=1,nu=2:events.parquet --features mj1 --out x.zip",
            "expected parameters with values")
    ]
    [
        TestCase(
            "train systematic events.parquet --varied nu^2=1:events.parquet --features mj1 --out x.zip",
            "expected parameters with values")
    ]
    [TestCase("train systematic events.parquet --varied nu=0:events.parquet --features mj1 --out x.zip", "is the nominal point")]
    [
        TestCase(
            "train systematic events.parquet --varied nu=1:a.csv --varied nu=1:b.csv --features mj1 --out x.zip",
            "is given twice (a.csv and b.csv)")
    ]
    [
        TestCase(
            "train systematic events.parquet --varied nu=1:events.parquet --features mj1 --out x.zip",
            "do not determine the monomials nu^2 in addition to nu")
    ]
    [TestCase("train systematic events.parquet [varied] --monomials nu,mu", "the factor 'mu', which is no parameter")]
    [TestCase("train systematic events.parquet [varied] --monomials nu,", "expected terms such as nu,nu^2 or a*b")]
    [TestCase("train systematic events.parquet [varied] --held-out 0.7", "expected a number from 0 to 0.5")]
    [TestCase("train systematic events.parquet [varied] --early-stopping 3 --held-out 0", "--early-stopping needs held-out events")]
    [TestCase("train systematic events.parquet --varied nu=1:events.parquet --features mj1 --out taken.zip", "--force")]
    [TestCase("diagnose", "'gbi diagnose' needs MODEL")]
    [TestCase("diagnose ratio.zip --numerator events.parquet", "needs --denominator")]
    [TestCase("diagnose ratio.zip --numerator a --denominator b --classifier-events 10", "expected a whole number of 200 or more")]
    [TestCase("hypotest", "'gbi hypotest' needs MODEL")]
    [TestCase("hypotest counting.json --mu one", "expected a number of 0 or more")]
    [TestCase("hypotest counting.json --mu -1", "expected a number of 0 or more")]
    [TestCase("toys counting.json --toys 0", "expected a whole number of 1 or more")]
    [TestCase("limit counting.json --confidence 95", "expected a number between 0.5 and 1")]
    [TestCase("hypotest counting.json --patch-name x", "--patch-name needs --patch")]
    [TestCase("demo --out taken", "--force")]
    [TestCase("search events.parquet [usual] --device cuda", "--device cuda needs a network (.onnx)")]
    [TestCase("search events.parquet [usual] --background-simulation events.parquet --onnxruntime /none", "--onnxruntime needs a network")]
    [TestCase("diagnose ratio.zip --numerator a.csv --denominator b.csv --device cuda", "--device cuda needs a network (.onnx)")]
    [TestCase("score events.parquet --model ratio.zip --device cuda --out x.parquet", "--device cuda needs a network (.onnx)")]
    [TestCase("score events.parquet --model ratio.zip --onnxruntime /none --out x.parquet", "--onnxruntime needs a network (.onnx)")]
    public void Wrong_usage_is_exit_code_2(string arguments, string sentence) => Check(2, arguments, sentence);

    [TestCase("EVENTS", "score", "", "--model", "m.zip", "--out", "x")]
    [TestCase("--model", "score", "events.parquet", "--model", "", "--out", "x")]
    [TestCase("--onnxruntime", "score", "events.parquet", "--model", "m.onnx", "--onnxruntime", " ", "--out", "x")]
    [TestCase("--weight", "train", "ratio", "--numerator", "a", "--denominator", "b", "--features", "x", "--weight=", "--out", "x")]
    public void An_empty_word_is_wrong_usage(string name, params string[] args)
    {
        CliRun run = CliRun.Of(args);
        Assert.That((run.Code, run.Error), Is.EqualTo((2, $"{name} is empty; see 'gbi {VerbOf(args)} --help'.\n")));
    }

    [Test]
    public void A_stack_trace_is_printed_on_request_only()
    {
        string[] args =
            ["search", _folder["nothere.parquet"], "--mass", "m", "--features", "x", "--signal-region", "1:2", "--out", _folder["x"]];

        Assert.Multiple(() =>
        {
            Assert.That(CliRun.Of(args).Error, Does.Not.Contain("   at "));
            Assert.That(CliRun.Of([.. args, "--verbose"]).Error, Does.Contain("   at "));
        });
    }

    [Test]
    public void Without_arguments_it_prints_its_help()
    {
        CliRun run = CliRun.Done();

        Assert.That(run.Output, Does.Contain("search").And.Contain("demo").And.Contain("score"));
    }

    [TestCase("demo")]
    [TestCase("simulate dijet")]
    [TestCase("search")]
    [TestCase("hunt")]
    [TestCase("train ratio")]
    [TestCase("train systematic")]
    [TestCase("score")]
    [TestCase("export")]
    [TestCase("diagnose")]
    [TestCase("describe")]
    [TestCase("fit")]
    [TestCase("hypotest")]
    [TestCase("limit")]
    [TestCase("toys")]
    public void The_help_of_a_verb_ends_with_examples(string verb) =>
        Assert.That(CliRun.Done([.. verb.Split(' '), "--help"]).Output, Does.Contain($"Examples:\n  gbi {verb}"));

    private static string VerbOf(string[] args) => args[0] == "train" ? "train ratio" : args[0];

    private void Check(int code, string arguments, string sentence)
    {
        string[] before = _folder.Names;
        string[] args = [.. arguments
            .Replace("[usual]", "--mass mjj --features mj1 --signal-region 3.3:3.7 --out x")
            .Replace("[varied]", "--varied nu=1:events.parquet --varied nu=-1:events.parquet --features mj1 --out x.zip")
            .Split(' ').Select(InFolder)];

        CliRun run = CliRun.Of(args);

        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(code), run.Error);
            Assert.That(run.Error, Does.Contain(sentence));
            Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1), "one sentence");
            Assert.That(run.Output, Is.Empty);
            Assert.That(_folder.Names, Is.EqualTo(before), "nothing is written");
        });
    }

    private string InFolder(string word) => word.Split(':') is [var point, var file] && point.Contains('=')
        ? $"{point}:{_folder[file]}"
        : word is "x" or "taken" || (word.Contains('.') && char.IsLetter(word[^1])) || word.EndsWith("/x") ? _folder[word] : word;
}
