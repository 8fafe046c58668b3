using Gbi.Events;

namespace Gbi.IO;

/// <summary>
/// An output that appears only when it is whole: written to a temporary name in the same folder, renamed by
/// <see cref="Complete"/>, deleted by <see cref="Dispose"/> otherwise.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly string _temporaryPath;
    private readonly bool _overwrite;
    private bool _isComplete;

    public PendingFile(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
        _overwrite = overwrite;
        RequireFree();
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.Exists(folder))
        {
            throw new DataException($"There is no folder {folder} to write {System.IO.Path.GetFileName(Path)} to; create it first.");
        }

        _temporaryPath = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(Path)}.{System.IO.Path.GetRandomFileName()}.tmp");
        try
        {
            Stream = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{System.IO.Path.GetFileName(Path)} cannot be written to {folder} ({cause.Message.Trim().TrimEnd('.')}); check that you may write there.", cause);
        }
    }

    /// <summary>Full path of the file to be.</summary>
    public string Path { get; }

    public FileStream Stream { get; }

    public void Complete()
    {
        Stream.Dispose();
        RequireFree();
        try
        {
            File.Move(_temporaryPath, Path, _overwrite);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{Path} cannot be put in place ({cause.Message.Trim().TrimEnd('.')}); check that nothing else uses it.", cause);
        }

        _isComplete = true;
    }

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        finally
        {
            if (!_isComplete)
            {
                File.Delete(_temporaryPath);
            }
        }
    }

    private void RequireFree()
    {
        if (Directory.Exists(Path))
        {
            throw new DataException($"{Path} is a folder; give the name of a file to write.");
        }

        if (!_overwrite && File.Exists(Path))
        {
            throw new DataException($"{Path} exists already; delete it, or allow overwriting (--force).");
        }
    }
}
