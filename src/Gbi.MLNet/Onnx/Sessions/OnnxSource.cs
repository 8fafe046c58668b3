using Gbi.Events;
using Gbi.Onnx.Graphs;

namespace Gbi.Onnx.Sessions;

/// <summary>The bytes of an ONNX file with all its weights, and what messages call it.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Bytes">Its content, with the weights that stand in files beside it.</param>
internal sealed record OnnxSource(string Name, byte[] Bytes)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It is missing or cannot be read, or weights beside it cannot.</exception>
    public static OnnxSource Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new DataException($"There is no file {path}; check the path.");
        }

        try
        {
            string name = Path.GetFileName(path);
            string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
            return new OnnxSource(name, ExternalWeights.Embed(name, File.ReadAllBytes(path), folder));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read ({cause.Message.Trim().TrimEnd('.')}); check that you may read it.", cause);
        }
    }

    /// <summary>A file's bytes, which must have all weights in them.</summary>
    /// <exception cref="DataException">Some stand in another file.</exception>
    public static OnnxSource Of(byte[] model, string name = "the ONNX model") =>
        new(name, ExternalWeights.Embed(name, model, folder: null));
}
