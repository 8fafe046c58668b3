using System.IO.Enumeration;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Parts;

/// <summary>A file that was found.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Its path below the folder that the search began in, with / between names.</param>
internal readonly record struct FoundPart(string Path, string Name);

/// <summary>Finds files below a folder and by a glob.</summary>
internal static class PartSearch
{
    // A link that leads back to a folder above it would be followed for ever.
    private const int DeepestFolder = 32;
    private const string AnyFolders = "**";

    private static readonly EnumerationOptions Plain = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        MatchType = MatchType.Simple,
        RecurseSubdirectories = false,
    };

    /// <summary>Whether a path has a character that stands for others.</summary>
    public static bool IsGlob(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>Whether a name is one that the last name of a glob stands for.</summary>
    public static bool Matches(string glob, string name) =>
        FileSystemName.MatchesSimpleExpression(Path.GetFileName(glob), name, ignoreCase: !OperatingSystem.IsLinux());

    /// <summary>All files below a folder.</summary>
    public static IEnumerable<FoundPart> Below(string folder) => Below(folder, "", 0);

    /// <summary>All files that a glob matches, and all below the folders that it matches.</summary>
    public static IEnumerable<FoundPart> Matching(string glob)
    {
        string[] names = glob.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        int first = Array.FindIndex(names, IsGlob);
        string root = string.Join(Path.DirectorySeparatorChar, names[..first]);
        root = first == 0 ? "." : root.Length == 0 ? $"{Path.DirectorySeparatorChar}" : root;

        // A glob may match a file in more than one way.
        return Directory.Exists(root)
            ? Matching(root, "", [.. names[first..].Where(name => name.Length > 0)], 0).DistinctBy(part => part.Name)
            : [];
    }

    private static IEnumerable<FoundPart> Matching(string folder, string above, string[] names, int depth)
    {
        RequireShallow(folder, depth);
        if (names[0] == AnyFolders)
        {
            string[] rest = names.Length > 1 ? names[1..] : ["*"];
            return Matching(folder, above, rest, depth).Concat(
                Entries(folder, "*").Where(entry => Directory.Exists(Path.Combine(folder, entry)))
                    .SelectMany(entry => Matching(Path.Combine(folder, entry), $"{above}{entry}/", names, depth + 1)));
        }

        return Entries(folder, names[0]).SelectMany(entry =>
        {
            string path = Path.Combine(folder, entry);
            return names.Length > 1
                ? Directory.Exists(path) ? Matching(path, $"{above}{entry}/", names[1..], depth + 1) : []
                : Directory.Exists(path) ? Below(path, $"{above}{entry}/", depth + 1) : [new FoundPart(path, above + entry)];
        });
    }

    private static IEnumerable<FoundPart> Below(string folder, string above, int depth)
    {
        RequireShallow(folder, depth);
        return Entries(folder, "*").SelectMany(entry =>
        {
            string path = Path.Combine(folder, entry);
            return Directory.Exists(path) ? Below(path, $"{above}{entry}/", depth + 1) : [new FoundPart(path, above + entry)];
        });
    }

    private static void RequireShallow(string folder, int depth)
    {
        if (depth > DeepestFolder)
        {
            throw new DataException(Text(
                $"{folder} lies {depth} folders deep; remove a link that leads back to a folder above it, or name a folder further down."));
        }
    }

    /// <summary>Names in a folder; those that begin with _ or . where the pattern does too.</summary>
    private static IEnumerable<string> Entries(string folder, string pattern) => IsGlob(pattern)
        ? Directory.EnumerateFileSystemEntries(folder, pattern, Plain).Select(path => Path.GetFileName(path)!)
            .Where(name => name[0] is not ('_' or '.') || pattern[0] == name[0])
        : Path.Exists(Path.Combine(folder, pattern)) ? [pattern] : [];
}
