namespace Gbi.Events.IO.Outputs;

/// <summary>Whether an output that exists is what the same command made of the same inputs.</summary>
internal static class FinishedOutput
{
    // After the hash where a check had failed when the output was written.
    private const string FailedCheck = "!";
    private const int BufferSize = 1 << 16;

    /// <summary>The mark of an output whose check failed.</summary>
    public static string Failed(string mark) => mark + FailedCheck;

    /// <summary>Whether a file or a folder carries a mark, and a folder all of its parts unchanged.</summary>
    /// <param name="path">The output.</param>
    /// <param name="mark">The hash of inputs and options.</param>
    /// <param name="hasFailedCheck">Whether a check had failed when it was written.</param>
    public static bool Is(string path, string mark, out bool hasFailedCheck)
    {
        string? found = Directory.Exists(path) ? FolderManifest.Read(path) is { } manifest && manifest.AreUnchanged(path)
                ? manifest.MadeWith
                : null
            : FileStatus.Of(path).IsFile ? OutputMark.Read(path)
            : null;
        hasFailedCheck = found == Failed(mark);
        return hasFailedCheck || found == mark;
    }

    /// <summary>Whether two streams hold the same bytes from where they are.</summary>
    public static bool AreSame(Stream one, Stream other)
    {
        if (one.Length - one.Position != other.Length - other.Position)
        {
            return false;
        }

        byte[] first = new byte[BufferSize], second = new byte[BufferSize];
        for (int count; (count = one.ReadAtLeast(first, BufferSize, throwOnEndOfStream: false)) > 0;)
        {
            if (other.ReadAtLeast(second, count, throwOnEndOfStream: false) < count
                || !first.AsSpan(0, count).SequenceEqual(second.AsSpan(0, count)))
            {
                return false;
            }
        }

        return true;
    }
}
