using Gbi.Scoring;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Cli.Outputs;

/// <summary>No command replaces what it reads, and a file has the ending of its format.</summary>
public sealed class OutputNameTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void WriteFiles()
    {
        _folder = new ScratchFolder();
        File.WriteAllText(_folder["workspace.json"], SmallWorkspace.Counting(10, 50, 55));
        Directory.CreateDirectory(_folder["results"]);
        foreach (string name in (string[])["a.parquet", "a.zip", "a.onnx", "results/region.parquet", "results/hunt.json"])
        {
            File.WriteAllText(_folder[name], "{}");
        }
    }

    [TearDown]
    public void RemoveFiles() => _folder.Dispose();

    [TestCase("toys @workspace.json --out @workspace.json")]
    [TestCase("merge @workspace.json --out @workspace.json")]
    [TestCase("export @a.zip --out @results/../a.zip", "expected a name that ends with .onnx")]
    [TestCase("export @a.onnx --out @results/../a.onnx")]
    [TestCase("train ratio --numerator @a.zip --denominator @b.parquet --features x --out @a.zip")]
    [TestCase("train systematic @b.parquet --varied nu=1:@a.zip --features x --out @a.zip")]
    [TestCase("pair @a.parquet --first a,b,c --second d,e,f --out @a.parquet")]
    [TestCase("score @a.parquet --model @a.zip --out @a.parquet")]
    [TestCase("score @a.parquet --model @a.zip --out @")]
    [TestCase("convert @a.parquet --out @a.parquet")]
    [TestCase("search @results/region.parquet --mass m --features x --signal-region 1:2 --out @results")]
    [TestCase("hunt @a.parquet --config @results/hunt.json --mass m --features x --scan 3:4:0.1 --width 1 --out @results")]
    [TestCase("score @results/*.parquet --model @a.zip --out @results/region.parquet")]
    [TestCase("convert @results --out @results/all.parquet", "lies in")]
    [TestCase("score @results --model @a.zip --out @results/2018/scored.parquet", "lies in")]
    [TestCase("search @results --mass m --features x --signal-region 1:2 --out @results")]
    [TestCase("hunt @results --mass m --features x --scan 3:4:0.1 --width 1 --out @results")]
    [TestCase("peak @results --mass m --signal-region 1:2 --out @results/peak", "lies in")]
    [TestCase("coverage search @results --mass m --features x --signal-region 1:2 --toys 1 --out @results", "lies in")]
    [TestCase("search @a.parquet --signal @results --mass m --features x --signal-region 1:2 --out @results")]
    public void An_input_is_not_replaced(string arguments, string sentence = "is an input of this command") =>
        Refused([.. arguments.Split(' '), "--force"], sentence);

    [Test]
    public void An_input_is_not_replaced_by_the_name_of_a_link()
    {
        File.CreateSymbolicLink(_folder["link.json"], "workspace.json");
        Directory.CreateSymbolicLink(_folder["here"], _folder.Root);

        Refused(["toys", "@link.json", "--out", "@here/workspace.json", "--force"], "is an input of this command; choose another name.");
    }

    [Test]
    public void An_output_may_lie_in_a_folder_with_the_name_of_a_column()
    {
        CliRun run = CliRun.Of(
            "search", _folder["a.parquet"], "--mass", _folder["results"], "--features", "x", "--signal-region", "1:2", "--out",
            _folder["results"], "--force");
        Assert.That(run.Error, Does.Contain("cannot be read as a Parquet file"));
    }

    [Test]
    public void Parts_are_as_long_as_their_files_together()
    {
        File.WriteAllText(_folder["results/other.parquet"], "four");
        File.Delete(_folder["results/hunt.json"]);
        Assert.That(new WatchedInputs([_folder["results"]]).Length, Is.EqualTo(6));
        Assert.That(new WatchedInputs([_folder["results/*.parquet"]]).Length, Is.EqualTo(6));
        Assert.That(new WatchedInputs([_folder["a.parquet"]]).Length, Is.EqualTo(2));
    }

    [Test]
    public void What_a_link_leads_to_need_not_be_there()
    {
        File.CreateSymbolicLink(_folder["link.parquet"], _folder["new/there.parquet"]);
        CliRun.Done("simulate", "dijet", "--events", "100", "--out", _folder["link.parquet"]);
        Assert.That(File.Exists(_folder["new/there.parquet"]), Is.True);
        Assert.That(new FileInfo(_folder["link.parquet"]).LinkTarget, Is.EqualTo(_folder["new/there.parquet"]));
    }

    [Test]
    public void Half_a_letter_in_a_file_of_options_is_wrong_usage()
    {
        File.WriteAllText(_folder["half.json"], """{ "mass": "\ud800" }""");
        CliRun run = CliRun.Of("search", "x", "--config", _folder["half.json"], "--features", "a", "--signal-region", "1:2", "--out", "y");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("holds half a character").And.Not.Contain("defect"));
    }

    [TestCase("score @a.parquet --model @a.zip --out @sc.json", ".parquet")]
    [TestCase("simulate dijet --events 10 --out @sim.csv", ".parquet")]
    [TestCase("pair @a.parquet --first a,b,c --second d,e,f --out @x.txt", ".parquet")]
    [TestCase("convert @a.csv --out @x.bin", ".parquet")]
    [TestCase("export @a.zip --out @m.bin", ".onnx")]
    [TestCase("train ratio --numerator @a.parquet --denominator @b.parquet --features x --out @num.parquet", ".zip")]
    [TestCase("train systematic @a.parquet --varied nu=1:@b.parquet --features x --out @nu", ".zip")]
    public void A_name_has_the_ending_of_its_format(string arguments, string ending) =>
        Refused(arguments.Split(' '), $"expected a name that ends with {ending}.");

    private void Refused(string[] arguments, string sentence)
    {
        string[] before = _folder.Names;
        CliRun run = CliRun.Of([.. arguments.Select(word => word.Replace("@", $"{_folder.Root}{Path.DirectorySeparatorChar}"))]);

        Assert.Multiple(() =>
        {
            Assert.That((run.Code, run.Output), Is.EqualTo((2, "")), run.Error);
            Assert.That(run.Error, Does.Contain(sentence));
            Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1), "one sentence");
            Assert.That(_folder.Names, Is.EqualTo(before));
        });
    }
}
