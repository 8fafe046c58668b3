using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Gbi.Events.IO.Archives;

namespace Gbi.Pipeline.Persistence;

/// <summary>
/// The zip archive that ML.NET saves, with the same bytes for the same model: ML.NET stamps its entries with the time of day, and the
/// blocks of its tables come in the order in which its threads finish.
/// </summary>
internal static class ModelArchive
{
    /// <summary>The version of ML.NET's binary format whose blocks are ordered.</summary>
    public const ulong TableVersion = 0x0001_0001_0001_0006;

    private const string TableExtension = ".idv";

    // The first day that a zip archive can hold.
    private static readonly DateTimeOffset Stamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ReadOnlySpan<byte> TableMark => "CML\0DVB\0"u8;

    /// <summary>Writes an archive anew, its entries in the same order with the same contents.</summary>
    public static void Normalize(Stream source, Stream target)
    {
        using var from = new ZipArchive(source, ZipArchiveMode.Read, leaveOpen: true);
        using var to = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        foreach (ZipArchiveEntry entry in from.Entries)
        {
            ZipArchiveEntry copy = to.CreateEntry(entry.FullName);
            copy.LastWriteTime = Stamp;
            using Stream written = copy.Open();
            written.Write(ContentsOf(entry));
        }
    }

    /// <summary>What an entry holds, the blocks of tables in order.</summary>
    public static byte[] ContentsOf(ZipArchiveEntry entry)
    {
        using Stream contents = entry.Open();
        using var copy = new MemoryStream((int)Math.Clamp(entry.Length, 0, Math.Min(ArchiveCheck.MostBytesOf(entry), Array.MaxLength)));
        contents.CopyTo(copy);
        byte[] bytes = copy.Length == copy.Capacity ? copy.GetBuffer() : copy.ToArray();
        if (entry.FullName.EndsWith(TableExtension, StringComparison.Ordinal))
        {
            OrderBlocks(bytes);
        }

        return bytes;
    }

    /// <summary>
    /// Puts the blocks of a table in ML.NET's binary format in the order of rows and, within these, of columns.
    /// </summary>
    /// <remarks>
    /// A header of 256 bytes is followed by the compressed blocks, each column's list of them (offset, length, length before compression),
    /// annotations and the table of contents. Only the blocks and the offsets in the lists change. Another format is left as it is.
    /// </remarks>
    public static void OrderBlocks(byte[] table)
    {
        const int HeaderSize = 256;
        const int OffsetOfVersion = 8;
        const int OffsetOfContents = 24;
        const int OffsetOfRowCount = 40;
        const int OffsetOfColumnCount = 48;
        const int LookupSize = 16;

        if (table.Length < HeaderSize || !table.AsSpan().StartsWith(TableMark)
            || BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(OffsetOfVersion)) != TableVersion)
        {
            return;
        }

        long rows = BinaryPrimitives.ReadInt64LittleEndian(table.AsSpan(OffsetOfRowCount));
        using var reader = new BinaryReader(new MemoryStream(table), Encoding.UTF8);
        reader.BaseStream.Position = BinaryPrimitives.ReadInt64LittleEndian(table.AsSpan(OffsetOfContents));
        var blocks = new List<(int Row, int Lookup)>();
        for (int column = BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(OffsetOfColumnCount)); column > 0; column--)
        {
            _ = reader.ReadString(); // name of the column
            _ = reader.ReadString(); // name of the type
            int parameters = (int)reader.Read7BitEncodedInt64();
            _ = reader.ReadBytes(parameters); // of the type
            _ = reader.ReadByte(); // kind of compression
            long rowsOfBlock = reader.Read7BitEncodedInt64();
            int lookups = (int)reader.ReadInt64();
            _ = reader.ReadInt64(); // annotations
            for (int row = 0; row * rowsOfBlock < rows; row++)
            {
                blocks.Add((row, lookups + (row * LookupSize)));
            }
        }

        byte[] unordered = [.. table];
        int end = HeaderSize;
        foreach ((_, int lookup) in blocks.OrderBy(block => block.Row))
        {
            int offset = (int)BinaryPrimitives.ReadInt64LittleEndian(unordered.AsSpan(lookup));
            int length = BinaryPrimitives.ReadInt32LittleEndian(unordered.AsSpan(lookup + sizeof(long)));
            unordered.AsSpan(offset, length).CopyTo(table.AsSpan(end));
            BinaryPrimitives.WriteInt64LittleEndian(table.AsSpan(lookup), end);
            end += length;
        }
    }
}
