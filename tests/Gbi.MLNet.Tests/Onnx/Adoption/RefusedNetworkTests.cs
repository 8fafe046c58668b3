using Gbi.Events;
using Gbi.Onnx.Adoption;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using static Gbi.Tests.Onnx.Adoption.Exporters;

namespace Gbi.Tests.Onnx.Adoption;

/// <summary>Networks that cannot be taken as they are said to be: one message with all that is missing, and what mends it.</summary>
[TestFixture]
internal sealed class RefusedNetworkTests
{
    private const string SourceWords = @"\w::\w+\(|\.(cc|h|cpp):?\d*\b|ErrorCode|onnxruntime_src|Status Message";

    private ScratchFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void One_message_lists_all_that_is_missing_with_the_command_that_says_it() => AssertRefused(
        LogisticRegression(["background", "signal"]), new OnnxMapping(),
        "net.onnx cannot be taken as a ratio as it is: (1) the columns that it takes are not named, 2 in the order of the network for "
            + "'float_input' Float [?, 2]; (2) output 'output_probability' has 2 numbers an event (slot 0 is class background, slot 1 is "
            + "class signal), and which is that of the numerator is not said; (3) what its output means is not said: a probability, a "
            + "logit, a log-ratio or a score. Say it with: gbi adopt ",
        "net.onnx --features COL1,COL2 --output 'output_probability[1]' --kind probability --out ratio.onnx");

    [Test]
    public void Of_several_outputs_one_has_to_be_named() => AssertRefused(
        OfType(ExportedFile.Float).Node("Neg", "out", "other").Output("other", ExportedFile.Float, -1, 1),
        new OnnxMapping { Features = ["x", "y"], Kind = OnnxOutputKind.Logit },
        "it has several outputs of which one is to be taken: 'out' Float [?, 1], 'other' Float [?, 1]",
        "--features x,y --output out --kind logit");

    [TestCase(
        "output_probability[2]", "has 2 numbers an event (slot 0 is class 0, slot 1 is class 1), but slot 2 is wanted, expected 0 to 1")]
    [TestCase("output_probability[signal]", "but slot 'signal' is wanted, expected a position from 0 or the name of a class")]
    [TestCase("output_probability", "and which is that of the numerator is not said")]
    [TestCase("nothing", "there is no output 'nothing'; its outputs are 'output_label' Int64 [?], 'output_probability' a map from class")]
    [TestCase("output_label", "output 'output_label' is Int64 [?], a class or text and no real number")]
    public void A_wrong_output_or_slot_is_refused(string output, string sentence) => AssertRefused(
        LogisticRegression(), new OnnxMapping { Features = ["x", "y"], Output = output, Kind = OnnxOutputKind.Probability }, sentence);

    [Test]
    public void Numbers_that_are_none_in_a_trial_are_said()
    {
        byte[] network = OfType(ExportedFile.Float).Node("Neg", "out", "negative").Node("Log", "negative", "other")
            .Output("other", ExportedFile.Float, -1, 1).ToBytes();
        var mapping = new OnnxMapping { Features = ["x", "y"], Output = "other", Kind = OnnxOutputKind.LogRatio };
        AdoptedNetwork adopted = OnnxAdoption.Adopt(OnnxSource.Of(network), mapping, "net.onnx");
        Assert.That(adopted.Remarks, Has.Some.Contains("'other' gave no finite number for some events of a trial"));
    }

    [TestCase("x,x", "the feature 'x' is given twice")]
    [TestCase("x,1", "the feature '1' is a number and no column")]
    public void Features_are_columns_each_given_once(string features, string sentence) => AssertRefused(
        LogisticRegression(),
        new OnnxMapping { Features = features.Split(','), Output = "output_probability[0]", Kind = OnnxOutputKind.Probability },
        sentence, "--output 'output_probability[0]'");

