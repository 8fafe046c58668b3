using Microsoft.Win32.SafeHandles;

namespace Gbi.Events.IO.Outputs;

/// <summary>
/// A folder of results that appears only when it is whole: written to a temporary folder next to it, renamed by
/// <see cref="Complete"/>, deleted by <see cref="Dispose"/> otherwise. Missing folders above it are made. It carries a
/// <see cref="FolderManifest"/> with the hashes of its parts. One that is overwritten is exchanged whole, and what else lay in it is kept.
/// </summary>
internal sealed class PendingFolder : IDisposable
{
    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly ParentFolders _parents;
    private readonly OutputTerms _terms;
    private readonly HashSet<string> _superseded = new(StringComparer.Ordinal);
    private bool _isComplete;

    /// <summary>Begins a folder.</summary>
    /// <param name="path">Its name to be.</param>
    /// <param name="terms">Whether it may exist, and on what terms; its files of the same names are then replaced and others kept.</param>
    /// <exception cref="DataException">It exists and may not be replaced, is a file, or cannot be written.</exception>
    public PendingFolder(string path, OutputTerms terms)
    {
        _path = OutputPlace.OfFolder(path);
        _terms = terms;
        RequireFree();
        try
        {
            Sweep(_path);
            _temporaryPath = TemporaryName.For(_path);
            _parents = ParentFolders.Of(_path);
            Directory.CreateDirectory(_temporaryPath);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{_path} cannot be written ({Reason(cause)}); check that you may write there.", cause);
        }
    }

    /// <summary>Removes what processes of this host that are no more have left of a folder; what was a user's goes back to it.</summary>
    /// <param name="path">Full path of the folder.</param>
    public static void Sweep(string path)
    {
        foreach (string left in TemporaryName.Abandoned(path).Where(Directory.Exists).ToArray())
        {
            TakeBackForeign(left, path);
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
    /// <exception cref="DataException">Meanwhile something else took the name, an input changed, or it cannot be replaced.</exception>
    public void Complete()
    {
        try
        {
            Array.ForEach(Directory.GetFiles(_temporaryPath), Flush);
            FolderManifest.Of(_temporaryPath, _terms.MadeWith?.Invoke()).Write(_temporaryPath);
            _terms.Require?.Invoke();
            RequireFree();
            if (!Directory.Exists(_path))
            {
                Directory.Move(_temporaryPath, _path);
            }
            else if (!Exchange())
            {
                MoveFiles();
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

    // The old folder gets the temporary name; the manifest in it says which of its files are not those of a user.
    private bool Exchange()
    {
        FolderManifest old = FolderManifest.Read(_path) ?? FolderManifest.OfNames([]);
        string[] names = [.. old.Parts.Keys, .. _superseded, .. Directory.GetFiles(_temporaryPath).Select(Path.GetFileName)!];
        if (names.Except(old.Parts.Keys).Any(name => name != FolderManifest.Name))
        {
            FolderManifest.OfNames(names.Distinct().Where(name => name != FolderManifest.Name)).Write(_path);
        }

        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(_temporaryPath, System.IO.File.GetUnixFileMode(_path));
        }

        if (!FolderSwap.TryExchange(_temporaryPath, _path))
        {
            return false;
        }

        TakeBackForeign(_temporaryPath, _path);
        return true;
    }

    /// <summary>Moves what a manifest does not list from a folder that was exchanged, or never whole, to the one in place; deletes the
    /// rest.</summary>
    private static void TakeBackForeign(string folder, string place)
    {
        if (FolderManifest.Read(folder) is { } manifest)
        {
            foreach (string entry in Directory.GetFileSystemEntries(folder))
            {
                string name = Path.GetFileName(entry);
                string target = Path.Combine(place, name);
                if (name == FolderManifest.Name || manifest.Parts.ContainsKey(name))
                {
                    continue;
                }

                if (!Directory.Exists(place) || Path.Exists(target))
                {
                    // Never lost: it stays where it is.
                    return;
                }

                Directory.Move(entry, target);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    // Each file is replaced by one rename, so that whoever reads meanwhile finds a whole one, old or new.
    private void MoveFiles()
    {
        string[] files = Directory.GetFiles(_temporaryPath);
        IEnumerable<string> old = FolderManifest.Read(_path)?.Parts.Keys ?? Enumerable.Empty<string>();

        // First, so that at no time a file of the overwritten lies beside the new ones, nor a manifest of what is not there.
        foreach (string name in _superseded.Concat(old).Append(FolderManifest.Name).Except(files.Select(file => Path.GetFileName(file)))
            .Where(name => name == Path.GetFileName(name)))
        {
            System.IO.File.Delete(Path.Combine(_path, name));
        }

        foreach (string file in files.OrderBy(file => Path.GetFileName(file) == FolderManifest.Name))
        {
            System.IO.File.Move(file, Path.Combine(_path, Path.GetFileName(file)), overwrite: true);
        }

        Directory.Delete(_temporaryPath);
    }

    private void RequireFree()
    {
        if (!_terms.Overwrite && Directory.Exists(_path))
        {
            throw new DataException($"{_path} exists already; delete it, or allow overwriting (--force).") { IsOutputTaken = true };
        }

        string manifest = Path.Combine(_path, FolderManifest.Name);
        if (System.IO.File.Exists(manifest) && FolderManifest.Read(_path) is null)
        {
            throw new DataException($"{manifest} is none of gbi and would be replaced; move it, or give another folder.");
        }
    }

    private static void Flush(string path)
    {
        using SafeFileHandle file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    private static string Reason(Exception cause) => cause.Message.Trim().TrimEnd('.');
}
