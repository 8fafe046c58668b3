using Gbi.Calibration;
using Gbi.Events;
using Gbi.Onnx.Adoption;
using Gbi.Onnx.Export;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Persistence;
using Gbi.Scoring;

namespace Gbi.Tests.Onnx.Adoption;

/// <summary>Adopted networks on events of two unit Gaussians at ±1, for which ln r = 2x exactly.</summary>
[TestFixture]
internal sealed class CalibratedNetworkTests
{
    private static readonly OnnxRatioOptions OnCpu = new() { Execution = new OnnxOptions { Device = OnnxDevice.Cpu } };

    private static readonly Lazy<(EventTable Numerator, EventTable Denominator)> Samples =
        new(() => (TwoGaussians.Numerator(4000, 1), TwoGaussians.Denominator(4000, 2)));

    /// <summary>A probability of a classifier that was trained on nine times as many denominator events: 1/(1 + 9 exp −2x).</summary>
    private static ExportedFile Unbalanced(int opset = 17) => new ExportedFile { Opset = opset }.Input("in", ExportedFile.Float, -1, 1)
        .Constant("w", [2f], 1, 1).Constant("b", [-MathF.Log(9)], 1).Node("MatMul", "in w", "xw").Node("Add", "xw b", "z")
        .Node("Sigmoid", "z", "p").Output("p", ExportedFile.Float, -1, 1);

    [Test]
    public void Normalisation_removes_the_class_balance_of_the_training()
    {
        using OnnxRatio plain = Open(Unbalanced(), OnnxOutputKind.Probability);
        OnnxRatio ratio = plain.Calibrated(Samples.Value.Numerator, Samples.Value.Denominator, null);
        Assert.That(ratio.LogNormalisation, Is.EqualTo(Math.Log(9)).Within(6 * ratio.NormalisationError));
        Assert.That(ratio.Score(Column(0.5f)).LogRatio[0], Is.EqualTo(1 - Math.Log(9) + ratio.LogNormalisation).Within(1e-5));
    }

    [TestCase(CalibrationMethod.Isotonic, 17), TestCase(CalibrationMethod.Isotonic, 7)]
    [TestCase(CalibrationMethod.Platt, 17), TestCase(CalibrationMethod.Platt, 7)]
    [TestCase(CalibrationMethod.Beta, 17), TestCase(CalibrationMethod.Beta, 7)]
    [TestCase(CalibrationMethod.Histogram, 17), TestCase(CalibrationMethod.Histogram, 7)]
    public void A_calibration_is_the_same_in_a_network_a_model_and_memory(CalibrationMethod method, int opset)
    {
        using var folder = new ScratchFolder();
        using OnnxRatio plain = Open(Unbalanced(opset), OnnxOutputKind.Probability);
        OnnxRatio ratio = plain.Calibrated(
            Samples.Value.Numerator, Samples.Value.Denominator, new CalibrationOptions { Method = method });
        using (FileStream file = File.Create(folder["ratio.onnx"]))
        {
            OnnxExport.Write(ratio, file);
        }

        RatioModelFile.Save(ratio, folder["ratio.zip"]);
        EventTable events = TwoGaussians.Numerator(500, 9);
        using ScoringModel network = ScoringModel.Load(folder["ratio.onnx"], OnCpu.Execution);
        using ScoringModel model = ScoringModel.Load(folder["ratio.zip"]);
        float[] expected = ratio.Score(events).LogRatio.ToArray();
        Assert.That(network.Score(events)[0], Is.EqualTo(expected).Within(2e-6));
        Assert.That(model.Score(events)[0], Is.EqualTo(expected));
    }

    [Test]
    public void A_score_is_no_ratio_before_it_is_calibrated()
    {
        ExportedFile file = new ExportedFile().Input("in", ExportedFile.Float, -1, 1).Node("Tanh", "in", "s")
            .Output("s", ExportedFile.Float, -1, 1);
        using OnnxRatio plain = Open(file, OnnxOutputKind.Score);
        using var stream = new MemoryStream();
        Assert.That(() => plain.Score(Column(1)), Throws.TypeOf<DataException>().With.Message.Contains("by calibration alone"));
        Assert.That(() => OnnxExport.Write(plain, stream), Throws.TypeOf<DataException>());
        Assert.That(
            () => plain.Calibrated(Samples.Value.Numerator, Samples.Value.Denominator, null), Throws.TypeOf<DataException>());

        OnnxRatio ratio = plain.Calibrated(Samples.Value.Numerator, Samples.Value.Denominator, new CalibrationOptions());
        OnnxExport.Write(ratio, stream);
        using var written = OnnxRatio.Open(stream.ToArray(), OnCpu);
        Assert.That(ratio.Score(Column(0.5f)).LogRatio[0], Is.EqualTo(1).Within(0.3));
        Assert.That(written.Score(Column(0.5f)).LogRatio[0], Is.EqualTo(ratio.Score(Column(0.5f)).LogRatio[0]).Within(1e-6));
    }

    [Test]
    public void Events_show_that_classes_are_exchanged()
    {
        using OnnxRatio plain = Open(Unbalanced(), OnnxOutputKind.Probability);
        Assert.That(
            () => plain.Calibrated(Samples.Value.Denominator, Samples.Value.Numerator, null),
            Throws.TypeOf<DataException>()
                .With.Message.Contains("area under the ROC curve 0.0").And.Message.Contains("take the other slot"));
    }

    private static OnnxRatio Open(ExportedFile file, OnnxOutputKind kind)
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["net.onnx"], file.ToBytes());
        return OnnxRatio.Open(folder["net.onnx"], new OnnxMapping { Features = ["x"], Kind = kind }, OnCpu);
    }

    private static EventTable Column(float x) => EventTable.FromColumns(("x", new[] { x }));
}
