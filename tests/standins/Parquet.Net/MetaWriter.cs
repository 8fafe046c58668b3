namespace Parquet.Meta;

/// <summary>The Parquet footer and page headers, to Thrift.</summary>
internal static class MetaWriter
{
    public static byte[] WriteFile(FileMetaData file)
    {
        var t = new ThriftWriter();
        t.Begin();
        t.Int(1, file.Version);
        t.ListHead(2, ThriftReader.Struct, file.Schema.Count);
        foreach (SchemaElement element in file.Schema) WriteElement(t, element);
        t.Long(3, file.NumRows);
        t.ListHead(4, ThriftReader.Struct, file.RowGroups.Count);
        foreach (RowGroup group in file.RowGroups) WriteRowGroup(t, group);
        WriteKeyValues(t, 5, file.KeyValueMetadata);
        if (file.CreatedBy is not null) t.Text(6, file.CreatedBy);
        t.End();
        return t.ToArray();
    }

    public static byte[] WriteDataPage(int uncompressed, int compressed, int values)
    {
        var t = new ThriftWriter();
        t.Begin();
        t.Int(1, (int)PageType.DATA_PAGE);
        t.Int(2, uncompressed);
        t.Int(3, compressed);
        t.StructField(5);
        t.Int(1, values);
        t.Int(2, (int)Encoding.PLAIN);
        t.Int(3, (int)Encoding.RLE);
        t.Int(4, (int)Encoding.RLE);
        t.End();
        t.End();
        return t.ToArray();
    }

    private static void WriteElement(ThriftWriter t, SchemaElement element)
    {
        t.Begin();
        t.OptionalInt(1, (int?)element.Type);
        t.OptionalInt(2, element.TypeLength);
        t.OptionalInt(3, (int?)element.RepetitionType);
        t.Text(4, element.Name);
        t.OptionalInt(5, element.NumChildren);
        t.OptionalInt(6, (int?)element.ConvertedType);
        t.OptionalInt(7, element.Scale);
        t.OptionalInt(8, element.Precision);
        if (element.Logical.Kind != LogicalKind.None) WriteLogical(t, element.Logical);
        t.End();
    }

    private static void WriteLogical(ThriftWriter t, in LogicalAnnotation logical)
    {
        t.StructField(10);
        t.StructField((short)logical.Kind);
        switch (logical.Kind)
        {
            case LogicalKind.Decimal:
                t.Int(1, logical.Scale);
                t.Int(2, logical.Precision);
                break;
            case LogicalKind.Integer:
                t.SignedByte(1, (sbyte)logical.BitWidth);
                t.Bool(2, logical.IsSigned);
                break;
            case LogicalKind.Time or LogicalKind.Timestamp:
                t.Bool(1, logical.IsAdjustedToUtc);
                t.StructField(2);
                t.StructField((short)((int)logical.Unit + 1));
                t.End();
                t.End();
                break;
        }

        t.End();
        t.End();
    }

    private static void WriteRowGroup(ThriftWriter t, RowGroup group)
    {
        t.Begin();
        t.ListHead(1, ThriftReader.Struct, group.Columns.Count);
        foreach (ColumnChunk chunk in group.Columns)
        {
            t.Begin();
            t.Long(2, chunk.FileOffset);
            t.StructField(3);
            WriteColumn(t, chunk.MetaData!);
            t.End();
            t.End();
        }

        t.Long(2, group.TotalByteSize);
        t.Long(3, group.NumRows);
        t.OptionalLong(6, group.TotalCompressedSize);
        t.End();
    }

    private static void WriteColumn(ThriftWriter t, ColumnMetaData column)
    {
        t.Int(1, (int)column.Type);
        t.ListHead(2, ThriftReader.I32, column.Encodings.Count);
        foreach (Encoding encoding in column.Encodings) t.IntElement((int)encoding);
        t.ListHead(3, ThriftReader.Binary, column.PathInSchema.Count);
        foreach (string part in column.PathInSchema) t.TextElement(part);
        t.Int(4, (int)column.Codec);
        t.Long(5, column.NumValues);
        t.Long(6, column.TotalUncompressedSize);
        t.Long(7, column.TotalCompressedSize);
        WriteKeyValues(t, 8, column.KeyValueMetadata);
        t.Long(9, column.DataPageOffset);
    }

    private static void WriteKeyValues(ThriftWriter t, short id, List<KeyValue>? pairs)
    {
        if (pairs is null || pairs.Count == 0) return;
        t.ListHead(id, ThriftReader.Struct, pairs.Count);
        foreach (KeyValue pair in pairs)
        {
            t.Begin();
            t.Text(1, pair.Key);
            if (pair.Value is not null) t.Text(2, pair.Value);
            t.End();
        }
    }
}
