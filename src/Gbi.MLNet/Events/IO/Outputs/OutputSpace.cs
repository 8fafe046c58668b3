using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Outputs;

/// <summary>Whether an output has room on its disk, asked before the work.</summary>
internal static class OutputSpace
{
    private const double BytesOfMegabyte = 1e6;

    /// <summary>Refuses an output that is larger than the space that is left.</summary>
    /// <param name="path">The output.</param>
    /// <param name="bytes">How large it will be at least.</param>
    /// <exception cref="DataException">There is less space; the message holds both numbers.</exception>
    public static void Require(string path, long bytes)
    {
        if (OutputPlace.IsWrittenTo(path) || Free(Path.GetFullPath(path)) is not { } free || free >= bytes)
        {
            return;
        }

        throw new DataException(Text(
            $"{path} needs about {bytes / BytesOfMegabyte:N0} MB, but its disk has {free / BytesOfMegabyte:N0} MB left; free some, or ")
            + "write to another one.");
    }

    private static long? Free(string full)
    {
        string? folder = Path.GetDirectoryName(full);
        while (folder is not null && !Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        try
        {
            // File systems such as /proc have no size at all.
            return folder is not null && new DriveInfo(folder) is { TotalSize: > 0 } drive ? drive.AvailableFreeSpace : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Where nobody says how much there is, the disk itself does.
            return null;
        }
    }
}
