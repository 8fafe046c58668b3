using System.Runtime.InteropServices;

namespace Gbi.Events.IO.Outputs;

/// <summary>Puts a folder in the place of another at once.</summary>
internal static partial class FolderSwap
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 2;

    /// <summary>Exchanges the names of two folders.</summary>
    /// <returns>Whether it was done: not every file system can, nor with a folder that is mounted or where this process is.</returns>
    public static bool TryExchange(string one, string other)
    {
        try
        {
            return OperatingSystem.IsLinux() && !HoldsCurrent(other) && Rename(CurrentFolder, one, CurrentFolder, other, Exchange) == 0;
        }
        catch (Exception cause) when (cause is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    // A shell that stands in the folder would find itself in one that is gone.
    private static bool HoldsCurrent(string folder) =>
        (Environment.CurrentDirectory + Path.DirectorySeparatorChar)
            .StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int fromFolder, string from, int toFolder, string to, uint flags);
}
