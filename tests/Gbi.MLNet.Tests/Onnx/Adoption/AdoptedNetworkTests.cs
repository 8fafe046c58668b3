using Gbi.Events;
using Gbi.Onnx.Adoption;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;
using static Gbi.Tests.Onnx.Adoption.Exporters;

namespace Gbi.Tests.Onnx.Adoption;

/// <summary>
/// Networks as other programs write them become ratios: ln r is that of the network's own output, computed in double precision, and that of
/// its closed form.
/// </summary>
[TestFixture]
internal sealed class AdoptedNetworkTests
{
    private static readonly OnnxRatioOptions OnCpu = new() { Execution = new OnnxOptions { Device = OnnxDevice.Cpu } };

    private static readonly string[][] OneInput = [["x", "y"]];

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("scikit-learn, ZipMap", LogisticRegression(), "output_probability[1]", OnnxOutputKind.Probability, Logit);
        yield return Case(
            "scikit-learn, ZipMap of texts", LogisticRegression(["background", "signal"]), "output_probability[signal]",
            OnnxOutputKind.Probability, Logit);
        yield return Case(
            "scikit-learn, the other class", LogisticRegression(["background", "signal"]), "output_probability[background]",
            OnnxOutputKind.Probability, (x, y) => -Logit(x, y));
        yield return Case(
            "scikit-learn, no ZipMap, opset 9", LogisticRegression(zipMap: false, opset: 9), "output_probability[1]",
            OnnxOutputKind.Probability, Logit);
        yield return Case("XGBoost", BoostedTrees(zipMap: false), "probabilities[1]", OnnxOutputKind.Probability, TreeLogit);
        yield return Case("LightGBM", BoostedTrees(zipMap: true), "probabilities[1]", OnnxOutputKind.Probability, TreeLogit);
        yield return Case("Keras, softmax, opset 8", Keras(8, softmax: true), "Identity:0[1]", OnnxOutputKind.Probability, Logit);
        yield return Case("Keras, sigmoid, names of the contract", Keras(13, softmax: false), null, OnnxOutputKind.Probability, Logit);
        yield return Case("PyTorch, one event", TorchScript(bakesBatch: false), null, OnnxOutputKind.Logit, Logit);
        yield return Case("PyTorch, one event, baked in", TorchScript(bakesBatch: true), "8", OnnxOutputKind.LogRatio, Logit);
        yield return Case("double precision", OfType(ExportedFile.Double), "0", OnnxOutputKind.LogRatio, Logit);
        yield return Case("quantised statically", Quantised(isDynamic: false), null, OnnxOutputKind.Logit, null);
        yield return Case("quantised dynamically", Quantised(isDynamic: true), null, OnnxOutputKind.Logit, null);
    }

    [TestCaseSource(nameof(Cases))]
    public void The_log_ratio_is_that_of_the_networks_own_output(
        ExportedFile file, string? output, OnnxOutputKind kind, Func<double, double, double>? exact)
    {
        using var folder = new ScratchFolder();
        string path = folder["net.onnx"];
        File.WriteAllBytes(path, file.ToBytes());
        EventTable events = Events(500);
        using var ratio = OnnxRatio.Open(path, new OnnxMapping { Features = ["x", "y"], Output = output, Kind = kind }, OnCpu);
        using var session = new InferenceSession(path);
        AssertAgrees(ratio, session, events, OneInput, output, kind);
        if (exact is not null)
        {
            Assert.That(
                ratio.Score(events).LogRatio.ToArray(),
                Is.EqualTo(Enumerable.Range(0, 500).Select(row => exact(events["x"][row], events["y"][row]))).Within(2e-5));
        }
    }

    [Test]
    public void Inputs_of_one_column_each_are_taken_by_their_names()
    {
        byte[] bytes = OneInputAColumn().ToBytes();
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["net.onnx"], bytes);
        EventTable events = Events(200, whole: true);
        using var ratio = OnnxRatio.Open(
            folder["net.onnx"], new OnnxMapping { Output = "probabilities[1]", Kind = OnnxOutputKind.Probability }, OnCpu);
        using var session = new InferenceSession(bytes);
        Assert.That(ratio.Features, Is.EqualTo(["y", "x"]));
        AssertAgrees(ratio, session, events, [["y"], ["x"]], "probabilities[1]", OnnxOutputKind.Probability);
        Assert.That(
            ratio.Score(events).LogRatio.ToArray(),
            Is.EqualTo(Enumerable.Range(0, 200).Select(row => ScaledLogit(events["x"][row], events["y"][row]))).Within(2e-5));
    }

    [TestCase(ExportedFile.Half, 1e-2)]
    [TestCase(ExportedFile.Int64, 1e-6)]
    public void Features_are_converted_to_the_numbers_of_the_network(int type, double tolerance)
    {
        byte[] bytes = OfType(type).ToBytes();
        EventTable events = Events(200, whole: true);
        using OnnxRatio ratio = Open(bytes, new OnnxMapping { Features = ["x", "y"], Kind = OnnxOutputKind.LogRatio });
        using var session = new InferenceSession(bytes);
        AssertAgrees(ratio, session, events, OneInput, null, OnnxOutputKind.LogRatio);
        Assert.That(
            ratio.Score(events).LogRatio.ToArray(),
            Is.EqualTo(Enumerable.Range(0, 200).Select(row => Logit(events["x"][row], events["y"][row]))).Within(tolerance));
    }

    [Test]
    public void All_opsets_from_7_on_are_taken([Range(7, 23)] int opset)
    {
        EventTable events = Events(100);
        double[] exact = [.. Enumerable.Range(0, 100).Select(row => Logit(events["x"][row], events["y"][row]))];
        using OnnxRatio logit = Open(
            OfType(ExportedFile.Float, opset).ToBytes(), new OnnxMapping { Features = ["x", "y"], Kind = OnnxOutputKind.Logit });
        using OnnxRatio probability = Open(
            Keras(opset, softmax: true).ToBytes(),
            new OnnxMapping { Features = ["x", "y"], Output = "Identity:0[1]", Kind = OnnxOutputKind.Probability });
        Assert.That(logit.Score(events).LogRatio.ToArray(), Is.EqualTo(exact).Within(2e-5));
        Assert.That(probability.Score(events).LogRatio.ToArray(), Is.EqualTo(exact).Within(2e-5));
    }

    [Test]
    public void Of_logits_of_a_softmax_the_slot_is_compared_with_all_others_and_weights_beside_the_file_are_read()
    {
        using var folder = new ScratchFolder();
        ExportedFile file = Dynamo("net.onnx.data");
        byte[] bytes = file.ToBytes();
        File.WriteAllBytes(folder["net.onnx"], bytes);
        File.WriteAllBytes(folder["net.onnx.data"], file.Weights);
        EventTable events = Events(300);
        using var ratio = OnnxRatio.Open(
            folder["net.onnx"], new OnnxMapping { Features = ["x", "y"], Output = "linear[1]", Kind = OnnxOutputKind.Logit }, OnCpu);

        // What is saved has the weights in it: the file beside the network may go.
        string saved = ratio.Serialize();
        File.Delete(folder["net.onnx.data"]);
        using OnnxRatio loaded = OnnxRatio.Parse(saved);
        double[] exact = [.. Enumerable.Range(0, 300).Select(row => DynamoLogRatio(events["x"][row], events["y"][row]))];
        Assert.That(ratio.Score(events).LogRatio.ToArray(), Is.EqualTo(exact).Within(2e-6));
        Assert.That(loaded.Score(events).LogRatio.ToArray(), Is.EqualTo(ratio.Score(events).LogRatio.ToArray()));
    }

    [Test]
    public void Features_are_standardised_spread_over_inputs_and_replaced_by_numbers()
    {
        byte[] bytes = new ExportedFile()
            .Input("first", ExportedFile.Float, -1, 2).Input("second", ExportedFile.Float, -1).Input("scale", ExportedFile.Float)
            .Constant("w", [2f, -1], 2, 1).Constant("axis", [1L], 1)
            .Node("MatMul", "first w", "xw").Node("Squeeze", "xw axis", "flat").Node("Mul", "second scale", "scaled")
            .Node("Add", "flat scaled", "out").Output("out", ExportedFile.Float, -1).ToBytes();
        EventTable events = Events(100);
        using OnnxRatio ratio = Open(bytes, new OnnxMapping
        {
            Inputs = new Dictionary<string, IReadOnlyList<string>> { ["first"] = ["x", "0.25"], ["1"] = ["y"], ["scale"] = ["3"] },
            Kind = OnnxOutputKind.LogRatio,
            Standardise = new Dictionary<string, FeatureScale> { ["y"] = new(0.5, 4) },
        });
        Assert.That(ratio.Features, Is.EqualTo(["x", "y"]));
        Assert.That(
            ratio.Score(events).LogRatio.ToArray(),
            Is.EqualTo(Enumerable.Range(0, 100).Select(row => (2.0 * events["x"][row]) - 0.25 + (3 * (events["y"][row] - 0.5) / 4)))
                .Within(1e-5));
    }

    [Test]
    public void Probabilities_of_exactly_0_and_1_are_clipped_and_counted_and_others_keep_all_digits()
    {
        // p = x itself: what stands in the table is the probability.
        byte[] bytes = new ExportedFile().Input("in", ExportedFile.Float, -1, 1).Node("Identity", "in", "p")
            .Output("p", ExportedFile.Float, -1, 1).ToBytes();
        float[] p = [0, 1e-40f, 1e-20f, 0.25f, 0.5f, 0.999999f, 0.99999994f, 1, 1.0000001f];
        using OnnxRatio ratio = OnnxRatio.Open(Write(bytes), Mapping("p"), OnCpu with { MaxAbsLogRatio = 100 });
        float[] found = ratio.Score(EventTable.FromColumns(("p", p))).LogRatio.ToArray();
        Assert.That(ratio.Score(EventTable.FromColumns(("p", p))).ClippedCount, Is.EqualTo(3));
        Assert.That(found[0], Is.EqualTo(-100));
        Assert.That(found[^1], Is.EqualTo(100));
        for (int i = 1; i < 7; i++)
        {
            double exact = Math.Log(p[i]) - Math.Log(1 - (double)p[i]);
            Assert.That(found[i], Is.EqualTo(exact).Within(1e-6 * Math.Max(1, Math.Abs(exact))));
        }

        Assert.That(
            () => ratio.Score(EventTable.FromColumns(("p", new[] { 0.5f, 1.5f }))),
            Throws.TypeOf<DataException>().With.Message.Contains("is no finite number for 1 of 2 events, the first of them number 1; the "
                + "network's output is no probability there"));
    }

    private static OnnxMapping Mapping(string feature) => new() { Features = [feature], Kind = OnnxOutputKind.Probability };

    private static OnnxRatio Open(byte[] bytes, OnnxMapping mapping) => OnnxRatio.Open(Write(bytes), mapping, OnCpu);

    private static string Write(byte[] bytes)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static TestCaseData Case(
        string name, ExportedFile file, string? output, OnnxOutputKind kind, Func<double, double, double>? exact) =>
        new TestCaseData(file, output, kind, exact).SetArgDisplayNames(name);

    private static EventTable Events(int count, bool whole = false)
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => whole ? random.Next(-2, 3) : (3 * random.NextSingle()) - 1.5f)];
        float[] y = [.. Enumerable.Range(0, count).Select(_ => whole ? random.Next(-2, 3) : (3 * random.NextSingle()) - 1.5f)];
        return EventTable.FromColumns(("x", x), ("y", y));
    }

    private static void AssertAgrees(
        OnnxRatio ratio, InferenceSession session, EventTable events, string[][] columns, string? output, OnnxOutputKind kind)
    {
        string name = output?.Split('[')[0] is { Length: > 0 } given && session.OutputMetadata.ContainsKey(given)
            ? given
            : session.OutputMetadata.Keys.First();
        float[] found = ratio.Score(events).LogRatio.ToArray();
        double[][] own = OwnOutputs.Of(session, events, columns, name);
        int slot = output is not null && output.EndsWith("[background]", StringComparison.Ordinal) ? 0 : own[0].Length - 1;
        for (int row = 0; row < found.Length; row++)
        {
            double value = own[row][slot];
            double expected = kind == OnnxOutputKind.Probability ? Math.Log(value) - Math.Log(1 - value) : value;
            Assert.That(found[row], Is.EqualTo(expected).Within(1e-6 * Math.Max(1, Math.Abs(expected))));
        }
    }
}
