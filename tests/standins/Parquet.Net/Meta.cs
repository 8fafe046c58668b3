namespace Parquet.Meta;

public enum Type { BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY }

public enum ConvertedType
{
    UTF8, MAP, MAP_KEY_VALUE, LIST, ENUM, DECIMAL, DATE, TIME_MILLIS, TIME_MICROS, TIMESTAMP_MILLIS, TIMESTAMP_MICROS,
    UINT_8, UINT_16, UINT_32, UINT_64, INT_8, INT_16, INT_32, INT_64, JSON, BSON, INTERVAL,
}

public enum FieldRepetitionType { REQUIRED, OPTIONAL, REPEATED }

public enum Encoding
{
    PLAIN = 0, PLAIN_DICTIONARY = 2, RLE = 3, BIT_PACKED = 4, DELTA_BINARY_PACKED = 5, DELTA_LENGTH_BYTE_ARRAY = 6,
    DELTA_BYTE_ARRAY = 7, RLE_DICTIONARY = 8, BYTE_STREAM_SPLIT = 9,
}

public enum CompressionCodec { UNCOMPRESSED, SNAPPY, GZIP, LZO, BROTLI, LZ4, ZSTD, LZ4_RAW }

public enum PageType { DATA_PAGE, INDEX_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2 }

public class KeyValue
{
    public string Key { get; set; } = "";

    public string? Value { get; set; }
}

internal enum LogicalKind { None = 0, String = 1, Map = 2, List = 3, Enum = 4, Decimal = 5, Date = 6, Time = 7, Timestamp = 8, Integer = 10, Uuid = 14, Float16 = 15 }

/// <summary>The union of the format, flattened: which member is set, and the numbers that it carries.</summary>
internal struct LogicalAnnotation
{
    public LogicalKind Kind;
    public int Scale, Precision, BitWidth;
    public bool IsSigned, IsAdjustedToUtc;
    public Schema.DateTimeTimeUnit Unit;
}

public class SchemaElement
{
    public Type? Type { get; set; }

    public int? TypeLength { get; set; }

    public FieldRepetitionType? RepetitionType { get; set; }

    public string Name { get; set; } = "";

    public int? NumChildren { get; set; }

    public ConvertedType? ConvertedType { get; set; }

    public int? Scale { get; set; }

    public int? Precision { get; set; }

    internal LogicalAnnotation Logical;
}

public class PageEncodingStats
{
    public PageType PageType { get; set; }

    public Encoding Encoding { get; set; }

    public int Count { get; set; }
}

public class ColumnMetaData
{
    public Type Type { get; set; }

    public List<Encoding> Encodings { get; set; } = [];

    public List<string> PathInSchema { get; set; } = [];

    public CompressionCodec Codec { get; set; }

    public long NumValues { get; set; }

    public long TotalUncompressedSize { get; set; }

    public long TotalCompressedSize { get; set; }

    public List<KeyValue>? KeyValueMetadata { get; set; }

    public long DataPageOffset { get; set; }

    public long? IndexPageOffset { get; set; }

    public long? DictionaryPageOffset { get; set; }

    public List<PageEncodingStats>? EncodingStats { get; set; }
}

public class ColumnChunk
{
    public string? FilePath { get; set; }

    public long FileOffset { get; set; }

    public ColumnMetaData? MetaData { get; set; }
}

public class RowGroup
{
    public List<ColumnChunk> Columns { get; set; } = [];

    public long TotalByteSize { get; set; }

    public long NumRows { get; set; }

    public long? TotalCompressedSize { get; set; }
}

public class FileMetaData
{
    public int Version { get; set; }

    public List<SchemaElement> Schema { get; set; } = [];

    public long NumRows { get; set; }

    public List<RowGroup> RowGroups { get; set; } = [];

    public List<KeyValue>? KeyValueMetadata { get; set; }

    public string? CreatedBy { get; set; }
}

internal sealed class PageHeader
{
    public PageType Type;
    public int UncompressedSize, CompressedSize;
    public int NumValues, NumNulls, DefinitionLength, RepetitionLength;
    public Encoding Encoding, DefinitionEncoding;
    public bool IsCompressed;
}
