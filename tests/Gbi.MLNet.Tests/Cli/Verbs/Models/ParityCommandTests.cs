using System.Globalization;
using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Tests.Onnx;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>gbi parity and gbi convert.</summary>
[TestFixture]
internal sealed class ParityCommandTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new ScratchFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase(0, 0)]
    [TestCase(5e-6, 0)]
    [TestCase(1e-3, 3)]
    public void A_ratio_is_accepted_where_it_gives_what_is_expected(double shift, int code)
    {
        Write("net.onnx", NetworkFile.Linear("a,b", [[2, -1]], [0.25f]));
        Lines("net.parity.csv", "a,b,log_ratio", i => [i * 0.01, i * 0.02, (i == 17 ? shift : 0) + 0.25]);

        CliRun run = CliRun.Of("parity", _folder["net.onnx"], _folder["net.parity.csv"], "--json");

        JsonNode document = JsonNode.Parse(run.Output)!;
        Assert.That(run.Code, Is.EqualTo(code));
        Assert.That(
            run.Error,
            code == 0 ? Is.Empty : Does.StartWith("net.onnx gives a log_ratio that differs from the expected one by up to 0.001"));
        Assert.That((double)document["maxDifference"]!, Is.EqualTo(shift).Within(1e-6));
        Assert.That(((bool)document["passed"]!, (int)document["events"]!), Is.EqualTo((code == 0, 200)));
    }

    [Test]
    public void Members_coefficients_and_generated_features_have_numbers_behind_their_names()
    {
        Write("members.onnx", NetworkFile.Linear("a", [[1], [2]], [0, 0]));
        Lines("members.csv", "a,log_ratio.0,log_ratio.1", i => [i, i, 2 * i]);
        Write("flow.onnx", GaussianFlow.Generator("x,y", [1, 2], [0, 1], [1, 3]));
        Lines("flow.csv", "noise.0,noise.1,mass,features.0,features.1", i => [0.1, i, 3, 3.1, 7 + (3 * i)]);
        Write("density.onnx", GaussianFlow.Density("x", 1, 0, 1));
        Lines("density.csv", "x,mjj,log_density", i => [i * 0.01, i * 0.01, -0.5 * Math.Log(2 * Math.PI)]);

        CliRun.Done("parity", _folder["members.onnx"], _folder["members.csv"]);
        CliRun.Done("parity", _folder["density.onnx"], _folder["density.csv"]);
        CliRun flow = CliRun.Done("parity", _folder["flow.onnx"], _folder["flow.csv"]);
        Assert.That(flow.Output, Does.Contain("features.0: max |difference|").And.Contain("features.1: ").And.Contain("200 events, CPU"));
    }

    [TestCase("a,log_ratio", "no column 'b'")]
    [TestCase("a,b", "have no column of an output of net.onnx, expected log_ratio; they have a, b")]
    public void A_file_without_inputs_or_outputs_is_refused(string header, string sentence)
    {
        Write("net.onnx", NetworkFile.Linear("a,b", [[2, -1]], [0.25f]));
        Lines("net.csv", header, i => [i, i]);
        CliRun run = CliRun.Of("parity", _folder["net.onnx"], _folder["net.csv"]);
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain(sentence));
    }

    [Test]
    public void Parquet_goes_to_text_and_back_without_a_digit_lost()
    {
        EventTable events = TwoGaussians.Numerator(3000, 1);
        float[] noise = events["noise"].ToArray();
        noise[5] = float.NaN;
        var table = EventTable.FromColumns(("x", events["x"].ToArray()), ("a \"b\", c", noise));
        ParquetEventWriter.Write(_folder["in.parquet"], table, new ParquetWriteOptions { RowGroupSize = 1000 });

        CliRun.Done("convert", _folder["in.parquet"], "--out", _folder["text.csv"]);
        CliRun.Done("convert", _folder["text.csv"], "--out", _folder["out.parquet"]);
        CliRun.Done("convert", _folder["in.parquet"], "--columns", "x", "--out", _folder["text.csv"], "--force");

        EventTable back = new ParquetEventReader(_folder["out.parquet"]).Read(["x", "a \"b\", c"]);
        Assert.That(back["x"].ToArray(), Is.EqualTo(table["x"].ToArray()));
        Assert.That(back["a \"b\", c"].ToArray(), Is.EqualTo(noise));
        Assert.That(File.ReadLines(_folder["text.csv"]).First(), Is.EqualTo("x"));
    }

    [TestCase("in.csv", "out.csv", "are of one format")]
    [TestCase("in.csv", "out.parquet", "There is no file", 1)]
    public void A_conversion_that_is_none_is_refused(string input, string output, string sentence, int code = 2)
    {
        CliRun run = CliRun.Of("convert", _folder[input], "--out", _folder[output]);
        Assert.That(run.Code, Is.EqualTo(code));
        Assert.That(run.Error, Does.Contain(sentence).Or.Contain("cannot be read"));
    }

    private void Write(string name, NetworkFile network) => File.WriteAllBytes(_folder[name], network.ToBytes());

    private void Lines(string name, string header, Func<int, double[]> row) => File.WriteAllLines(
        _folder[name],
        Enumerable.Range(0, 200)
            .Select(i => string.Join(',', row(i).Select(value => value.ToString("R", CultureInfo.InvariantCulture))))
            .Prepend(header));
}
