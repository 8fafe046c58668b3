using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;

namespace Gbi.Tests.Onnx.Models;

/// <summary>Files that are no networks, or not those that are expected: one clear sentence each, before the first block.</summary>
[TestFixture]
internal sealed class BrokenNetworkTests
{
    private static readonly float[][] Weights = [[2, -1]];

    [Test]
    public void A_truncated_file_is_refused()
    {
        byte[] whole = Sound().ToBytes();
        AssertRefused(whole[..(whole.Length / 2)], "ONNX Runtime refuses the ONNX model", "export it again");
        AssertRefused([], "ONNX Runtime refuses");
    }

    [Test]
    public void An_opset_of_the_future_is_refused() => AssertRefused(
        OfOpset(999), "ONNX Runtime refuses the ONNX model", "opset");

    [Test]
    public void A_file_without_names_of_features_is_refused_unless_they_are_given()
    {
        byte[] nameless = Sound().With("gbi.features", null).ToBytes();
        AssertRefused(
            nameless, "the columns that it takes are not named, 2 in the order of the network",
            "gbi adopt NETWORK.onnx --features COL1,COL2");
        using var given = OnnxRatio.Open(nameless, new OnnxRatioOptions { Features = ["x", "noise"] });
        Assert.That(given.Features, Is.EqualTo(["x", "noise"]));
    }

    [Test]
    public void Another_order_of_features_than_the_network_takes_is_refused() => Assert.That(
        () => OnnxRatio.Open(Sound().ToBytes(), new OnnxRatioOptions { Features = ["noise", "x"] }),
        Throws.TypeOf<DataException>().With.Message.Contains("takes the features x, noise, but noise, x were given"));

    [TestCase("x", "takes 2 numbers per event, but its metadata name 1")]
    [TestCase("x,noise,more", "takes 2 numbers per event, but its metadata name 3")]
    [TestCase("x,,noise", "none empty or twice")]
    [TestCase("x,x", "none empty or twice")]
    public void Another_width_than_there_are_names_is_refused(string names, string sentence) =>
        AssertRefused(Sound().With("gbi.features", names).ToBytes(), sentence);

    [Test]
    public void Another_kind_is_refused() =>
        AssertRefused(Sound().With("gbi.kind", "generator").ToBytes(), "is a generator (gbi.kind), expected a ratio");

    [Test]
    public void Other_names_of_inputs_and_outputs_are_refused()
    {
        AssertRefused(
            Plain().Input("events", -1, 2).Node("Identity", "log_ratio", "events").Output("log_ratio", -1, 2).ToBytes(),
            "(1) output 'log_ratio' has 2 numbers an event, and which is that of the numerator is not said",
            "gbi adopt NETWORK.onnx --features x,noise --output 'log_ratio[1]' --kind log-ratio --out ratio.onnx");
        AssertRefused(
            Plain().Input("features", -1, 2).Node("Identity", "score", "features").Output("score", -1, 2).ToBytes(),
            "output 'score' has 2 numbers an event", "what its output means is not said");
        AssertRefused(
            Plain().Input("features", -1, 2, 3).Node("Identity", "log_ratio", "features").Output("log_ratio", -1, 2, 3).ToBytes(),
            "2 features given (x, noise), but its inputs take 6: 'features' Float [?, 2, 3]", "--features COL1,COL2,COL3");
    }

    [Test]
    public void An_output_of_wrong_shape_is_refused_whatever_the_file_declares()
    {
        AssertRefused(
            Plain().Input("features", -1, 2).Node("Identity", "log_ratio", "features").Output("log_ratio", -1, 2).ToBytes(),
            "Output 'log_ratio' of the ONNX model is Float [16, 2] for 16 events, expected Float [16], [16, 1] or [members, 16]");
        AssertRefused(
            Plain()
                .Input("features", -1, 2)
                .Constant("seven", new float[7], 7)
                .Node("Identity", "log_ratio", "seven")
                .Output("log_ratio", 7)
                .ToBytes(),
            "is Float [7] for 16 events");
    }

    [Test]
    public void A_graph_that_cannot_run_is_refused() => AssertRefused(
        Plain()
            .Input("features", -1, 2)
            .Constant("w", new float[3], 3, 1)
            .Node("MatMul", "log_ratio", "features", "w")
            .Output("log_ratio", -1, 1)
            .ToBytes(),
        "the ONNX model");

