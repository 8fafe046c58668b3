using System.Buffers.Binary;
using Parquet.Codecs;
using Parquet.Meta;
using Parquet.Schema;

namespace Parquet;

public sealed class ParquetWriter : IAsyncDisposable
{
    private readonly Stream _output;
    private readonly ParquetSchema _schema;
    private readonly ParquetOptions _options;
    private readonly FileMetaData _meta;
    private IReadOnlyDictionary<string, string> _custom = new Dictionary<string, string>();

    private ParquetWriter(ParquetSchema schema, Stream output, ParquetOptions? options)
    {
        _output = output;
        _schema = schema;
        _options = options ?? new ParquetOptions();
        _meta = new FileMetaData { Version = 1, CreatedBy = "Gbi.MLNet stand-in of Parquet.Net", Schema = SchemaMapping.ToElements(schema) };
    }

    public IReadOnlyDictionary<string, string> CustomMetadata
    {
        get => _custom;
        set => _custom = new Dictionary<string, string>(value);
    }

    public static async Task<ParquetWriter> CreateAsync(
        ParquetSchema schema, Stream output, ParquetOptions? options = null, bool append = false, CancellationToken cancellationToken = default)
    {
        if (append) throw new NotSupportedException("This stand-in of Parquet.Net cannot append to a file.");
        var writer = new ParquetWriter(schema, output, options);
        await output.WriteAsync("PAR1"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        return writer;
    }

    public ParquetRowGroupWriter CreateRowGroup()
    {
        var group = new RowGroup();
        _meta.RowGroups.Add(group);
        return new ParquetRowGroupWriter(_output, _schema, _meta.Schema, group, _options);
    }

    public async ValueTask DisposeAsync()
    {
        _meta.NumRows = _meta.RowGroups.Sum(group => group.NumRows);
        _meta.KeyValueMetadata = [.. _custom.Select(pair => new KeyValue { Key = pair.Key, Value = pair.Value })];
        byte[] footer = MetaWriter.WriteFile(_meta);
        byte[] tail = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(tail, footer.Length);
        "PAR1"u8.CopyTo(tail.AsSpan(4));
        await _output.WriteAsync(footer).ConfigureAwait(false);
        await _output.WriteAsync(tail).ConfigureAwait(false);
        await _output.FlushAsync().ConfigureAwait(false);
    }
}

public class ParquetRowGroupWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly ParquetSchema _schema;
    private readonly List<SchemaElement> _elements;
    private readonly RowGroup _group;
    private readonly ParquetOptions _options;
    private long? _rowCount;

    internal ParquetRowGroupWriter(Stream stream, ParquetSchema schema, List<SchemaElement> elements, RowGroup group, ParquetOptions options)
    {
        _stream = stream;
        _schema = schema;
        _elements = elements;
        _group = group;
        _options = options;
    }

    public Task WriteAsync(DataField field, IReadOnlyCollection<string?> values, ReadOnlyMemory<int>? repetitionLevels = null)
    {
        var texts = new ReadOnlyMemory<char>?[values.Count];
        int next = 0;
        foreach (string? value in values) texts[next++] = value?.AsMemory();
        return WriteAsync<ReadOnlyMemory<char>>(field, (ReadOnlyMemory<ReadOnlyMemory<char>?>)texts, repetitionLevels);
    }

    public Task WriteAsync(DataField field, IReadOnlyCollection<byte[]?> values, ReadOnlyMemory<int>? repetitionLevels = null)
    {
        var blobs = new ReadOnlyMemory<byte>?[values.Count];
        int next = 0;
        foreach (byte[]? value in values) blobs[next++] = value is null ? null : new ReadOnlyMemory<byte>(value);
        return WriteAsync<ReadOnlyMemory<byte>>(field, (ReadOnlyMemory<ReadOnlyMemory<byte>?>)blobs, repetitionLevels);
    }

