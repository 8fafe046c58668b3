using System.Buffers.Binary;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Footers;

/// <summary>A row group: its number of rows, and a chunk for each leaf of the schema.</summary>
internal sealed record StoredRowGroup(long RowCount, IReadOnlyList<ColumnChunk> Chunks);

/// <summary>What a Parquet file says about itself at its end.</summary>
internal sealed record FileFooter
{
    private const int TailLength = 8;
    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    private static ReadOnlySpan<byte> EncryptedMagic => "PARE"u8;

    /// <summary>Top-level columns, in order.</summary>
    public required IReadOnlyList<StoredColumn> Columns { get; init; }

    public required IReadOnlyList<StoredRowGroup> RowGroups { get; init; }

    /// <summary>Key-value metadata; of a key that occurs twice the last value.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Offset at which pages end.</summary>
    public required long DataEnd { get; init; }

    /// <summary>The footer's own bytes, by which a file that was replaced is noticed.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Whether bounds of unsigned values and text follow the order of their types.</summary>
    public bool HasColumnOrders { get; init; }

    /// <summary>Reads the footer of a file.</summary>
    /// <exception cref="InvalidDataException">It is no Parquet file, encrypted, or damaged; the message is a reason.</exception>
    public static FileFooter Read(RandomReader file)
    {
        (byte[] bytes, long end) = ReadBytes(file);
        var reader = new ThriftReader(bytes);
        List<SchemaElement> schema = [];
        List<StoredRowGroup> groups = [];
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        long? rowCount = null;
        bool hasOrders = false;
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 2:
                    schema = ReadList(ref reader, field, SchemaElement.Read);
                    break;
                case 3:
                    rowCount = reader.ReadInt64(field);
                    break;
                case 4:
                    groups = ReadList(ref reader, field, ReadRowGroup);
                    break;
                case 5:
                    foreach ((string key, string value) in ReadList(ref reader, field, ReadPair))
                    {
                        metadata[key] = value;
                    }

                    break;
                case 7:
                    hasOrders = true;
                    reader.Skip(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        (List<StoredColumn> columns, int leaves) = SchemaElement.Columns(schema, groups);
        Require(groups, rowCount, leaves);
        return new FileFooter
        {
            Columns = columns,
            RowGroups = groups,
            Metadata = metadata,
            DataEnd = end,
            Bytes = bytes,
            HasColumnOrders = hasOrders,
        };
    }

    /// <summary>The bytes of the footer, and where they begin.</summary>
    public static (byte[] Bytes, long Start) ReadBytes(RandomReader file)
    {
        if (file.Length < TailLength + Magic.Length)
        {
            throw new InvalidDataException(Text($"it has {file.Length} bytes"));
        }

        Span<byte> tail = stackalloc byte[TailLength];
        file.ReadExactly(tail, file.Length - TailLength);
        Span<byte> head = stackalloc byte[4];
        file.ReadExactly(head, 0);
        if (tail[4..].SequenceEqual(EncryptedMagic) && head.SequenceEqual(EncryptedMagic))
        {
            throw new EncryptedFileException();
        }

        if (!tail[4..].SequenceEqual(Magic) || !head.SequenceEqual(Magic))
        {
            throw new InvalidDataException("it does not begin and end with PAR1");
        }

        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        long start = file.Length - TailLength - length;
        if (start < Magic.Length)
        {
            throw new InvalidDataException(Text($"its footer of {length} bytes is longer than the file"));
        }

        byte[] bytes = new byte[length];
        file.ReadExactly(bytes, start);
        return (bytes, start);
    }

    public delegate T ElementReader<T>(ref ThriftReader reader, in ThriftField at);

    public static List<T> ReadList<T>(ref ThriftReader reader, in ThriftField at, ElementReader<T> read)
    {
        int length = reader.ReadListLength(at, out ThriftField element);
        var list = new List<T>(Math.Min(length, 1024));
        for (int i = 0; i < length; i++)
        {
            list.Add(read(ref reader, element));
        }

        return list;
    }

    private static void Require(List<StoredRowGroup> groups, long? rowCount, int leaves)
    {
        long sum = 0;
        for (int i = 0; i < groups.Count; i++)
        {
            if (groups[i].RowCount is < 0 or > int.MaxValue)
            {
                throw new InvalidDataException(Text($"row group {i} declares {groups[i].RowCount} rows"));
            }

            if (groups[i].Chunks.Count != leaves)
            {
                throw new InvalidDataException(Text($"row group {i} has {groups[i].Chunks.Count} columns, the schema {leaves}"));
            }

            sum += groups[i].RowCount;
        }

        // Some writers leave the number of all rows at 0.
        if (rowCount is { } declared and not 0 && declared != sum)
        {
            throw new InvalidDataException(Text($"it declares {declared} rows, and its row groups {sum}"));
        }
    }

    private static (string Key, string Value) ReadPair(ref ThriftReader reader, in ThriftField at)
    {
        at.RequireStruct();
        (string Key, string Value) pair = ("", "");
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    pair.Key = reader.ReadText(field);
                    break;
                case 2:
                    pair.Value = reader.ReadText(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return pair;
    }

    private static StoredRowGroup ReadRowGroup(ref ThriftReader reader, in ThriftField at)
    {
        at.RequireStruct();
        List<ColumnChunk> chunks = [];
        long rows = -1;
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    chunks = ReadList(ref reader, field, ColumnChunk.Read);
                    break;
                case 3:
                    rows = reader.ReadInt64(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return new StoredRowGroup(rows, chunks);
    }
}

/// <summary>A file whose footer is encrypted.</summary>
internal sealed class EncryptedFileException() : Exception("it is encrypted");
