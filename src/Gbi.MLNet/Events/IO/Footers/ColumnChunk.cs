namespace Gbi.Events.IO.Footers;

/// <summary>Where the values of a column lie in a row group.</summary>
internal sealed record ColumnChunk
{
    public PhysicalType Physical { get; private set; } = (PhysicalType)(-1);

    public string[] Path { get; private set; } = [];

    /// <summary>Number of the compression in the format.</summary>
    public int Codec { get; private set; }

    /// <summary>Values with nulls.</summary>
    public long ValueCount { get; private set; }

    public long UncompressedSize { get; private set; }

    public long CompressedSize { get; private set; }

    public long DataOffset { get; private set; }

    /// <summary>Offset of the dictionary; 0 where there is none.</summary>
    public long DictionaryOffset { get; private set; }

    public StoredStatistics? Statistics { get; private set; }

    public bool IsEncrypted { get; private set; }

    /// <summary>Whether the values are in another file.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>Offset of the first page.</summary>
    public long Offset => DictionaryOffset > 0 ? Math.Min(DictionaryOffset, DataOffset) : DataOffset;

    public static ColumnChunk Read(ref ThriftReader reader, in ThriftField at)
    {
        at.RequireStruct();
        var chunk = new ColumnChunk();
        bool hasDetails = false;
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    chunk.IsElsewhere = !reader.ReadBinary(field).IsEmpty;
                    break;
                case 3:
                    hasDetails = true;
                    ReadDetails(ref reader, field, chunk);
                    break;
                case 8:
                    chunk.IsEncrypted = true;
                    reader.Skip(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return hasDetails || chunk.IsEncrypted ? chunk : throw new InvalidDataException("a column chunk has no description");
    }

    private static void ReadDetails(ref ThriftReader reader, in ThriftField at, ColumnChunk chunk)
    {
        at.RequireStruct();
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    chunk.Physical = (PhysicalType)reader.ReadInt32(field);
                    break;
                case 3:
                    chunk.Path = [.. FileFooter.ReadList(
                        ref reader, field, (ref ThriftReader names, in ThriftField name) => names.ReadText(name))];
                    break;
                case 4:
                    chunk.Codec = reader.ReadInt32(field);
                    break;
                case 5:
                    chunk.ValueCount = reader.ReadInt64(field);
                    break;
                case 6:
                    chunk.UncompressedSize = reader.ReadInt64(field);
                    break;
                case 7:
                    chunk.CompressedSize = reader.ReadInt64(field);
                    break;
                case 9:
                    chunk.DataOffset = reader.ReadInt64(field);
                    break;
                case 11:
                    chunk.DictionaryOffset = reader.ReadInt64(field);
                    break;
                case 12:
                    chunk.Statistics = StoredStatistics.Read(ref reader, field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }
    }
}