    public Task WriteAsync<T>(
        DataField field, ReadOnlyMemory<T?> values, ReadOnlyMemory<int>? repetitionLevels = null,
        Dictionary<string, string>? customMetadata = null, CancellationToken cancellationToken = default) where T : struct
    {
        T[] present = new T[values.Length];
        int[] levels = new int[values.Length];
        int count = 0;
        ReadOnlySpan<T?> span = values.Span;
        for (int i = 0; i < span.Length; i++)
        {
            if (span[i] is not T value) continue;
            levels[i] = 1;
            present[count++] = value;
        }

        if (field.MaxDefinitionLevel == 0 && count < values.Length) throw new ArgumentException($"Column '{field.Path}' takes no nulls.");
        return Write<T>(field, present.AsMemory(0, count), levels, customMetadata, cancellationToken);
    }

    public Task WriteAsync<T>(
        DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int>? repetitionLevels = null,
        Dictionary<string, string>? customMetadata = null, CancellationToken cancellationToken = default) where T : struct
    {
        if (field.MaxDefinitionLevel > 0) throw new InvalidOperationException("Definition levels are not ready yet.");
        return Write(field, values, null, customMetadata, cancellationToken);
    }

    public Task WriteAllPartsAsync<T>(
        DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int>? definitionValues, ReadOnlyMemory<int>? repetitionLevels,
        CancellationToken cancellationToken) where T : struct
    {
        if (field.MaxDefinitionLevel > 0 && definitionValues is null) throw new InvalidOperationException("Definition levels are not ready yet.");
        return Write(field, values, definitionValues, null, cancellationToken);
    }

    public void CompleteValidate()
    {
        int missing = _schema.Fields.Count - _group.Columns.Count;
        if (missing > 0) throw new InvalidOperationException($"{missing} columns of the row group were not written.");
    }

    public void Dispose()
    {
        _group.NumRows = _rowCount ?? 0;
        GC.SuppressFinalize(this);
    }

    private async Task Write<T>(
        DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int>? levels,
        Dictionary<string, string>? customMetadata, CancellationToken cancellationToken) where T : struct
    {
        int column = _group.Columns.Count;
        if (column >= _schema.Fields.Count) throw new InvalidOperationException($"Column '{field.Name}' is one too many.");
        SchemaElement element = _elements[column + 1];
        if (element.Name != field.Name) throw new ArgumentException($"Column '{element.Name}' must be written before '{field.Name}'.", nameof(field));
        if (field.ClrType != typeof(T)) throw new ArgumentException($"Column '{field.Name}' takes {field.ClrType}, not {typeof(T)}.");
        int rows = levels?.Length ?? values.Length;
        if ((_rowCount ??= rows) != rows) throw new InvalidOperationException($"Column '{field.Name}' has {rows} rows where {_rowCount} are expected.");

        var page = new MemoryStream();
        if (field.MaxDefinitionLevel > 0) RleBitPacked.WriteLevels(levels!.Value.Span, values.Length, page);
        Plain.Encode(values.Span, page, element);
        byte[] plain = page.ToArray();
        byte[] packed = PageCodec.Compress(_options.CompressionMethod, _options.CompressionLevel, plain);
        byte[] header = MetaWriter.WriteDataPage(plain.Length, packed.Length, rows);

        long start = _stream.Position;
        await _stream.WriteAsync(header, cancellationToken).ConfigureAwait(false);
        await _stream.WriteAsync(packed, cancellationToken).ConfigureAwait(false);
        _group.TotalByteSize += header.Length + plain.Length;
        _group.TotalCompressedSize = (_group.TotalCompressedSize ?? 0) + header.Length + packed.Length;
        _group.Columns.Add(new ColumnChunk
        {
            FileOffset = start,
            MetaData = new ColumnMetaData
            {
                Type = element.Type!.Value,
                Encodings = [Meta.Encoding.PLAIN, Meta.Encoding.RLE],
                PathInSchema = field.Path.ToList(),
                Codec = (CompressionCodec)(int)_options.CompressionMethod,
                NumValues = rows,
                TotalUncompressedSize = header.Length + plain.Length,
                TotalCompressedSize = header.Length + packed.Length,
                KeyValueMetadata = customMetadata?.Select(pair => new KeyValue { Key = pair.Key, Value = pair.Value }).ToList(),
                DataPageOffset = start,
            },
        });
    }
}
