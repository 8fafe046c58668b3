using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Tests.Onnx.Adoption;

namespace Gbi.Tests.Onnx.Models;

/// <summary>Networks that forget the dimension of events, give infinite numbers, or round large ones.</summary>
[TestFixture]
internal sealed class SingleEventTests
{
    private static readonly OnnxRatioOptions InBlocksOfEight = new()
    {
        Execution = new OnnxOptions { Device = OnnxDevice.Cpu, BlockSize = 8 },
    };

    private static ExportedFile Named() => new ExportedFile { Opset = 13 }.Metadata("gbi.kind", "ratio").Metadata("gbi.features", "x,y")
        .Input("features", ExportedFile.Float, -1, 2).Constant("w", [2f, -1], 2, 1);

    [TestCase(false, TestName = "Squeezed at the end"), TestCase(true, TestName = "Squeezed within, so that a step behind it fails")]
    public void One_event_in_a_block_is_scored_as_others_are(bool within)
    {
        // Squeeze without axes leaves out the dimension of events too where there is one event.
        ExportedFile file = Named().Node("MatMul", "features w", "xw").Node("Squeeze", "xw", within ? "flat" : "log_ratio");
        byte[] bytes = (within
            ? file.Constant("last", [1L], 1).Node("Unsqueeze", "flat last", "column").Constant("one", [1f], 1, 1)
                .Node("MatMul", "column one", "log_ratio").Output("log_ratio", ExportedFile.Float, -1, 1)
            : file.Output("log_ratio", ExportedFile.Float, -1)).ToBytes();
        using var ratio = OnnxRatio.Open(bytes, InBlocksOfEight);
        foreach (int count in (int[])[1, 8, 9, 17])
        {
            EventTable events = Events(count, 1);
            Assert.That(
                ratio.Score(events).LogRatio.ToArray(),
                Is.EqualTo(Enumerable.Range(0, count).Select(row => (2.0 * events["x"][row]) - events["y"][row])).Within(1e-5));
        }
    }

    [Test]
    public void Infinite_outputs_are_counted_as_no_numbers_in_ensembles_too()
    {
        byte[] bytes = Named().Node("MatMul", "features w", "xw").Node("Exp", "xw", "log_ratio")
            .Output("log_ratio", ExportedFile.Float, -1, 1).ToBytes();
        byte[] negative = Named().Node("MatMul", "features w", "xw").Node("Exp", "xw", "e").Node("Neg", "e", "log_ratio")
            .Output("log_ratio", ExportedFile.Float, -1, 1).ToBytes();
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["a.onnx"], bytes);
        File.WriteAllBytes(folder["b.onnx"], negative);
        using var one = OnnxRatio.Open(folder["a.onnx"], InBlocksOfEight);
        using var two = OnnxRatio.Open([folder["a.onnx"], folder["b.onnx"]], InBlocksOfEight);
        EventTable events = EventTable.FromColumns(("x", [0f, 1, 60, 2, 70]), ("y", new float[5]));
        foreach (OnnxRatio ratio in (OnnxRatio[])[one, two])
        {
            Assert.That(
                () => ratio.Score(events),
                Throws.TypeOf<DataException>().With.Message.Contains("is no finite number for 2 of 5 events, the first of them number 2;"));
        }
    }

    [Test]
    public void Rounding_of_large_numbers_is_no_dependence_on_other_events()
    {
        // Terms of a million cancel to some tens: the last digits depend on the order in which the runtime adds them.
        const int Width = 64;
        float[] weights = [.. Enumerable.Range(0, Width).Select(column => column % 2 == 0 ? 1f + (column * 1e-5f) : -1f)];
        string[] names = [.. Enumerable.Range(0, Width).Select(column => $"x{column}")];
        byte[] bytes = new ExportedFile().Metadata("gbi.kind", "ratio").Metadata("gbi.features", string.Join(',', names))
            .Input("features", ExportedFile.Float, -1, Width).Constant("w", weights, Width, 1).Node("MatMul", "features w", "log_ratio")
            .Output("log_ratio", ExportedFile.Float, -1, 1).ToBytes();
        var random = new Random(5);
        EventTable events = EventTable.FromColumns(
            [.. names.Select(name => (name, Enumerable.Range(0, 100).Select(_ => 1e6f + (10 * random.NextSingle())).ToArray()))]);
        using var ratio = OnnxRatio.Open(bytes, InBlocksOfEight);
        Assert.That(() => ratio.Score(events), Throws.Nothing);
    }

    [Test]
    public void Weights_come_from_the_folder_of_the_network_and_not_from_the_working_directory()
    {
        using var folder = new ScratchFolder();
        foreach ((string name, int factor) in (ReadOnlySpan<(string, int)>)[("A", 1), ("B", 2)])
        {
            Directory.CreateDirectory(folder[name]);
            ExportedFile file = new ExportedFile { WeightFile = "model.data" }.Metadata("gbi.features", "x,y")
                .Input("features", ExportedFile.Float, -1, 2).Constant("w", [2f * factor, -1f * factor], 2, 1)
                .Node("MatMul", "features w", "log_ratio").Output("log_ratio", ExportedFile.Float, -1, 1);
            File.WriteAllBytes(folder[$"{name}/model.onnx"], file.ToBytes());
            File.WriteAllBytes(folder[$"{name}/model.data"], file.Weights);
        }

        using var a = Gbi.Scoring.ScoringModel.Load(folder["A/model.onnx"], InBlocksOfEight.Execution);
        using var b = Gbi.Scoring.ScoringModel.Load(folder["B/model.onnx"], InBlocksOfEight.Execution);
        EventTable events = Events(20, 2);
        Assert.That(b.Score(events)[0], Is.EqualTo(a.Score(events)[0].Select(value => 2 * value)).Within(1e-6));
        Assert.That(b.Fingerprint, Is.Not.EqualTo(a.Fingerprint), "The files of the networks are the same, their weights are not.");
    }

    private static EventTable Events(int count, int seed)
    {
        var random = new Random(seed);
        return EventTable.FromColumns(
            ("x", [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())]),
            ("y", [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())]));
    }
}
