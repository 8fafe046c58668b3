using System.Text.Json;
using Gbi.Events.IO;
using Gbi.Tests.Events.IO;
using Gbi.Tests.Onnx;
using static Gbi.Tests.Events.IO.Parts.PartFiles;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>Events of every format, and parts of them, are scored to Parquet and to CSV, row by row as they were.</summary>
[TestFixture]
internal sealed class ScoreFormatTests
{
    private const string Header = "event,x,word";

    private ScratchFolder _folder = null!;

    [SetUp]
    public void WriteNetwork()
    {
        _folder = new ScratchFolder();
        File.WriteAllBytes(_folder["net.onnx"], NetworkFile.Linear("x", [[2]], [0.25f]).ToBytes());
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("out.csv"), TestCase("out.parquet"), TestCase("out.tsv.gz")]
    public void A_text_keeps_its_columns_and_digits(string output)
    {
        File.WriteAllText(_folder["in.csv"], $"{Header}\n9007199254740993,0.5,\"a,b\"\n-1,1,\n");
        Score("in.csv", output);
        Assert.That(Lines(output), Is.EqualTo(new[]
        {
            "event,x,word,log_ratio", "9007199254740993,0.5,\"a,b\",1.25", "-1,1,,2.25",
        }));
        Assert.That(_folder.Names.Where(name => name.StartsWith('.')), Is.Empty, "no temporary is left");
    }

    [TestCase("parts"), TestCase("parts/*.csv")]
    public void Parts_are_scored_to_one_file(string input)
    {
        Directory.CreateDirectory(_folder["parts"]);
        File.WriteAllText(_folder["parts/b.csv"], "x,event\n1,9007199254740995\n");
        File.WriteAllText(_folder["parts/a.csv"], "event,x\n9007199254740993,0.5\n");
        Score(input, "out.csv");
        Assert.That(Lines("out.csv"), Is.EqualTo(new[]
        {
            "event,x,log_ratio", "9007199254740993,0.5,1.25", "9007199254740995,1,2.25",
        }));
    }

    [Test]
    public void Parts_of_Parquet_are_scored_with_the_keys_of_their_folders()
    {
        Write(_folder["e/year=2017/p.parquet"], ("x", new float[] { 1 }), ("event", new[] { long.MaxValue }));
        Write(_folder["e/year=2016/p.parquet"], ("event", new[] { 7 }), ("x", new double[] { 0.5 }));
        Score("e", "out.parquet");
        Assert.That(Lines("out.parquet"), Is.EqualTo(new[]
        {
            "event,x,year,log_ratio", "7,0.5,2016,1.25", "9223372036854775807,1,2017,2.25",
        }));
    }

    [Test]
    public void Columns_that_an_output_cannot_hold_are_named_and_listed()
    {
        AllTypesFile.Write(_folder["all.parquet"], groups: 1);
        Assert.That(
            CliRun.Done("convert", _folder["all.parquet"], "--out", _folder["all.csv"]).Output,
            Does.Contain("Column 'bytes' is left out: it is of type bytes, which the output cannot hold."));
        CliRun run = CliRun.Done("convert", _folder["all.parquet"], "--out", _folder["all.csv"], "--json", "--force");
        JsonElement leftOut = JsonDocument.Parse(run.Output).RootElement.GetProperty("leftOut");
        Assert.That(
            leftOut.EnumerateArray().Select(column => (column.GetProperty("name").GetString(), column.GetProperty("type").GetString())),
            Is.EqualTo(new[] { ("bytes", "bytes") }));
    }

    [Test]
    public void A_text_that_is_there_stays_where_the_same_is_made_and_a_pattern_needs_a_file()
    {
        File.WriteAllText(_folder["in.csv"], "x\n1\n");
        string[] command = ["score", _folder["in.csv"], "--model", _folder["net.onnx"], "--out", _folder["out.csv"]];
        CliRun.Done(command);
        CliRun.Done(command);
        File.WriteAllText(_folder["in.csv"], "x\n2\n");
        CliRun other = CliRun.Of(command);
        Assert.That(other.Code, Is.Not.Zero);
        Assert.That(other.Error, Does.Contain("exists already and was made with other models, columns or events"));
        CliRun.Done([.. command, "--force"]);
        Directory.CreateDirectory(_folder["to"]);
        CliRun pattern = CliRun.Of("score", _folder["i*.csv"], "--model", _folder["net.onnx"], "--out", _folder["to"]);
        Assert.That(pattern.Code, Is.EqualTo(2));
        Assert.That(pattern.Error, Does.Contain("is a pattern, which is scored to one file"));
    }

    private void Score(string input, string output) =>
        CliRun.Done("score", _folder[input], "--model", _folder["net.onnx"], "--columns", input.EndsWith("in.csv") ? Header
            : input == "e" ? "event,x,year" : "event,x", "--out", _folder[output]);

    /// <summary>The events as text without the spread and the uncertainty, which one network has not.</summary>
    private string[] Lines(string name)
    {
        string[] columns = [.. new[] { "event", "x", "word", "year", "log_ratio" }.Where(TableFile.AllColumns(_folder[name]).Contains)];
        CliRun.Done("convert", _folder[name], "--columns", string.Join(',', columns), "--out", _folder["lines.csv"], "--force");
        return File.ReadAllLines(_folder["lines.csv"]);
    }
}
