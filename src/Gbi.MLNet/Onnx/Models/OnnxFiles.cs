using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Onnx.Graphs;
using Gbi.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Models;

/// <summary>Tells ONNX files from others, and their kinds apart.</summary>
internal static class OnnxFiles
{
    /// <summary>Whether a path names an ONNX file.</summary>
    public static bool IsOnnx(string path) => string.Equals(Path.GetExtension(path), ".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The kind that the file's metadata name; where they name none, that of its outputs: a ratio, unless it has coefficients. A file that
    /// is no ratio either is refused where it is opened, with all that it lacks.
    /// </summary>
    /// <exception cref="DataException">The file is missing or refused.</exception>
    public static string KindOf(string path)
    {
        OnnxSource source = OnnxSource.Read(path);
        if (ModelGraph.Parse(source.Bytes) is not { } graph)
        {
            // What is no model is refused by the runtime, with its reason.
            using InferenceSession session = OnnxSessions.Open(source, new OnnxOptions { Device = OnnxDevice.Cpu }).Session;
            return OnnxContract.RatioKind;
        }

        return graph.Metadata.TryGetValue(OnnxContract.KindKey, out string? kind) ? kind
            : graph.Outputs.Any(output => output.Name == OnnxExport.CoefficientsOutput) ? OnnxContract.SystematicKind
            : OnnxContract.RatioKind;
    }
}
