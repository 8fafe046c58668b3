using System.Diagnostics.CodeAnalysis;
using Gbi.Events.IO.Csv;

namespace Gbi.Events.IO.Parts;

/// <summary>One file of several that are read as one.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Its path below the folder that was named, for messages; the name of the file where there is one file.</param>
/// <param name="Keys">Keys and values of the folders above it that are named key=value; a value is null for the empty partition.</param>
internal sealed record EventPart(string Path, string Name, IReadOnlyDictionary<string, string?> Keys)
{
    /// <summary>The table that is meant in a file that may have several: what follows the colon of events.h5:table.</summary>
    public string? Table { get; init; }
}

/// <summary>
/// The files that a path of events stands for: a file itself, all files below a folder, or all that a glob matches (* and ? within a name,
/// ** for folders of any depth). Files and folders whose names begin with _ or . are left out. Parts are in ordinal order of their paths;
/// folders named key=value below the folder, or matched by the glob, give each part the keys of its rows.
/// </summary>
internal sealed class EventParts
{
    private const string EmptyPartition = "__HIVE_DEFAULT_PARTITION__";

    private readonly string _path;

    private EventParts(string path, IReadOnlyList<EventPart> files, bool isSet)
    {
        _path = path;
        Name = NameOf(path);
        Files = files;
        IsSet = isSet;
        IsText = TextNames.IsText(files[0].Path);
        EventPart? other = files.FirstOrDefault(part => TextNames.IsText(part.Path) != IsText);
        if (other is not null)
        {
            throw new DataException(
                $"{path} holds parts of two formats, such as {files[0].Name} and {other.Name}; keep parts of one format together.");
        }

        Keys = [.. files.SelectMany(part => part.Keys.Keys).Distinct(StringComparer.Ordinal).Select(key => PartKey.Of(key, files))];
    }

    /// <summary>Name of the file, folder or glob, without the folders above it.</summary>
    public string Name { get; }

    /// <summary>The files, one or more.</summary>
    public IReadOnlyList<EventPart> Files { get; }

    /// <summary>Whether a folder or a glob was named.</summary>
    public bool IsSet { get; }

    /// <summary>Whether the files are text of separated values, by their names.</summary>
    public bool IsText { get; }

    /// <summary>Keys of the folders of parts, with their types.</summary>
    public IReadOnlyList<PartKey> Keys { get; }

    /// <summary>The last name of a path, of a folder too.</summary>
    [return: NotNullIfNotNull(nameof(path))]
    public static string? NameOf(string? path) =>
        path is not null && Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } name ? name : path;

    /// <summary>Finds the files.</summary>
    /// <exception cref="DataException">A folder or a glob has no part, parts of two formats, or cannot be listed.</exception>
    public static EventParts Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (Directory.Exists(path))
            {
                return Of(
                    path, PartSearch.Below(path), $"{path} is a folder without parts (files whose names begin with _ or . are left out)");
            }

            return File.Exists(path) || !PartSearch.IsGlob(path)
                ? new EventParts(path, [FileOf(path)], isSet: false)
                : Of(path, PartSearch.Matching(path), $"No file matches {path}");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be listed ({cause.Message.Trim().TrimEnd('.')}); check that you may read it.", cause);
        }
    }

    /// <summary>Refuses an output that would be a part the next time.</summary>
    /// <exception cref="DataException">It lies in the folder, or has a name that the glob matches.</exception>
    public void RequireOutside(string output)
    {
        string full = Path.GetFullPath(output), folder = Path.GetDirectoryName(full)!;
        string name = Path.GetFileName(full);
        bool isInside = IsSet && name is not ("" or ['_' or '.', ..]) && (Directory.Exists(_path)
            ? $"{folder}/".StartsWith($"{Path.TrimEndingDirectorySeparator(Path.GetFullPath(_path))}/", StringComparison.Ordinal)
            : Files.Any(part => Path.GetDirectoryName(Path.GetFullPath(part.Path)) == folder) && PartSearch.Matches(_path, name));
        if (isInside)
        {
            throw new DataException($"{output} would be a part of {_path}, which is read; write it elsewhere.");
        }
    }

    private static EventPart FileOf(string path)
    {
        // Of C:\events.h5 the first colon is no mark of a table.
        int colon = File.Exists(path) ? -1 : path.LastIndexOf(':');
        string file = colon > 1 && File.Exists(path[..colon]) ? path[..colon] : path;
        return new EventPart(file, NameOf(file), new Dictionary<string, string?>())
        {
            Table = file.Length < path.Length ? path[(colon + 1)..] : null,
        };
    }

    private static EventParts Of(string path, IEnumerable<FoundPart> found, string none)
    {
        EventPart[] parts = [.. found.OrderBy(part => part.Name, StringComparer.Ordinal)
            .Select(part => new EventPart(part.Path, part.Name, KeysOf(part)))];
        return parts.Length > 0 ? new EventParts(path, parts, isSet: true) : throw new DataException(
            $"{none}; give a file of events, a folder of parts or a pattern such as 'events/*.parquet'.");
    }

    private static Dictionary<string, string?> KeysOf(FoundPart part)
    {
        var keys = new Dictionary<string, string?>(StringComparer.Ordinal);
        string[] names = part.Name.Split('/');
        foreach (string folder in names[..^1])
        {
            int equals = folder.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                continue;
            }

            string key = Uri.UnescapeDataString(folder[..equals]), value = folder[(equals + 1)..];
            if (!keys.TryAdd(key, value == EmptyPartition ? null : Uri.UnescapeDataString(value)))
            {
                throw new DataException($"{part.Path} lies in two folders of the key '{key}'; rename one of them.");
            }
        }

        return keys;
    }
}