    [Test]
    public void Columns_of_an_input_are_given_once() => AssertRefused(
        OfType(ExportedFile.Float),
        new OnnxMapping
        {
            Inputs = new Dictionary<string, IReadOnlyList<string>> { ["in"] = ["x", "y"], ["0"] = ["a", "b"] },
            Kind = OnnxOutputKind.Logit,
        },
        "input 'in' is given columns twice, by its name and by its position");

    [Test]
    public void What_is_called_a_probability_has_to_be_one()
    {
        AssertRefused(
            OfType(ExportedFile.Float).Metadata("a", "b"),
            new OnnxMapping { Features = ["x", "y"], Kind = OnnxOutputKind.Probability },
            "Output 'out' of net.onnx is called a probability, but gives", "expected numbers in [0, 1]", "is --kind logit");
        AssertRefused(
            Keras(13, softmax: false), new OnnxMapping { Features = ["x", "y"], Kind = OnnxOutputKind.Logit },
            "is called a logit, but a Sigmoid gives it: it is a probability, --kind probability");
    }

    [TestCase(new[] { "x" }, "1 feature given (x), but its inputs take 2")]
    [TestCase(new[] { "x", "y", "z" }, "3 features given (x, y, z), but its inputs take 2")]
    [TestCase(new[] { "x", "a,b" }, "the column 'a,b' has an empty name or one with a comma")]
    public void Another_number_of_features_is_refused(string[] features, string sentence) => AssertRefused(
        OfType(ExportedFile.Float), new OnnxMapping { Features = features, Kind = OnnxOutputKind.Logit }, sentence);

    [Test]
    public void Inputs_that_events_cannot_fill_are_refused()
    {
        var mapping = new OnnxMapping { Kind = OnnxOutputKind.Logit };
        AssertRefused(
            new ExportedFile().Input("kind", ExportedFile.Text, -1, 1).Node("Identity", "kind", "out")
                .Output("out", ExportedFile.Float, -1, 1),
            mapping, "input 'kind' (String [?, 1]) takes text; encode it as numbers before");
        AssertRefused(
            new ExportedFile().Input("in", ExportedFile.Float, 5).Node("Identity", "in", "out").Output("out", ExportedFile.Float, 5),
            mapping, "input 'in' (Float [5]) has no dimension that counts events");
        AssertRefused(
            new ExportedFile().Input("in", ExportedFile.Float, 1 << 30, 2).Node("Identity", "in", "out")
                .Output("out", ExportedFile.Float, 1 << 30, 2),
            mapping with { Features = ["x", "y"], Output = "out[0]" }, "takes 1,073,741,824 events at a time, expected 1,048,576 at most");
        AssertRefused(
            OfType(ExportedFile.Float), mapping with { Inputs = new Dictionary<string, IReadOnlyList<string>> { ["on"] = ["x"] } },
            "there is no input 'on', its inputs are 'in' Float [?, 2]");
        AssertRefused(
            OfType(ExportedFile.Float),
            mapping with { Features = ["x", "y"], Standardise = new Dictionary<string, FeatureScale> { ["z"] = new(0, 1) } },
            "z would be standardised, but the features are x, y");
    }

