using Gbi.Events;
using Gbi.Events.IO.Outputs;

namespace Gbi.Scoring;

/// <summary>Input files as they were when a job began: what is made of them must not appear where one changed since.</summary>
/// <param name="paths">The inputs; folders and documents stand for the files in them.</param>
internal sealed class WatchedInputs(IEnumerable<string> paths)
{
    private readonly (string Path, FileStatus Status)[] _files =
    [
        .. paths.SelectMany(FileContent.FilesOf).Distinct(StringComparer.Ordinal).Select(path => (path, FileStatus.Of(path)))
    ];

    /// <summary>Bytes of all of them.</summary>
    public long Length => _files.Sum(file => file.Status.Length);

    /// <summary>Refuses inputs that are not what they were.</summary>
    /// <exception cref="DataException">One was replaced or changed.</exception>
    public void RequireUnchanged()
    {
        foreach ((string path, FileStatus status) in _files)
        {
            status.RequireUnchanged(path);
        }
    }
}
