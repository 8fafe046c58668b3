using Gbi.Events;

namespace Gbi.Cli;

/// <summary>A model file that appears only when it is whole; begun before the work, so that an unwritable path is known at once.</summary>
internal sealed class PendingModel : IDisposable
{
    private readonly string _path;
    private readonly bool _overwrite;

    public PendingModel(string path, bool overwrite)
    {
        _path = Path.GetFullPath(path);
        _overwrite = overwrite;
        string folder = Path.GetDirectoryName(_path) ?? _path;
        TemporaryPath = Path.Combine(folder, $".{Path.GetFileName(_path)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            File.WriteAllBytes(TemporaryPath, []);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be written ({cause.Message.Trim().TrimEnd('.')}); check that its folder is there and that you may write to it.", cause);
        }
    }

    public string TemporaryPath { get; }

    public void Complete() => File.Move(TemporaryPath, _path, _overwrite);

    public void Dispose() => File.Delete(TemporaryPath);
}