    [Test]
    public void Weights_that_are_NaN_are_told_with_the_number_of_events_and_the_first()
    {
        using var ratio = OnnxRatio.Open(NetworkFile.Linear("x,noise", [[2, float.NaN]], [0]).ToBytes());
        Assert.That(
            () => ratio.Score(TwoGaussians.Numerator(10_000, 1)),
            Throws.TypeOf<DataException>().With.Message.EqualTo(
                "log_ratio of the ONNX model is no finite number for 10,000 of 10,000 events, the first of them number 0; all its inputs "
                    + "are numbers, so that a weight of the network is NaN or too large: train it again."));
    }

    [Test]
    public void A_missing_value_that_a_network_does_not_take_is_told_with_its_column()
    {
        using var ratio = OnnxRatio.Open(Sound().ToBytes());
        EventTable events = TwoGaussians.Numerator(10_000, 1);
        float[] noise = events["noise"].ToArray();
        (noise[7000], noise[9000]) = (float.NaN, float.NaN);
        EventTable withMissing = EventTable.FromColumns(("x", events["x"].ToArray()), ("noise", noise));

        Assert.That(
            () => ratio.Score(withMissing),
            Throws.TypeOf<DataException>().With.Message.EqualTo(
                "log_ratio of the ONNX model is no finite number for 2 of 10,000 events, the first of them number 7,000; 'noise' is "
                    + "missing there, which this network does not take: drop such events."));
    }

    [Test]
    public void A_missing_column_is_named()
    {
        using var ratio = OnnxRatio.Open(Sound().ToBytes());
        Assert.That(
            () => ratio.Score(EventTable.FromColumns(("x", [1f]))),
            Throws.TypeOf<DataException>().With.Message.Contains("no column 'noise'"));
    }

    [Test]
    public void Members_of_an_ensemble_must_agree()
    {
        using var folder = new Gbi.Tests.ScratchFolder();
        string first = Written(folder, "first.onnx", Sound());
        string wide = Written(folder, "wide.onnx", NetworkFile.Linear("x,noise,z", [[1, 2, 3]], [0]));
        string turned = Written(folder, "turned.onnx", Sound().With("gbi.features", "noise,x"));
        Assert.Multiple(() =>
        {
            Assert.That(
                () => OnnxRatio.Open([first, wide]),
                Throws.TypeOf<DataException>().With.Message.Contains(
                    "wide.onnx takes features [events, 3], but first.onnx takes features [events, 2]"));
            Assert.That(
                () => OnnxRatio.Open([first, turned]),
                Throws.TypeOf<DataException>().With.Message.Contains(
                    "gbi.features is 'noise,x' in turned.onnx and 'x,noise' in first.onnx"));
            Assert.That(
                () => OnnxRatio.Open([folder["no.onnx"]]), Throws.TypeOf<DataException>().With.Message.Contains("There is no file"));
        });
    }

    [Test]
    public void CUDA_alone_says_what_is_missing_where_there_is_none()
    {
        var options = new OnnxRatioOptions { Execution = new OnnxOptions { Device = OnnxDevice.Cuda } };
        using var automatic = OnnxRatio.Open(Sound().ToBytes());
        if (automatic.Provider != "CPU")
        {
            Assert.Ignore("skipped: there is a GPU");
        }

        Assert.Multiple(() =>
        {
            Assert.That(automatic.ProviderReason, Does.Contain("is missing").Or.Contain("built without CUDA").Or.Contain("CUDA reports"));
            Assert.That(() => OnnxRatio.Open(Sound().ToBytes(), options), Throws.TypeOf<DataException>()
                .With.Message.StartsWith("The network cannot run with CUDA: ").And.Message.Contains(automatic.ProviderReason));
        });
    }

    private static NetworkFile Sound() => NetworkFile.Linear("x,noise", Weights, [0.5f]);

    private static NetworkFile Plain() => new() { Metadata = { ["gbi.features"] = "x,noise" } };

    private static byte[] OfOpset(int opset) => new NetworkFile { Opset = opset, Metadata = { ["gbi.features"] = "x" } }
        .Input("features", -1, 1).Node("Identity", "log_ratio", "features").Output("log_ratio", -1, 1).ToBytes();

    private static string Written(Gbi.Tests.ScratchFolder folder, string name, NetworkFile net)
    {
        File.WriteAllBytes(folder[name], net.ToBytes());
        return folder[name];
    }

    private static void AssertRefused(byte[] model, params string[] parts)
    {
        DataException? refusal = Assert.Throws<DataException>(() => OnnxRatio.Open(model).Dispose());
        Array.ForEach(parts, part => Assert.That(refusal!.Message, Does.Contain(part)));
        Assert.That(refusal!.Message, Does.Match("(\\.|--out ratio.onnx)$").And.Not.Contain("\n"));
    }
}
