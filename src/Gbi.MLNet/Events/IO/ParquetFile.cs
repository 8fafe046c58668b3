using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO;

/// <summary>
/// One open reader over a file with its top-level fields. Not thread safe, as the readers of Parquet.Net are not: one per
/// worker. Whatever the package throws becomes a sentence.
/// </summary>
internal sealed class ParquetFile : IAsyncDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly FileStream _stream;
    private readonly ParquetReader _reader;

    private ParquetFile(string path, FileStream stream, ParquetReader reader)
    {
        _stream = stream;
        _reader = reader;
        Name = Path.GetFileName(path);
        Fields = reader.Schema.Fields;
        string? twice = Fields.GroupBy(field => field.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new InvalidDataException($"it has two columns '{twice}'");
        }

        Metadata = reader.CustomMetadata;
        var rowCounts = new long[reader.RowGroupCount];
        for (int i = 0; i < rowCounts.Length; i++)
        {
            rowCounts[i] = reader.OpenRowGroupReader(i).RowCount;
            if (rowCounts[i] is < 0 or > int.MaxValue)
            {
                throw new InvalidDataException(Text($"row group {i} declares {rowCounts[i]} rows"));
            }
        }

        RowCounts = rowCounts;
    }

    public string Name { get; }

    public IReadOnlyList<Field> Fields { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Number of rows of each row group.</summary>
    public IReadOnlyList<long> RowCounts { get; }

    public static async Task<ParquetFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream stream = OpenStream(path);
        try
        {
            // Given a path, the package leaves the file open where its footer is broken; a stream of ours is closed below.
            ParquetReader reader = await ParquetReader.CreateAsync(stream, null, true, cancellationToken).ConfigureAwait(false);
            return new ParquetFile(path, stream, reader);
        }
        catch (Exception cause)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            if (cause is OperationCanceledException)
            {
                throw;
            }

            throw new DataException(
                $"{Path.GetFileName(path)} cannot be read as a Parquet file ({Reason(cause)}); it is damaged, incomplete or of another "
                    + "format: write it again.",
                cause);
        }
    }

    public ParquetRowGroupReader RowGroup(int index) => _reader.OpenRowGroupReader(index);

    /// <summary>A flat column that can be read, numeric where asked.</summary>
    public DataField Find(string name, bool numeric)
    {
        Field field = Fields.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw LoadingChecks.NoSuchColumn(name, Name, [.. Fields.Select(candidate => candidate.Name)]);
        ParquetColumn column = ParquetColumn.Of(field);
        return field is DataField { IsArray: false } leaf && (!numeric || column.IsNumeric)
            ? leaf
            : throw new DataException(
                $"Column '{name}' in {Name} holds {column.TypeName} values where numbers are expected; choose another column.");
    }

    /// <summary>Reads the values that are present and, for a nullable column, the definition levels.</summary>
    public async ValueTask ReadAsync<T>(
        int rowGroup, DataField field, Memory<T> values, Memory<int>? levels, CancellationToken cancellationToken)
        where T : struct
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            ParquetRowGroupReader group = RowGroup(rowGroup);
            RequireTrustworthy(group.GetMetadata(field)?.MetaData, group.RowCount, typeof(T) == typeof(bool));
            await group.ReadRawAsync(field, values, levels, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is NotSupportedException or NotImplementedException)
        {
            throw new DataException(
                $"Column '{field.Name}' in {Name} cannot be read ({Reason(cause)}); rewrite the file with Snappy compression and PLAIN or "
                    + "dictionary encoding.",
                cause);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            throw new DataException(
                $"Column '{field.Name}' in {Name} cannot be read ({Reason(cause)}); the file is damaged or incomplete: write it again.",
                cause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    // Parquet.Net 6.1.0 takes both on trust: a chunk with fewer values than rows leaves the rest of the buffer as it was, and
    // booleans in RLE encoding all come out false.
    private static void RequireTrustworthy(ColumnMetaData? chunk, long rowCount, bool isBoolean)
    {
        if (chunk is null)
        {
            throw new InvalidDataException("a row group lacks the column");
        }

        if (chunk.NumValues != rowCount)
        {
            throw new InvalidDataException(Text($"it has {chunk.NumValues} values for {rowCount} rows"));
        }

        bool runLengths = chunk.EncodingStats is { Count: > 0 } stats
            ? stats.Exists(page => page is { PageType: PageType.DATA_PAGE or PageType.DATA_PAGE_V2, Encoding: Encoding.RLE })
            : chunk.Encodings is { } all && all.Contains(Encoding.RLE) && !all.Contains(Encoding.PLAIN);
        if (isBoolean && runLengths)
        {
            throw new NotSupportedException("its booleans are in RLE encoding");
        }
    }

    private static FileStream OpenStream(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"There is no file {path}; check the path.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be opened ({Reason(cause)}); check that it is a file and that you may read it.", cause);
        }
    }

    private static string Reason(Exception cause) => cause.Message.Trim().TrimEnd('.');
}

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type in words, such as "double", "text" or "nested list".</param>
/// <param name="IsNullable">Whether it can hold nulls.</param>
/// <param name="IsNumeric">Whether it can be read as a feature or a weight.</param>
public sealed record ParquetColumn(string Name, string TypeName, bool IsNullable, bool IsNumeric)
{
    internal static ParquetColumn Of(Field field) => field is DataField { IsArray: false } leaf
        ? new ParquetColumn(leaf.Name, NameOf(leaf), leaf.IsNullable, IsNumber(leaf))
        : new ParquetColumn(
            field.Name, $"nested {(field is DataField ? "list" : field.SchemaType.ToString().ToLowerInvariant())}", field.IsNullable,
            false);

    private static bool IsNumber(DataField field) => field is not TimeDataField && System.Type.GetTypeCode(field.ClrType)
        is >= TypeCode.SByte and <= TypeCode.Double or TypeCode.Boolean;

    private static string NameOf(DataField field) => field switch
    {
        TimeDataField => "time of day",
        DecimalDataField => "decimal",
        DateTimeDataField { DateTimeFormat: DateTimeFormat.Date } => "date",
        DateTimeDataField => "date and time",
        _ when field.ClrType == typeof(ReadOnlyMemory<char>) => "text",
        _ when field.ClrType == typeof(ReadOnlyMemory<byte>) => "bytes",
        _ => System.Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Single => "float",
            TypeCode.Boolean => "bool",
            TypeCode.Byte => "unsigned 8-bit integer",
            TypeCode.SByte => "8-bit integer",
            TypeCode.Int16 => "16-bit integer",
            TypeCode.UInt16 => "unsigned 16-bit integer",
            TypeCode.Int32 => "32-bit integer",
            TypeCode.UInt32 => "unsigned 32-bit integer",
            TypeCode.Int64 => "64-bit integer",
            TypeCode.UInt64 => "unsigned 64-bit integer",
            _ => field.ClrType.Name.ToLowerInvariant(),
        },
    };
}
