using Gbi.Events.IO.Footers;

namespace Gbi.Events.IO.Pages;

/// <summary>Kinds of pages, with the numbers of the format.</summary>
internal enum PageKind
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>Encodings of values and levels, with the numbers of the format.</summary>
internal enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    RunLengths = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RunLengthDictionary = 8,
    ByteStreamSplit = 9,
}

/// <summary>What precedes a page.</summary>
internal sealed record PageHeader
{
    public PageKind Kind { get; private set; } = (PageKind)(-1);

    /// <summary>Bytes of the page in memory, its levels included.</summary>
    public int UncompressedSize { get; private set; } = -1;

    /// <summary>Bytes of the page in the file, without the header.</summary>
    public int CompressedSize { get; private set; } = -1;

    /// <summary>CRC-32 of the page's bytes in the file, where the writer made one.</summary>
    public uint? Checksum { get; private set; }

    /// <summary>Values with nulls, or entries of a dictionary.</summary>
    public int ValueCount { get; private set; } = -1;

    public PageEncoding Encoding { get; private set; } = (PageEncoding)(-1);

    public PageEncoding LevelEncoding { get; private set; } = PageEncoding.RunLengths;

    /// <summary>Nulls, of version 2 only.</summary>
    public int? NullCount { get; private set; }

    /// <summary>Bytes of the definition levels, of version 2 only.</summary>
    public int DefinitionBytes { get; private set; }

    /// <summary>Bytes of the repetition levels, of version 2 only.</summary>
    public int RepetitionBytes { get; private set; }

    /// <summary>Whether the values of a page of version 2 are compressed where the chunk is.</summary>
    public bool IsCompressed { get; private set; } = true;

    public StoredStatistics? Statistics { get; private set; }

    /// <summary>Whether the page holds values of rows.</summary>
    public bool HoldsData => Kind is PageKind.Data or PageKind.DataV2;

    /// <summary>Reads a header from the beginning of the bytes.</summary>
    /// <param name="bytes">The bytes; others may follow.</param>
    /// <param name="length">Length of the header.</param>
    /// <exception cref="InvalidDataException">The bytes are no header, or not a whole one.</exception>
    public static PageHeader Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var reader = new ThriftReader(bytes);
        var header = new PageHeader();
        PageKind described = (PageKind)(-1);
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    header.Kind = (PageKind)reader.ReadInt32(field);
                    break;
                case 2:
                    header.UncompressedSize = reader.ReadInt32(field);
                    break;
                case 3:
                    header.CompressedSize = reader.ReadInt32(field);
                    break;
                case 4:
                    header.Checksum = (uint)reader.ReadInt32(field);
                    break;
                case 5 or 7 or 8:
                    described = field.Id switch { 5 => PageKind.Data, 7 => PageKind.Dictionary, _ => PageKind.DataV2 };
                    header.ReadDetails(ref reader, field, described);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        length = reader.Position;
        return header.Kind == PageKind.Index || header.Kind == described
            ? header
            : throw new InvalidDataException("a page header is broken");
    }

    private void ReadDetails(ref ThriftReader reader, in ThriftField at, PageKind kind)
    {
        at.RequireStruct();
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (kind, field.Id)
            {
                case (_, 1):
                    ValueCount = reader.ReadInt32(field);
                    break;
                case (PageKind.Data or PageKind.Dictionary, 2) or (PageKind.DataV2, 4):
                    Encoding = (PageEncoding)reader.ReadInt32(field);
                    break;
                case (PageKind.DataV2, 2):
                    NullCount = reader.ReadInt32(field);
                    break;
                case (PageKind.Data, 3):
                    LevelEncoding = (PageEncoding)reader.ReadInt32(field);
                    break;
                case (PageKind.DataV2, 5):
                    DefinitionBytes = reader.ReadInt32(field);
                    break;
                case (PageKind.DataV2, 6):
                    RepetitionBytes = reader.ReadInt32(field);
                    break;
                case (PageKind.DataV2, 7):
                    IsCompressed = field.AsBoolean();
                    break;
                case (PageKind.Data, 5) or (PageKind.DataV2, 8):
                    Statistics = StoredStatistics.Read(ref reader, field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }
    }
}
