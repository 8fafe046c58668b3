using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Tests.Onnx.Adoption;

namespace Gbi.Tests.Cli.Verbs.Models;

/// <summary>gbi adopt on networks of the form of other exporters.</summary>
[TestFixture]
internal sealed class AdoptCommandTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void CreateFolder()
    {
        _folder = new ScratchFolder();
        File.WriteAllBytes(_folder["net.onnx"], Exporters.LogisticRegression(["background", "signal"]).ToBytes());
        ParquetEventWriter.Write(_folder["signal.parquet"], TwoGaussians.Numerator(2000, 1));
        ParquetEventWriter.Write(_folder["background.parquet"], TwoGaussians.Denominator(2000, 2));
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void The_command_of_the_message_makes_a_ratio_that_scores_events()
    {
        CliRun lacking = CliRun.Of("adopt", _folder["net.onnx"], "--out", _folder["ratio.onnx"]);
        Assert.That(lacking.Code, Is.EqualTo(1));
        string command = lacking.Error[(lacking.Error.IndexOf("gbi adopt ", StringComparison.Ordinal) + 4)..].Trim();
        string[] words = [.. command.Replace("COL1", "x", StringComparison.Ordinal).Replace("COL2", "noise", StringComparison.Ordinal)
            .Replace(" ratio.onnx", $" {_folder["ratio.onnx"]}", StringComparison.Ordinal).Split(' ').Select(word => word.Trim('\''))];
        CliRun.Done(words);
        CliRun.Done(
            "score", _folder["signal.parquet"], "--model", _folder["ratio.onnx"], "--out", _folder["out.parquet"], "--device", "cpu");

        EventTable scored = new ParquetEventReader(_folder["out.parquet"]).Read(["x", "noise", "log_ratio"]);
        for (int row = 0; row < scored.Count; row++)
        {
            double exact = Exporters.Logit(scored["x"][row], scored["noise"][row]);
            Assert.That(scored["log_ratio"][row], Is.EqualTo(exact).Within(1e-6 * (1 + Math.Exp(Math.Abs(exact)))));
        }
    }

    [Test]
    public void With_events_the_ratio_is_calibrated_normalised_and_saved_as_a_model_too()
    {
        string[] adopt =
        [
            "adopt", _folder["net.onnx"], "--features", "x,noise", "--output", "output_probability[signal]", "--kind", "probability",
            "--calibration", "platt", "--numerator", _folder["signal.parquet"], "--denominator", _folder["background.parquet"], "--device",
            "cpu",
        ];
        CliRun network = CliRun.Done([.. adopt, "--out", _folder["ratio.onnx"], "--json"]);
        CliRun model = CliRun.Done([.. adopt, "--out", _folder["model.zip"]]);
        JsonNode document = JsonNode.Parse(network.Output)!;
        Assert.That(
            ((string)document["class"]!, (int)document["slot"]!, (string)document["events"]!["calibration"]!),
            Is.EqualTo(("signal", 1, "platt")));
        Assert.That((double)document["events"]!["auc"]!["value"]!, Is.InRange(0.8, 0.95));
        Assert.That(model.Output, Does.Contain("slot 1 of 2: class signal").And.Contain("ln r = ln p/(1 - p)"));

        CliRun.Done(
            "score", _folder["signal.parquet"], "--model", _folder["ratio.onnx"], "--model", _folder["model.zip"], "--out",
            _folder["out.parquet"], "--device", "cpu");
        EventTable scored = new ParquetEventReader(_folder["out.parquet"]).Read(["ratio_log_ratio"]);
        Assert.That(scored.Count, Is.EqualTo(2000));
    }

    [Test]
    public void Exchanged_samples_are_noticed_and_nothing_is_written()
    {
        CliRun run = CliRun.Of(
            "adopt", _folder["net.onnx"], "--features", "x,noise", "--output", "output_probability[0]", "--kind", "probability",
            "--numerator", _folder["signal.parquet"], "--denominator", _folder["background.parquet"], "--out", _folder["ratio.onnx"],
            "--device", "cpu");
        Assert.That((run.Code, run.Error), Is.EqualTo((1, run.Error)));
        Assert.That(run.Error, Does.Contain("take the other slot"));
        Assert.That(_folder.Names, Does.Not.Contain("ratio.onnx").And.None.EndsWith(".tmp"));
    }

    [TestCase("--out r.txt", "expected a name that ends with .onnx or .zip")]
    [TestCase("--out r.zip --numerator a.parquet", "--numerator needs --denominator too")]
    [TestCase("--out r.zip --input x", "--input is 'x', expected NAME=A,B,...")]
    [TestCase("--out r.zip --standardise x=1", "--standardise is 'x=1', expected NAME=MEAN:WIDTH")]
    [TestCase("--out r.zip --features x,noise --output output_probability[1] --kind score", "A score becomes a ratio by calibration alone")]
    [TestCase("--out r.zip --features x,noise --output output_probability[1] --kind probability --calibration beta", "needs events")]
    [TestCase("--out r.zip --features x,noise --weight w", "--weight is about events; give those of both samples")]
    [TestCase("--out r.zip --features x,noise --missing 3", "--missing is about events; give those of both samples")]
    public void What_cannot_be_done_is_wrong_usage(string options, string sentence)
    {
        CliRun run = CliRun.Of([
            "adopt", _folder["net.onnx"], .. options.Split(' ').Select(word => word.StartsWith("r.", StringComparison.Ordinal)
                ? _folder[word]
                : word)
        ]);
        Assert.That((run.Code, run.Error), Is.EqualTo((2, run.Error)));
        Assert.That(run.Error, Does.Contain(sentence));
    }

    [TestCase("""{"x": [1e999, 1]}""")]
    [TestCase("""{"x": [0, 1e999]}""")]
    [TestCase("""{"x": [0, 0]}""")]
    public void Means_and_widths_of_a_file_are_finite_numbers(string scales)
    {
        File.WriteAllText(_folder["scales.json"], scales);
        CliRun run = CliRun.Of(
            "adopt", _folder["net.onnx"], "--features", "x,noise", "--standardise", _folder["scales.json"], "--out", _folder["r.onnx"]);
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("scales.json holds no means and widths"));
    }

    [Test]
    public void Means_and_widths_may_stand_in_a_file()
    {
        File.WriteAllBytes(_folder["log.onnx"], Exporters.OfType(ExportedFile.Float).ToBytes());
        File.WriteAllText(_folder["scales.json"], """{"x": [1, 2], "noise": [0, 4]}""");
        CliRun.Done(
            "adopt", _folder["log.onnx"], "--features", "x,noise", "--kind", "log-ratio", "--standardise", _folder["scales.json"], "--out",
            _folder["ratio.onnx"], "--device", "cpu");
        CliRun.Done(
            "score", _folder["signal.parquet"], "--model", _folder["ratio.onnx"], "--out", _folder["out.parquet"], "--device", "cpu");
        EventTable scored = new ParquetEventReader(_folder["out.parquet"]).Read(["x", "noise", "log_ratio"]);
        Assert.That(
            scored["log_ratio"].ToArray(),
            Is.EqualTo(Enumerable.Range(0, 2000).Select(row => Exporters.Logit((scored["x"][row] - 1) / 2, scored["noise"][row] / 4)))
                .Within(1e-5));
    }
}
