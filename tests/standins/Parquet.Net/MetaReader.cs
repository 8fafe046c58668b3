using Parquet.Schema;

namespace Parquet.Meta;

/// <summary>The structs of the Parquet footer and page headers, from Thrift. Unknown fields are skipped.</summary>
internal static class MetaReader
{
    public static FileMetaData ReadFile(ReadOnlySpan<byte> bytes)
    {
        var t = new ThriftReader(bytes);
        var file = new FileMetaData();
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            switch (id)
            {
                case 1: file.Version = Int(ref t, type); break;
                case 2: for (int n = Structs(ref t, type); n > 0; n--) file.Schema.Add(ReadElement(ref t)); break;
                case 3: file.NumRows = Long(ref t, type); break;
                case 4: for (int n = Structs(ref t, type); n > 0; n--) file.RowGroups.Add(ReadRowGroup(ref t)); break;
                case 5: file.KeyValueMetadata = ReadKeyValues(ref t, type); break;
                case 6: file.CreatedBy = Text(ref t, type); break;
                default: t.Skip(type); break;
            }
        }

        return file;
    }

    public static PageHeader ReadPage(ReadOnlySpan<byte> bytes, out int length)
    {
        var t = new ThriftReader(bytes);
        var page = new PageHeader { IsCompressed = true, DefinitionEncoding = Encoding.RLE };
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            switch (id)
            {
                case 1: page.Type = (PageType)Int(ref t, type); break;
                case 2: page.UncompressedSize = Int(ref t, type); break;
                case 3: page.CompressedSize = Int(ref t, type); break;
                case 5 or 7 or 8:
                    t.Expect(type, ThriftReader.Struct);
                    ReadPageDetail(ref t, id, page);
                    break;
                default: t.Skip(type); break;
            }
        }

        length = t.Position;
        return page;
    }

    private static void ReadPageDetail(ref ThriftReader t, int kind, PageHeader page)
    {
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            switch (kind, id)
            {
                case (_, 1): page.NumValues = Int(ref t, type); break;
                case (5, 2) or (7, 2) or (8, 4): page.Encoding = (Encoding)Int(ref t, type); break;
                case (5, 3): page.DefinitionEncoding = (Encoding)Int(ref t, type); break;
                case (8, 2): page.NumNulls = Int(ref t, type); break;
                case (8, 5): page.DefinitionLength = Int(ref t, type); break;
                case (8, 6): page.RepetitionLength = Int(ref t, type); break;
                case (8, 7): page.IsCompressed = type == ThriftReader.Bool; break;
                default: t.Skip(type); break;
            }
        }
    }

    private static SchemaElement ReadElement(ref ThriftReader t)
    {
        var element = new SchemaElement();
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            switch (id)
            {
                case 1: element.Type = (Type)Int(ref t, type); break;
                case 2: element.TypeLength = Int(ref t, type); break;
                case 3: element.RepetitionType = (FieldRepetitionType)Int(ref t, type); break;
                case 4: element.Name = Text(ref t, type); break;
                case 5: element.NumChildren = Int(ref t, type); break;
                case 6: element.ConvertedType = (ConvertedType)Int(ref t, type); break;
                case 7: element.Scale = Int(ref t, type); break;
                case 8: element.Precision = Int(ref t, type); break;
                case 10:
                    t.Expect(type, ThriftReader.Struct);
                    element.Logical = ReadLogical(ref t);
                    break;
                default: t.Skip(type); break;
            }
        }

        return element;
    }

    private static LogicalAnnotation ReadLogical(ref ThriftReader t)
    {
        var logical = new LogicalAnnotation();
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            t.Expect(type, ThriftReader.Struct);
            logical.Kind = (LogicalKind)id;
            short inner = 0;
            while (t.NextField(ref inner, out int innerType))
            {
                switch (logical.Kind, inner)
                {
                    case (LogicalKind.Decimal, 1): logical.Scale = Int(ref t, innerType); break;
                    case (LogicalKind.Decimal, 2): logical.Precision = Int(ref t, innerType); break;
                    case (LogicalKind.Integer, 1):
                        t.Expect(innerType, ThriftReader.I8);
                        logical.BitWidth = t.Byte();
                        break;
                    case (LogicalKind.Integer, 2): logical.IsSigned = innerType == ThriftReader.Bool; break;
                    case (LogicalKind.Time or LogicalKind.Timestamp, 1): logical.IsAdjustedToUtc = innerType == ThriftReader.Bool; break;
                    case (LogicalKind.Time or LogicalKind.Timestamp, 2):
                        t.Expect(innerType, ThriftReader.Struct);
                        logical.Unit = ReadUnit(ref t);
                        break;
                    default: t.Skip(innerType); break;
                }
            }
        }

        return logical;
    }

    private static DateTimeTimeUnit ReadUnit(ref ThriftReader t)
    {
        int unit = 0;
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            unit = id;
            t.Skip(type);
        }

        return unit is >= 1 and <= 3
            ? (DateTimeTimeUnit)(unit - 1)
            : throw new ParquetException($"Malformed Parquet metadata: unknown time unit {unit}.");
    }

    private static RowGroup ReadRowGroup(ref ThriftReader t)
    {
        var group = new RowGroup();
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            switch (id)
            {
                case 1: for (int n = Structs(ref t, type); n > 0; n--) group.Columns.Add(ReadChunk(ref t)); break;
                case 2: group.TotalByteSize = Long(ref t, type); break;
                case 3: group.NumRows = Long(ref t, type); break;
                case 6: group.TotalCompressedSize = Long(ref t, type); break;
                default: t.Skip(type); break;
            }
        }

        return group;
    }

    private static ColumnChunk ReadChunk(ref ThriftReader t)
    {
        var chunk = new ColumnChunk();
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            switch (id)
            {
                case 1: chunk.FilePath = Text(ref t, type); break;
                case 2: chunk.FileOffset = Long(ref t, type); break;
                case 3:
                    t.Expect(type, ThriftReader.Struct);
                    chunk.MetaData = ReadColumn(ref t);
                    break;
                default: t.Skip(type); break;
            }
        }

        return chunk;
    }

    private static ColumnMetaData ReadColumn(ref ThriftReader t)
    {
        var column = new ColumnMetaData();
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            switch (id)
            {
                case 1: column.Type = (Type)Int(ref t, type); break;
                case 2: for (int n = Elements(ref t, type, ThriftReader.I32); n > 0; n--) column.Encodings.Add((Encoding)t.Int()); break;
                case 3: for (int n = Elements(ref t, type, ThriftReader.Binary); n > 0; n--) column.PathInSchema.Add(t.Text()); break;
                case 4: column.Codec = (CompressionCodec)Int(ref t, type); break;
                case 5: column.NumValues = Long(ref t, type); break;
                case 6: column.TotalUncompressedSize = Long(ref t, type); break;
                case 7: column.TotalCompressedSize = Long(ref t, type); break;
                case 8: column.KeyValueMetadata = ReadKeyValues(ref t, type); break;
                case 9: column.DataPageOffset = Long(ref t, type); break;
                case 10: column.IndexPageOffset = Long(ref t, type); break;
                case 11: column.DictionaryPageOffset = Long(ref t, type); break;
                case 13:
                    column.EncodingStats = [];
                    for (int n = Structs(ref t, type); n > 0; n--) column.EncodingStats.Add(ReadEncodingStats(ref t));
                    break;
                default: t.Skip(type); break;
            }
        }

        return column;
    }

    private static PageEncodingStats ReadEncodingStats(ref ThriftReader t)
    {
        var stats = new PageEncodingStats();
        short id = 0;
        while (t.NextField(ref id, out int type))
        {
            switch (id)
            {
                case 1: stats.PageType = (PageType)Int(ref t, type); break;
                case 2: stats.Encoding = (Encoding)Int(ref t, type); break;
                case 3: stats.Count = Int(ref t, type); break;
                default: t.Skip(type); break;
            }
        }

        return stats;
    }

    private static List<KeyValue> ReadKeyValues(ref ThriftReader t, int listType)
    {
        var pairs = new List<KeyValue>();
        for (int n = Structs(ref t, listType); n > 0; n--)
        {
            var pair = new KeyValue();
            short id = 0;
            while (t.NextField(ref id, out int type))
            {
                if (id == 1) pair.Key = Text(ref t, type);
                else if (id == 2) pair.Value = Text(ref t, type);
                else t.Skip(type);
            }

            pairs.Add(pair);
        }

        return pairs;
    }

    private static int Int(ref ThriftReader t, int type)
    {
        t.Expect(type, ThriftReader.I32);
        return t.Int();
    }

    private static long Long(ref ThriftReader t, int type)
    {
        t.Expect(type, ThriftReader.I64);
        return t.ZigZag();
    }

    private static string Text(ref ThriftReader t, int type)
    {
        t.Expect(type, ThriftReader.Binary);
        return t.Text();
    }

    private static int Structs(ref ThriftReader t, int type) => Elements(ref t, type, ThriftReader.Struct);

    private static int Elements(ref ThriftReader t, int type, int elementType)
    {
        t.Expect(type, ThriftReader.List);
        int count = t.ListHead(out int found);
        if (count > 0) t.Expect(found, elementType);
        return count;
    }
}
