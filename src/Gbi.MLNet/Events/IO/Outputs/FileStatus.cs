using System.Runtime.InteropServices;

namespace Gbi.Events.IO.Outputs;

/// <summary>What a path leads to, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A device or a socket.</summary>
    Device,
}

/// <summary>What tells whether a file is still the one that it was: another one, a longer and a rewritten one differ.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Device">Number of the file system; 0 where the platform does not say.</param>
/// <param name="Node">Number of the file in it; 0 where the platform does not say.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Written">Time of the last change of its content, in units of the platform.</param>
internal readonly partial record struct FileStatus(FileKind Kind, ulong Device, ulong Node, long Length, Int128 Written)
{
    private const int CurrentFolder = -100;
    private const uint BasicMask = 0x7ff;
    private const ushort TypeMask = 0xf000;

    private static bool _hasStatx = OperatingSystem.IsLinux();

    /// <summary>Whether content can be read from it again and again.</summary>
    public bool IsFile => Kind == FileKind.File;

    /// <summary>The status of a path, links followed.</summary>
    public static FileStatus Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (_hasStatx)
        {
            try
            {
                return OfLinux(path);
            }
            catch (Exception cause) when (cause is EntryPointNotFoundException or DllNotFoundException)
            {
                _hasStatx = false;
            }
        }

        var file = new FileInfo(path);
        return Directory.Exists(path) ? new FileStatus(FileKind.Folder, 0, 0, 0, 0)
            : !file.Exists ? default
            : new FileStatus(
                Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal) ? FileKind.Device : FileKind.File, 0, 0, file.Length,
                file.LastWriteTimeUtc.Ticks);
    }

    /// <summary>Refuses a file that is not what it was: another one of its name, a longer or a rewritten one.</summary>
    /// <exception cref="DataException">It is not.</exception>
    public void RequireUnchanged(string path)
    {
        if (Of(path) != this)
        {
            throw new DataException(
                $"{path} was replaced or changed while it was read, so that nothing was written; run again when it is complete.");
        }
    }

    private static FileStatus OfLinux(string path)
    {
        if (Statx(CurrentFolder, path, 0, BasicMask, out Statistics found) != 0)
        {
            return default;
        }

        FileKind kind = (found.Mode & TypeMask) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0x1000 => FileKind.Pipe,
            _ => FileKind.Device,
        };
        return new FileStatus(
            kind, ((ulong)found.DeviceMajor << 32) | found.DeviceMinor, found.Node, (long)found.Size,
            (found.WrittenSeconds * (Int128)1_000_000_000) + found.WrittenNanoseconds);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out Statistics statistics);

    // The kernel's layout, which is the same on all processors.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statistics
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Node;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public long WrittenSeconds;

        [FieldOffset(120)]
        public uint WrittenNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
