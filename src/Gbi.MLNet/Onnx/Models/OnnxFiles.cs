using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Onnx.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace Gbi.Onnx.Models;

/// <summary>Tells ONNX files from others, and their kinds apart.</summary>
internal static class OnnxFiles
{
    /// <summary>Whether a path names an ONNX file.</summary>
    public static bool IsOnnx(string path) => string.Equals(Path.GetExtension(path), ".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The kind that the file's metadata name; where they name none, as in files that trees were exported to, the kind that its outputs
    /// tell.
    /// </summary>
    /// <exception cref="DataException">The file is missing or refused, or of no kind of the contract.</exception>
    public static string KindOf(string path)
    {
        OnnxSource source = OnnxSource.Read(path);
        var options = new OnnxOptions { Device = OnnxDevice.Cpu, Optimisation = OnnxOptimisation.None };
        using InferenceSession session = OnnxSessions.Open(source, options).Session;
        if (session.ModelMetadata.CustomMetadataMap.TryGetValue(OnnxContract.KindKey, out string? kind))
        {
            return kind;
        }

        ICollection<string> outputs = [.. session.OutputMetadata.Keys];
        return outputs.Contains(OnnxExport.LogRatioOutput) ? OnnxContract.RatioKind
            : outputs.Contains(OnnxExport.CoefficientsOutput) ? OnnxContract.SystematicKind
            : throw new DataException(
                $"{source.Name} does not say what it is ({OnnxContract.KindKey} in its metadata), and its outputs "
                    + $"{string.Join(", ", outputs)} do not either; export it with its kind: {OnnxContract.Kinds}.");
    }
}
