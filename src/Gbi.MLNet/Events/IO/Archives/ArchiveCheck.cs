using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;

namespace Gbi.Events.IO.Archives;

/// <summary>
/// Checks a zip archive before its contents are used: the reader of .NET takes an entry whose bytes are not those of its checksum, so that
/// one damaged bit of a model would change its numbers without a word.
/// </summary>
internal static class ArchiveCheck
{
    private const int BufferSize = 1 << 16;

    // Deflate makes 1,032 bytes of one at most.
    private const long MostExpansion = 1032;

    /// <summary>Reads every entry of an archive and compares its length and its checksum with those that the archive states.</summary>
    /// <param name="archive">A stream that can seek; it is at its start afterwards.</param>
    /// <exception cref="InvalidDataException">It is no archive, or an entry is damaged; the message says which and how.</exception>
    public static void Require(Stream archive)
    {
        archive.Position = 0;
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true))
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                foreach (ZipArchiveEntry entry in zip.Entries)
                {
                    Require(entry, archive.Length, buffer);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        archive.Position = 0;
    }

    /// <summary>The most bytes that an entry can hold, whatever length it states.</summary>
    public static long MostBytesOf(ZipArchiveEntry entry) => entry.CompressedLength > long.MaxValue / MostExpansion
        ? long.MaxValue
        : MostExpansion * Math.Max(1, entry.CompressedLength);

    private static void Require(ZipArchiveEntry entry, long archiveLength, byte[] buffer)
    {
        if (entry.CompressedLength > archiveLength || entry.Length / MostExpansion > entry.CompressedLength)
        {
            throw new InvalidDataException(
                $"its entry '{entry.FullName}' claims {entry.Length:N0} bytes in {entry.CompressedLength:N0}, which no archive of "
                    + $"{archiveLength:N0} bytes holds");
        }

        using Stream contents = entry.Open();
        var checksum = new Crc32();
        long length = 0;
        for (int read; length <= entry.Length && (read = contents.Read(buffer)) > 0; length += read)
        {
            checksum.Append(buffer.AsSpan(0, read));
        }

        if (length != entry.Length)
        {
            throw new InvalidDataException($"its entry '{entry.FullName}' does not have the {entry.Length:N0} bytes that it states");
        }

        if (checksum.GetCurrentHashAsUInt32() is var found && found != entry.Crc32)
        {
            throw new InvalidDataException(
                $"its entry '{entry.FullName}' has the checksum {found:x8}, expected {entry.Crc32:x8}");
        }
    }
}
