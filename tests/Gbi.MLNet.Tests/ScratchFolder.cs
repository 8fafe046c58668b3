namespace Gbi.Tests;

/// <summary>A folder of one test's own, deleted with it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("gbi-io-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public string[] Names => [.. Directory.GetFileSystemEntries(Root).Select(path => Path.GetFileName(path)).Order()];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
