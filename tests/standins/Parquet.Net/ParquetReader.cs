using System.Buffers.Binary;
using Parquet.Codecs;
using Parquet.Meta;
using Parquet.Schema;

namespace Parquet;

public class ParquetReader : IAsyncDisposable
{
    private readonly Stream _input;
    private readonly bool _leaveStreamOpen;
    private readonly FileMetaData _meta;

    private ParquetReader(Stream input, bool leaveStreamOpen)
    {
        _input = input;
        _leaveStreamOpen = leaveStreamOpen;
        _meta = ReadFooter(input);
        Schema = SchemaMapping.ToSchema(_meta.Schema);
    }

    public ParquetSchema Schema { get; }

    public int RowGroupCount => _meta.RowGroups.Count;

    public FileMetaData? Metadata => _meta;

    public Dictionary<string, string> CustomMetadata =>
        (_meta.KeyValueMetadata ?? []).ToDictionary(pair => pair.Key, pair => pair.Value!);

    public static Task<ParquetReader> CreateAsync(string filePath, ParquetOptions? parquetOptions = null, CancellationToken cancellationToken = default)
        => CreateAsync(File.OpenRead(filePath), parquetOptions, leaveStreamOpen: false, cancellationToken);

    public static Task<ParquetReader> CreateAsync(
        Stream input, ParquetOptions? parquetOptions = null, bool leaveStreamOpen = true, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new ParquetReader(input, leaveStreamOpen));
    }

    public ParquetRowGroupReader OpenRowGroupReader(int index) => new(Schema, _meta.RowGroups[index], _input);

    public ValueTask DisposeAsync()
    {
        if (!_leaveStreamOpen) _input.Dispose();
        return ValueTask.CompletedTask;
    }

    private static FileMetaData ReadFooter(Stream input)
    {
        if (input.Length <= 12) throw new IOException("Not a Parquet file: it is too short.");
        Span<byte> ends = stackalloc byte[12];
        input.Position = 0;
        input.ReadExactly(ends[..4]);
        input.Position = input.Length - 8;
        input.ReadExactly(ends[4..]);
        if (!ends[..4].SequenceEqual("PAR1"u8) || !ends[8..].SequenceEqual("PAR1"u8)) throw new IOException("Not a Parquet file: PAR1 is missing at its start or end.");
        int length = BinaryPrimitives.ReadInt32LittleEndian(ends[4..]);
        if (length <= 0 || length > input.Length - 12) throw new IOException("Malformed Parquet file: its metadata is longer than the file.");
        byte[] footer = new byte[length];
        input.Position = input.Length - 8 - length;
        input.ReadExactly(footer);
        return MetaReader.ReadFile(footer);
    }
}

public class ParquetRowGroupReader : IDisposable
{
    private readonly ParquetSchema _schema;
    private readonly Stream _stream;

    internal ParquetRowGroupReader(ParquetSchema schema, RowGroup group, Stream stream)
    {
        _schema = schema;
        RowGroup = group;
        _stream = stream;
    }

    public RowGroup RowGroup { get; }

    public long RowCount => RowGroup.NumRows;

    public ColumnChunk? GetMetadata(DataField field)
    {
        foreach (ColumnChunk chunk in RowGroup.Columns)
            if (chunk.MetaData is not null && chunk.MetaData.PathInSchema.SequenceEqual(field.Path.ToList())) return chunk;
        return null;
    }

    public ValueTask ReadRawAsync<T>(
        DataField field, Memory<T> values, Memory<int>? definitionLevels, Memory<int>? repetitionLevels, CancellationToken cancellationToken = default)
        where T : struct
    {
        if (field.ClrType != typeof(T)) throw new ArgumentException($"Field '{field.Path}' holds {field.ClrType}, not {typeof(T)}.");
        if (field.MaxRepetitionLevel > 0 || field.Path.Length > 1)
            throw new NotSupportedException($"Nested column '{field.Path}' is not supported by this stand-in of Parquet.Net.");
        ColumnMetaData chunk = GetMetadata(field)?.MetaData ?? throw new ParquetException($"Column '{field.Path}' is not in this row group.");
        SchemaElement element = _schema.Fields.First(known => known.Name == field.Name).SchemaElement!;
        if (values.Length < chunk.NumValues) throw new ArgumentException($"The buffer for '{field.Path}' holds {values.Length} values; {chunk.NumValues} are needed.");
        if (field.MaxDefinitionLevel > 0 && (definitionLevels is null || definitionLevels.Value.Length < chunk.NumValues))
            throw new ArgumentException($"Column '{field.Path}' is nullable: a buffer of {chunk.NumValues} definition levels is needed.");
        if (definitionLevels is { } given && given.Length < chunk.NumValues) throw new ArgumentException($"The definition levels of '{field.Path}' are {given.Length}; {chunk.NumValues} are needed.");
        new ColumnReader<T>(field, element, chunk).Read(_stream, values, definitionLevels ?? Memory<int>.Empty, cancellationToken);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReadAsync<T>(
        DataField field, Memory<T> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
        where T : struct
        => ReadRawAsync(field, values, null, repetitionLevels, cancellationToken);

    public async ValueTask ReadAsync<T>(
        DataField field, Memory<T?> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
        where T : struct
    {
        T[] present = new T[values.Length];
        int[] levels = await ReadWithLevels(field, present, cancellationToken).ConfigureAwait(false);
        int next = 0;
        for (int i = 0; i < levels.Length; i++) values.Span[i] = levels[i] > 0 ? present[next++] : null;
    }

    public async ValueTask ReadAsync(
        DataField field, Memory<string?> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
    {
        var present = new ReadOnlyMemory<char>[values.Length];
        int[] levels = await ReadWithLevels(field, present, cancellationToken).ConfigureAwait(false);
        int next = 0;
        for (int i = 0; i < levels.Length; i++) values.Span[i] = levels[i] > 0 ? present[next++].ToString() : null;
    }

    public async ValueTask ReadAsync(
        DataField field, Memory<byte[]?> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
    {
        var present = new ReadOnlyMemory<byte>[values.Length];
        int[] levels = await ReadWithLevels(field, present, cancellationToken).ConfigureAwait(false);
        int next = 0;
        for (int i = 0; i < levels.Length; i++) values.Span[i] = levels[i] > 0 ? present[next++].ToArray() : null;
    }

    public void Dispose() => GC.SuppressFinalize(this);

    private async ValueTask<int[]> ReadWithLevels<T>(DataField field, T[] present, CancellationToken cancellationToken) where T : struct
    {
        int[] levels = new int[present.Length];
        await ReadRawAsync(field, present.AsMemory(), levels, null, cancellationToken).ConfigureAwait(false);
        if (field.MaxDefinitionLevel == 0) Array.Fill(levels, 1);
        return levels;
    }
}