    [Test]
    public void Files_that_no_runtime_reads_are_refused_without_words_of_its_source()
    {
        File.WriteAllText(_folder["net.onnx"], "no network");
        var mapping = new OnnxMapping { Features = ["x", "y"], Kind = OnnxOutputKind.Logit };
        AssertPlain(() => OnnxRatio.Open(_folder["net.onnx"], mapping), "net.onnx is no ONNX model");
        AssertRefused(OfType(ExportedFile.Float, opset: 6), mapping, "has operators of opset 6, expected 7 or later");
        AssertRefused(
            OfType(ExportedFile.Float, opset: 999), mapping, "its operators are of opset 999, which this ONNX Runtime does not know");
        AssertRefused(
            new ExportedFile().Input("in", ExportedFile.Float, -1, 2).Node("NoSuch", "in", "out").Output("out", ExportedFile.Float, -1, 1),
            mapping, "it cannot be run (it has the operator NoSuch, which this ONNX Runtime does not have)");
        AssertRefused(
            new ExportedFile().Input("in", ExportedFile.Float, -1, 2).Constant("w", new float[3], 3, 1).Node("MatMul", "in w", "out")
                .Output("out", ExportedFile.Float, -1, 1),
            mapping, "it cannot be run (", "sizes");
        AssertRefused(
            new ExportedFile().Input("in", ExportedFile.Float, -1, 2).Constant("shape", [5L, 7], 2).Node("Reshape", "in shape", "out")
                .Output("out", ExportedFile.Float, -1, 1),
            mapping, "it cannot be run (its node (Reshape) cannot make numbers of shape {16,2} into {5,7})");
        AssertRefused(
            new ExportedFile { Format = 99 }.Input("in", ExportedFile.Float, -1, 2).Node("Identity", "in", "out")
                .Output("out", ExportedFile.Float, -1, 2),
            mapping with { Output = "out[0]" }, "its file format is 99, this ONNX Runtime reads formats up to");
    }

