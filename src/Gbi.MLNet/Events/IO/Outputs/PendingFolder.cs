namespace Gbi.Events.IO.Outputs;

/// <summary>
/// A folder of results that appears only when it is whole: written to a temporary folder next to it, renamed by
/// <see cref="Complete"/>, deleted by <see cref="Dispose"/> otherwise. Missing folders above it are made.
/// </summary>
internal sealed class PendingFolder : IDisposable
{
    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly ParentFolders _parents;
    private readonly bool _overwrite;
    private readonly HashSet<string> _superseded = new(StringComparer.Ordinal);
    private bool _isComplete;

    /// <summary>Begins a folder.</summary>
    /// <param name="path">Its name to be.</param>
    /// <param name="overwrite">Whether it may exist; its files of the same names are then replaced and others kept.</param>
    /// <exception cref="DataException">It exists and may not be replaced, is a file, or cannot be written.</exception>
    public PendingFolder(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _overwrite = overwrite;
        RequireFree();
        string parent = Path.GetDirectoryName(_path) ?? _path;
        _temporaryPath = Path.Combine(parent, $".{Path.GetFileName(_path)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            _parents = ParentFolders.Of(_path);
            Directory.CreateDirectory(_temporaryPath);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{_path} cannot be written ({Reason(cause)}); check that you may write there.", cause);
        }
    }

    /// <summary>Where a file of the folder is written until the folder is complete.</summary>
    public string File(string name) => Path.Combine(_temporaryPath, name);

    /// <summary>
    /// Names files that belong to what is overwritten: they go when the folder is complete, whether or not it brings files of these names.
    /// </summary>
    public void Supersede(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _superseded.UnionWith(names);
    }

    /// <summary>Gives the folder its name.</summary>
    /// <exception cref="DataException">Meanwhile something else took the name, or it cannot be replaced.</exception>
    public void Complete()
    {
        RequireFree();
        try
        {
            if (Directory.Exists(_path))
            {
                MoveFiles();
            }
            else
            {
                Directory.Move(_temporaryPath, _path);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{_path} cannot be put in place ({Reason(cause)}); check that nothing else uses it.", cause);
        }

        _isComplete = true;
    }

    /// <summary>Throws away a folder that was not completed.</summary>
    public void Dispose()
    {
        if (!_isComplete && Directory.Exists(_temporaryPath))
        {
            Directory.Delete(_temporaryPath, recursive: true);
            _parents.TakeBack();
        }
    }

    // Each file is replaced by one rename, so that whoever reads meanwhile finds a whole one, old or new.
    private void MoveFiles()
    {
        string[] files = Directory.GetFiles(_temporaryPath);
        // First, so that at no time a file of the overwritten lies beside the new ones.
        foreach (string name in _superseded.Except(files.Select(file => Path.GetFileName(file))))
        {
            System.IO.File.Delete(Path.Combine(_path, name));
        }

        foreach (string file in files)
        {
            System.IO.File.Move(file, Path.Combine(_path, Path.GetFileName(file)), overwrite: true);
        }

        Directory.Delete(_temporaryPath);
    }

    private void RequireFree()
    {
        if (System.IO.File.Exists(_path))
        {
            throw new DataException($"{_path} is a file; give the name of a folder to write.");
        }

        if (!_overwrite && Directory.Exists(_path))
        {
            throw new DataException($"{_path} exists already; delete it, or allow overwriting (--force).");
        }
    }

    private static string Reason(Exception cause) => cause.Message.Trim().TrimEnd('.');
}
