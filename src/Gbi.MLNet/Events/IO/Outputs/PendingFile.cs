namespace Gbi.Events.IO.Outputs;

/// <summary>
/// An output that appears only when it is whole: written to a temporary name in the same folder, renamed by
/// <see cref="Complete"/>, deleted by <see cref="Dispose"/> otherwise. Missing folders above it are made.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly string _temporaryPath;
    private readonly ParentFolders _parents;
    private readonly bool _overwrite;
    private bool _isComplete;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name to be.</param>
    /// <param name="overwrite">Whether a file of this name may be replaced.</param>
    /// <exception cref="DataException">It exists and may not be replaced, is a folder, or cannot be written.</exception>
    public PendingFile(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
        _overwrite = overwrite;
        RequireFree();
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        _temporaryPath = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(Path)}.{System.IO.Path.GetRandomFileName()}.tmp");
        try
        {
            _parents = ParentFolders.Of(Path);
            Stream = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{System.IO.Path.GetFileName(Path)} cannot be written to {folder} ({cause.Message.Trim().TrimEnd('.')}); check that you "
                    + "may write there.",
                cause);
        }
    }

    /// <summary>Full path of the file to be.</summary>
    public string Path { get; }

    /// <summary>What is written until the file is complete.</summary>
    public FileStream Stream { get; }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="DataException">Meanwhile something else took the name, or it cannot be replaced.</exception>
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
            throw new DataException(
                $"{Path} cannot be put in place ({cause.Message.Trim().TrimEnd('.')}); check that nothing else uses it.", cause);
        }

        _isComplete = true;
    }

    /// <summary>Throws away a file that was not completed.</summary>
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
                _parents.TakeBack();
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
