using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Outputs;

/// <summary>
/// Names of what is written before it has the name of an output. They say which process of which host writes, and when it started, so that
/// whoever writes the same output later knows what a process that was killed has left, and removes it.
/// </summary>
internal static class TemporaryName
{
    private const string Ending = ".tmp";
    private const char Mark = '~';

    // With the rest it stays below the 255 bytes that a name may have.
    private const int LongestStem = 120;

    private static readonly string Host = string.Concat(Environment.MachineName
        .Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-').Take(60));

    /// <summary>A new name in the folder of an output.</summary>
    /// <param name="path">Full path of the output.</param>
    public static string For(string path) => Path.Combine(
        FolderOf(path),
        Text($"{Stem(path)}{Mark}{Host}{Mark}{Environment.ProcessId}{Mark}{StartOf(Environment.ProcessId)}{Mark}{Path.GetRandomFileName()}")
            + Ending);

    /// <summary>What processes of this host that are no more have left of an output.</summary>
    /// <param name="path">Full path of the output.</param>
    public static IEnumerable<string> Abandoned(string path)
    {
        string folder = FolderOf(path);
        string stem = Stem(path) + Mark;
        return !Directory.Exists(folder) ? [] : Directory.EnumerateFileSystemEntries(folder, ".*" + Ending).Where(entry =>
            Path.GetFileName(entry) is var name && name.StartsWith(stem, StringComparison.Ordinal)
                && name[stem.Length..].Split(Mark) is [var host, var process, var start, _]
                && host == Host && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && StartOf(id) != start);
    }

    /// <summary>Removes the files that processes of this host that are no more have left of an output.</summary>
    public static void Sweep(string path)
    {
        foreach (string left in Abandoned(path).Where(File.Exists))
        {
            try
            {
                File.Delete(left);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or somebody else removed it: it is not in the way.
            }
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? path;

    private static string Stem(string path)
    {
        string name = Path.GetFileName(path);
        return Encoding.UTF8.GetByteCount(name) <= LongestStem
            ? $".{name}"
            : $".{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";
    }

    /// <summary>When a process started, in the kernel's ticks where there is /proc; empty where there is no such process.</summary>
    private static string StartOf(int process)
    {
        try
        {
            string file = Text($"/proc/{process}/stat");
            if (OperatingSystem.IsLinux() && Directory.Exists("/proc/self"))
            {
                // The name of the program stands in brackets and may hold anything; the start is the 20th word after it.
                string text = File.ReadAllText(file);
                return text[(text.LastIndexOf(')') + 2)..].Split(' ')[19];
            }

            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        }
        catch (Exception cause) when (cause is IOException or ArgumentException or InvalidOperationException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
