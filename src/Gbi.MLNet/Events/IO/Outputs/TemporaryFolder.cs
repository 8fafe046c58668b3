using System.Collections.Concurrent;

namespace Gbi.Events.IO.Outputs;

/// <summary>
/// A folder for files of a moment, deleted with it; its name says whose it is, and what processes that were killed have left of the same
/// kind is removed first.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    // The system's folder may hold very many files, so that it is looked through once a process.
    private static readonly ConcurrentDictionary<string, bool> SweptKinds = new(StringComparer.Ordinal);

    private TemporaryFolder(string besides, bool sweeps)
    {
        foreach (string left in sweeps ? TemporaryName.Abandoned(besides).Where(Directory.Exists).ToArray() : [])
        {
            Delete(left);
        }

        Path = TemporaryName.For(besides);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    /// <summary>One beside a file.</summary>
    /// <param name="path">Full path of the file, whose name it bears.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static TemporaryFolder Beside(string path) => new(path, sweeps: true);

    /// <summary>One in the system's folder for temporary files.</summary>
    /// <param name="kind">What it is for.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static TemporaryFolder OfSystem(string kind) =>
        new(System.IO.Path.Combine(System.IO.Path.GetTempPath(), kind), SweptKinds.TryAdd(kind, true));

    /// <summary>Deletes it.</summary>
    public void Dispose() => Delete(Path);

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // A process that was ended may still hold a file in it; who comes next removes it.
        }
    }
}
