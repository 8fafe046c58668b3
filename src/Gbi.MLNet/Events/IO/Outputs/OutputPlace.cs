namespace Gbi.Events.IO.Outputs;

/// <summary>
/// Where an output goes: the file at the end of all links, which is replaced as a whole; or standard output or a pipe, which are written to
/// and stay.
/// </summary>
/// <param name="Path">Full path of the file, links resolved; for standard output its name.</param>
/// <param name="IsStream">Whether it is written to and not replaced.</param>
internal readonly record struct OutputPlace(string Path, bool IsStream)
{
    /// <summary>What stands for standard output on a command line.</summary>
    public const string StandardOutput = "-";

    private const string StandardOutputFile = "/dev/stdout";
    private const int MostLinks = 40;
    private const int LongestName = 255;

    /// <summary>Whether a path means standard output.</summary>
    public static bool IsStandardOutput(string path) => path is StandardOutput or StandardOutputFile;

    /// <summary>Whether a path means standard output or a pipe.</summary>
    public static bool IsWrittenTo(string path) => IsStandardOutput(path) || FileStatus.Of(path).Kind == FileKind.Pipe;

    /// <summary>The place of a file.</summary>
    /// <exception cref="DataException">It is a folder or a device, or its links lead nowhere.</exception>
    public static OutputPlace OfFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return IsStandardOutput(path) ? new OutputPlace(path, true) : FileStatus.Of(path).Kind switch
        {
            FileKind.Pipe => new OutputPlace(System.IO.Path.GetFullPath(path), true),
            FileKind.Folder => throw new DataException(
                $"{System.IO.Path.GetFullPath(path)} is a folder; give the name of a file to write."),
            FileKind.Device => throw new DataException(
                $"{path} is a device, which is never replaced; give the name of a file, of a pipe, or {StandardOutput} for standard "
                    + "output."),
            _ => new OutputPlace(Short(Resolved(path)), false),
        };
    }

    /// <summary>The place of a folder.</summary>
    /// <exception cref="DataException">It is no folder, or its links lead nowhere.</exception>
    public static string OfFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (IsStandardOutput(path))
        {
            throw new DataException($"{path} is standard output, which holds no folder; give the name of a folder to write.");
        }

        string full = Resolved(System.IO.Path.TrimEndingDirectorySeparator(path));
        return FileStatus.Of(full).Kind is FileKind.Missing or FileKind.Folder
            ? full
            : throw new DataException($"{full} is a file; give the name of a folder to write.");
    }

    private static string Short(string path) => System.Text.Encoding.UTF8.GetByteCount(System.IO.Path.GetFileName(path)) <= LongestName
        ? path
        : throw new DataException($"The name {System.IO.Path.GetFileName(path)} has more than {LongestName} bytes; give a shorter one.");

    /// <summary>The full path of what is at the end of the links of a file or folder, which need not exist.</summary>
    private static string Resolved(string path)
    {
        string at = System.IO.Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            if (new FileInfo(at).LinkTarget is not { } target)
            {
                return System.IO.Path.TrimEndingDirectorySeparator(at);
            }

            at = System.IO.Path.GetFullPath(target, System.IO.Path.GetDirectoryName(at)!);
        }

        throw new DataException($"{path} is a link that leads back to itself; give the name of a file to write.");
    }
}