    [Test]
    public void Damaged_files_are_refused_in_a_sentence_whatever_the_damage()
    {
        var random = new Random(11);
        byte[][] files = [LogisticRegression().ToBytes(), BoostedTrees(zipMap: true).ToBytes(), Keras(13, softmax: true).ToBytes()];
        var mapping = new OnnxMapping { Features = ["x", "y"], Output = "1[1]", Kind = OnnxOutputKind.LogRatio };
        var options = new OnnxRatioOptions { Execution = new OnnxOptions { Device = OnnxDevice.Cpu } };
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = [.. files[round % files.Length]];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_folder["net.onnx"], round % 4 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            try
            {
                OnnxRatio.Open(_folder["net.onnx"], mapping, options).Dispose();
            }
            catch (DataException refusal)
            {
                Assert.That(refusal.Message, Does.Not.Match(SourceWords));
            }
        }
    }

    [Test]
    public void Weights_beside_a_network_have_to_be_there_whole_and_in_its_folder()
    {
        var mapping = new OnnxMapping { Features = ["x", "y"], Output = "linear[1]", Kind = OnnxOutputKind.Logit };
        ExportedFile file = Dynamo("net.data");
        File.WriteAllBytes(_folder["net.onnx"], file.ToBytes());
        AssertPlain(() => OnnxRatio.Open(_folder["net.onnx"], mapping), "net.onnx has weights in net.data, which cannot be read");
        AssertPlain(() => OnnxRatio.Open(file.ToBytes()), "stand in a file of their own, net.data, which bytes in memory do not have");

        File.WriteAllBytes(_folder["net.data"], file.Weights[..^1]);
        AssertPlain(
            () => OnnxRatio.Open(_folder["net.onnx"], mapping), "which has 35 bytes; it is incomplete, or belongs to another network");

        File.WriteAllBytes(_folder["net.data"], file.Weights);
        Directory.CreateDirectory(_folder["in"]);
        File.WriteAllBytes(_folder["in/net.onnx"], Dynamo("../net.data").ToBytes());
        AssertPlain(() => OnnxRatio.Open(_folder["in/net.onnx"], mapping), "names '../net.data' as the file of its weights");
    }

    [Test]
    public void A_batch_normalisation_in_training_mode_is_refused()
    {
        ExportedFile file = new ExportedFile { Opset = 14 }.Input("in", ExportedFile.Float, -1, 2)
            .Constant("one", [1f, 1], 2).Constant("zero", [0f, 0], 2).Constant("w", [2f, -1], 2, 1)
            .Node("BatchNormalization", "in one zero zero one", "n mean var", ("training_mode", 1)).Node("MatMul", "n w", "out")
            .Output("out", ExportedFile.Float, -1, 1);
        AssertRefused(
            file, new OnnxMapping { Features = ["x", "y"], Kind = OnnxOutputKind.Logit },
            "its node (BatchNormalization) is in training mode", "model.eval()");
    }

    [Test]
    public void Dropout_that_is_still_on_is_refused()
    {
        ExportedFile file = new ExportedFile { Opset = 13 }.Input("in", ExportedFile.Float, -1, 2)
            .Constant("ratio", [0.5f]).Constant("on", ExportedFile.Bool, [1]).Constant("w", [2f, -1], 2, 1)
            .Node("Dropout", "in ratio on", "d").Node("MatMul", "d w", "out").Output("out", ExportedFile.Float, -1, 1);
        AssertRefused(
            file, new OnnxMapping { Features = ["x", "y"], Kind = OnnxOutputKind.Logit }, "its node (Dropout) is in training mode",
            "model.eval()");
        byte[] named = file.Metadata("gbi.features", "x,y").Metadata("gbi.kind", "ratio").ToBytes();
        AssertPlain(() => OnnxRatio.Open(named), "cannot be taken as a ratio as it is");
    }

    [Test]
    public void Numbers_of_chance_are_refused_in_a_file_of_the_contract()
    {
        byte[] bytes = new ExportedFile { Opset = 13 }.Input("features", ExportedFile.Float, -1, 1)
            .Node("RandomUniformLike", "features", "noise").Node("Add", "features noise", "log_ratio")
            .Output("log_ratio", ExportedFile.Float, -1, 1).Metadata("gbi.kind", "ratio").Metadata("gbi.features", "x").ToBytes();
        AssertPlain(
            () => OnnxRatio.Open(bytes, new OnnxRatioOptions { Execution = new OnnxOptions { Device = OnnxDevice.Cpu } }),
            "for the same event, number 0 of a trial block");
    }

    [Test]
    public void The_first_events_show_what_a_trial_does_not()
    {
        // Numbers above 100 alone are compared with the largest of the block.
        byte[] bytes = new ExportedFile().Input("features", ExportedFile.Float, -1, 1).Constant("limit", [100f])
            .Node("ReduceMax", "features", "largest", ("keepdims", 0)).Node("Sub", "features largest", "below")
            .Node("Greater", "features limit", "high").Node("Where", "high below features", "log_ratio")
            .Output("log_ratio", ExportedFile.Float, -1, 1).Metadata("gbi.kind", "ratio").Metadata("gbi.features", "x").ToBytes();
        using var ratio = OnnxRatio.Open(bytes, new OnnxRatioOptions { Execution = new OnnxOptions { Device = OnnxDevice.Cpu } });
        Assert.That(ratio.Score(EventTable.FromColumns(("x", new[] { 1f, 2, 3 }))).LogRatio[1], Is.EqualTo(2));
        using var other = OnnxRatio.Open(bytes, new OnnxRatioOptions { Execution = new OnnxOptions { Device = OnnxDevice.Cpu } });
        Assert.That(
            () => other.Score(EventTable.FromColumns(("x", new[] { 101f, 102, 103 }))),
            Throws.TypeOf<DataException>().With.Message.Contains("for one and the same event"));
    }

    private void AssertRefused(ExportedFile file, OnnxMapping mapping, params string[] parts)
    {
        File.WriteAllBytes(_folder["net.onnx"], file.ToBytes());
        var options = new OnnxRatioOptions { Execution = new OnnxOptions { Device = OnnxDevice.Cpu } };
        AssertPlain(() => OnnxRatio.Open(_folder["net.onnx"], mapping, options), parts);
    }

    private static void AssertPlain(Action open, params string[] parts)
    {
        DataException? refusal = Assert.Throws<DataException>(open);
        foreach (string part in parts)
        {
            Assert.That(refusal!.Message, Does.Contain(part));
        }

        Assert.That(refusal!.Message, Does.Not.Match(SourceWords));
    }
}
