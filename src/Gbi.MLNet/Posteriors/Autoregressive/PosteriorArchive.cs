using System.IO.Compression;
using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO.Archives;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>Files of posteriors: a zip archive with one entry, whose bytes depend on the posterior alone.</summary>
internal static class PosteriorArchive
{
    // The first day that a zip archive can hold.
    private static readonly DateTimeOffset Stamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes an archive with the entry.</summary>
    public static void Write(Stream target, string entryName, Action<Stream> write)
    {
        using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        ZipArchiveEntry entry = archive.CreateEntry(entryName, CompressionLevel.Fastest);
        entry.LastWriteTime = Stamp;
        using Stream stream = entry.Open();
        write(stream);
    }

    /// <summary>Reads the entry of an archive; a folder is handed on with it.</summary>
    /// <exception cref="InvalidDataException">It is no archive with the entry.</exception>
    public static T ReadEntry<T>(Stream source, string entryName, string folder, Func<Stream, string, T> read)
    {
        ArchiveCheck.Require(source);
        using var archive = new ZipArchive(source, ZipArchiveMode.Read);
        ZipArchiveEntry entry = archive.GetEntry(entryName)
            ?? throw new InvalidDataException(archive.Entries is [var other]
                ? $"it has the entry '{other.FullName}', expected '{entryName}'"
                : $"it has no entry '{entryName}'");
        using Stream contents = entry.Open();
        return read(contents, folder);
    }

    /// <summary>Reads the entry of a file; the folder of the file is handed on with it.</summary>
    /// <exception cref="DataException">The file is missing or damaged.</exception>
    public static T Read<T>(string path, string entryName, Func<Stream, string, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return ReadEntry(stream, entryName, Path.GetDirectoryName(Path.GetFullPath(path))!, read);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"There is no file {path}; check the path.", failure);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or JsonException or IndexOutOfRangeException
            or ArgumentOutOfRangeException)
        {
            throw new DataException(
                $"{path} cannot be read as a posterior ({failure.Message.TrimEnd('.')}); give a file that 'gbi infer' wrote.", failure);
        }
    }

    /// <summary>Whether a file is an archive with the entry.</summary>
    public static bool Has(string path, string entryName)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            return archive.GetEntry(entryName) is not null;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
