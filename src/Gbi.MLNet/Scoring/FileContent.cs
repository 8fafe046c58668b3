using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Events.IO.Parts;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Persistence;

namespace Gbi.Scoring;

/// <summary>
/// A hash of what a file holds, whatever its name, time and place: of a network with the weights in files beside it, of an archive entry by
/// entry, of a JSON document with the files that it names, of a folder with all of its files.
/// </summary>
internal static class FileContent
{
    private const int BufferSize = 1 << 20;
    private const int LargestDocument = 1 << 26;

    /// <summary>SHA-256 as 64 hexadecimal digits; null where content can be read once alone, as of a pipe, or not at all.</summary>
    public static string? HashOf(string path)
    {
        switch (FileStatus.Of(path).Kind)
        {
            case FileKind.Folder:
                return HashOf(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                    .Select(file => (Path.GetRelativePath(path, file), PlainHashOf(file))));
            case FileKind.File when OnnxFiles.IsOnnx(path):
                return NetworkHashOf(path);
            case FileKind.File when Has(path, ".zip"):
                return ArchiveHashOf(path);
            case FileKind.File when Has(path, ".json"):
                return HashOf(FilesIn(path).Select(file => (Path.GetFileName(file), PlainHashOf(file))).Prepend(("", PlainHashOf(path))));
            case FileKind.File:
                return PlainHashOf(path);
            case FileKind.Missing when PartsOf(path) is { Length: > 0 } parts:
                return HashOf(parts.Select(part => ($"{part.Name}:{part.Table}", PlainHashOf(part.Path))));
            default:
                return null;
        }
    }

    /// <summary>The files whose content a file stands for: itself, and those that a document names.</summary>
    public static IEnumerable<string> FilesOf(string path) => FileStatus.Of(path).Kind switch
    {
        FileKind.Folder => Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories),
        FileKind.File when Has(path, ".json") => FilesIn(path).Prepend(path),
        FileKind.File => [path],
        FileKind.Missing => PartsOf(path).Select(part => part.Path),
        _ => [],
    };

    /// <summary>The files that a pattern, or the name of a table in a file, stands for.</summary>
    private static EventPart[] PartsOf(string path)
    {
        try
        {
            return [.. EventParts.Of(path).Files.Where(part => FileStatus.Of(part.Path).IsFile)];
        }
        catch (DataException)
        {
            // What is wrong with it is said where it is read.
            return [];
        }
    }

    private static bool Has(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private static string PlainHashOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string NetworkHashOf(string path)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(OutputMark.WithoutMark(OnnxSource.Read(path).Bytes)));
        }
        catch (DataException)
        {
            // What is wrong with it is said where it is opened.
            return PlainHashOf(path);
        }
    }

    private static string ArchiveHashOf(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            return HashOf(archive.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal)
                .Select(entry => (entry.FullName, Convert.ToHexStringLower(SHA256.HashData(ModelArchive.ContentsOf(entry))))).ToArray());
        }
        catch (Exception cause) when (cause is InvalidDataException or IOException)
        {
            return PlainHashOf(path);
        }
    }

    private static string HashOf(IEnumerable<(string Name, string Hash)> parts) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"{part.Name.Length} {part.Name} {part.Hash}\n")))));

    /// <summary>The files that strings of a document name, beside it or by a full path.</summary>
    private static string[] FilesIn(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestDocument)
            {
                return [];
            }

            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return [.. StringsIn(document.RootElement).Where(text => text.Length > 0 && !text.Contains('\0'))
                .Select(text => Path.Combine(folder, text))
                .Where(file => FileStatus.Of(file).IsFile).Distinct(StringComparer.Ordinal)];
        }
        catch (Exception cause) when (cause is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return [];
        }
    }

    private static IEnumerable<string> StringsIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(StringsIn),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => StringsIn(property.Value)),
        _ => [],
    };
}
