using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Posteriors.Autoregressive;
using Gbi.Ratios;
using Gbi.Trees.Model;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Tests.Onnx;

/// <summary>An exported model as ONNX Runtime sees it.</summary>
internal sealed class OnnxFile : IDisposable
{
    private readonly InferenceSession _session;

    private OnnxFile(byte[] bytes) => _session = new InferenceSession(bytes);

    public ModelMetadata Metadata => _session.ModelMetadata;

    public static byte[] Bytes(RatioModel ratio) => Written(stream => OnnxExport.Write(ratio, stream));

    public static byte[] Bytes(TreeEnsemble trees, params string[] coefficients) =>
        Written(stream => OnnxExport.Write(trees, coefficients, stream));

    public static OnnxFile Of(RatioModel ratio) => new(Bytes(ratio));

    public static OnnxFile Of(TreeEnsemble trees, params string[] coefficients) => new(Bytes(trees, coefficients));

    public static OnnxFile Of(byte[] bytes) => new(bytes);

    public static byte[] Bytes(TreePosterior posterior) => Written(stream => OnnxExport.Write(posterior, stream));

    public static byte[] DensityBytes(TreePosterior posterior) => Written(stream => OnnxExport.WriteDensity(posterior, stream));

    public static OnnxFile Read(string path) => new(File.ReadAllBytes(path));

    /// <summary>The model's one output, flat; its first dimension has to be the number of events.</summary>
    public float[] Run(EventTable events)
    {
        string[] features = Metadata.CustomMetadataMap[OnnxExport.FeaturesKey].Split(',');
        float[] rows = [.. Enumerable.Range(0, events.Count).SelectMany(row => features.Select(feature => events[feature][row]))];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(rows, [events.Count, features.Length]);
        using var options = new RunOptions();
        using var outputs = _session.Run(options, ["features"], [input], [.. _session.OutputMetadata.Keys]);
        Assert.That(outputs[0].GetTensorTypeAndShape().Shape[0], Is.EqualTo(events.Count));
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();

    private static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
