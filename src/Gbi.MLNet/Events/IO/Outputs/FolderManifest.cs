using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gbi.Events.IO.Outputs;

/// <summary>What a folder of results holds: a file in it that lists its parts with their hashes, and what they were made with.</summary>
/// <param name="Format">Name and version of the format.</param>
/// <param name="MadeWith">Hash of inputs and options; null where it is not known.</param>
/// <param name="Parts">SHA-256 of each file by its name; empty where it is not known.</param>
internal sealed record FolderManifest(string Format, string? MadeWith, SortedDictionary<string, string> Parts)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "manifest.json";

    private const string FormatNow = "gbi-folder/1";

    /// <summary>The manifest of all files in a folder.</summary>
    public static FolderManifest Of(string folder, string? madeWith) => new(
        FormatNow, madeWith,
        new SortedDictionary<string, string>(
            Directory.GetFiles(folder).Where(path => Path.GetFileName(path) != Name)
                .ToDictionary(path => Path.GetFileName(path), HashOf),
            StringComparer.Ordinal));

    /// <summary>A manifest that names files and knows nothing else of them.</summary>
    public static FolderManifest OfNames(IEnumerable<string> names) => new(
        FormatNow, null, new SortedDictionary<string, string>(names.ToDictionary(name => name, _ => ""), StringComparer.Ordinal));

    /// <summary>The manifest in a folder; null where there is none.</summary>
    public static FolderManifest? Read(string folder)
    {
        try
        {
            string path = Path.Combine(folder, Name);
            return File.Exists(path)
                && JsonSerializer.Deserialize(File.ReadAllBytes(path), FolderManifestContext.Default.FolderManifest)
                    is { Format: FormatNow } found
                ? found
                : null;
        }
        catch (Exception cause) when (cause is JsonException or IOException or UnauthorizedAccessException)
        {
            // Somebody else's file of this name, which says nothing of a result.
            return null;
        }
    }

    /// <summary>Writes it to a folder.</summary>
    public void Write(string folder)
    {
        using FileStream file = File.Create(Path.Combine(folder, Name));
        JsonSerializer.Serialize(file, this, FolderManifestContext.Default.FolderManifest);
        file.Write("\n"u8);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Whether the folder has all parts as they were written.</summary>
    public bool AreUnchanged(string folder) => Parts.All(part =>
        part.Key == Path.GetFileName(part.Key) && File.Exists(Path.Combine(folder, part.Key))
            && HashOf(Path.Combine(folder, part.Key)) == part.Value);

    private static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FolderManifest))]
internal sealed partial class FolderManifestContext : JsonSerializerContext;
