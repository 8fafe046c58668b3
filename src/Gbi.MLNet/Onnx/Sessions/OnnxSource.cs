using Gbi.Events;

namespace Gbi.Onnx.Sessions;

/// <summary>The bytes of an ONNX file, and what messages call it.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Bytes">Its content.</param>
internal sealed record OnnxSource(string Name, byte[] Bytes)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It is missing or cannot be read.</exception>
    public static OnnxSource Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new DataException($"There is no file {path}; check the path.");
        }

        try
        {
            return new OnnxSource(Path.GetFileName(path), File.ReadAllBytes(path));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read ({cause.Message.Trim().TrimEnd('.')}); check that you may read it.", cause);
        }
    }
}
