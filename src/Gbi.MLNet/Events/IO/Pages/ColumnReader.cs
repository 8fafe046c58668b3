using System.Numerics;
using Gbi.Events.IO.Footers;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Reads the column chunks of a file. Several threads may read at once.</summary>
internal sealed class ColumnReader(RandomReader file, FileFooter footer)
{
    private readonly RandomReader _file = file;
    private readonly FileFooter _footer = footer;

    // A column of so many values for each of its bytes is rare enough to be decoded twice.
    private const int ManyValuesPerByte = 64;
    private const int FewValues = 1 << 16;

    /// <summary>Reads a column of numbers as float or double.</summary>
    /// <exception cref="InvalidDataException">The chunk is damaged; the message is a reason.</exception>
    /// <exception cref="NotSupportedException">An encoding or compression is unknown; the message is a reason.</exception>
    public void ReadNumbers<TValue>(int rowGroup, StoredColumn column, IValueSink<TValue> sink, CancellationToken cancellationToken)
        where TValue : unmanaged, INumberBase<TValue>
    {
        var chunk = new Chunk<TValue>(this, rowGroup, column, sink, cancellationToken);
        switch (column.Kind)
        {
            case ValueKind.Boolean:
                chunk.Decode(new BooleanType(), ColumnMaps.Numbers, NoBounds<byte>);
                break;
            case ValueKind.Int8:
                chunk.DecodeNumbers(ColumnMaps.Narrow<sbyte, TValue>());
                break;
            case ValueKind.UInt8:
                chunk.DecodeNumbers(ColumnMaps.Narrow<byte, TValue>());
                break;
            case ValueKind.Int16:
                chunk.DecodeNumbers(ColumnMaps.Narrow<short, TValue>());
                break;
            case ValueKind.UInt16:
                chunk.DecodeNumbers(ColumnMaps.Narrow<ushort, TValue>());
                break;
            case ValueKind.Int32:
                chunk.DecodeNumbers<int>(ColumnMaps.Numbers);
                break;
            case ValueKind.UInt32:
                chunk.DecodeNumbers<uint>(ColumnMaps.Numbers);
                break;
            case ValueKind.Int64:
                chunk.DecodeNumbers<long>(ColumnMaps.Numbers);
                break;
            case ValueKind.UInt64:
                chunk.DecodeNumbers<ulong>(ColumnMaps.Numbers);
                break;
            case ValueKind.Half:
                chunk.DecodeNumbers<Half>(ColumnMaps.Numbers);
                break;
            case ValueKind.Float:
                chunk.DecodeNumbers<float>(typeof(TValue) == typeof(float) ? null : ColumnMaps.Numbers);
                break;
            case ValueKind.Double:
                chunk.DecodeNumbers<double>(typeof(TValue) == typeof(double) ? null : ColumnMaps.Numbers);
                break;
            default:
                ReadDecimals(chunk);
                break;
        }
    }

    /// <summary>Reads a column as what its values mean, of the type that <see cref="Appending.ParquetColumnCopy"/> writes.</summary>
    /// <exception cref="InvalidDataException">The chunk is damaged; the message is a reason.</exception>
    /// <exception cref="NotSupportedException">An encoding or compression is unknown; the message is a reason.</exception>
    public void ReadExactly<TValue>(int rowGroup, StoredColumn column, IValueSink<TValue> sink, CancellationToken cancellationToken)
    {
        switch (new Chunk<TValue>(this, rowGroup, column, sink, cancellationToken))
        {
            case Chunk<bool> chunk:
                chunk.Decode(new BooleanType(), ColumnMaps.Booleans, NoBounds<byte>);
                break;
            case Chunk<sbyte> chunk:
                chunk.DecodeNumbers(ColumnMaps.Narrow<sbyte, sbyte>());
                break;
            case Chunk<byte> chunk:
                chunk.DecodeNumbers(ColumnMaps.Narrow<byte, byte>());
                break;
            case Chunk<short> chunk:
                chunk.DecodeNumbers(ColumnMaps.Narrow<short, short>());
                break;
            case Chunk<ushort> chunk:
                chunk.DecodeNumbers(ColumnMaps.Narrow<ushort, ushort>());
                break;
            case Chunk<int> chunk:
                chunk.DecodeNumbers<int>(null);
                break;
            case Chunk<uint> chunk:
                chunk.DecodeNumbers<uint>(null);
                break;
            case Chunk<long> chunk:
                chunk.DecodeNumbers<long>(null);
                break;
            case Chunk<ulong> chunk:
                chunk.DecodeNumbers<ulong>(null);
                break;
            case Chunk<float> chunk when column.Kind == ValueKind.Half:
                chunk.DecodeNumbers<Half>(ColumnMaps.Numbers);
                break;
            case Chunk<float> chunk:
                chunk.DecodeNumbers<float>(null);
                break;
            case Chunk<double> chunk:
                chunk.DecodeNumbers<double>(null);
                break;
            case Chunk<decimal> chunk:
                ReadDecimals(chunk);
                break;
            case Chunk<DateTime> chunk:
                ReadTimes(chunk);
                break;
            case Chunk<Guid> chunk:
                chunk.Decode(ByteArrays(column), ColumnMaps.Guids, NoBounds<ReadOnlyMemory<byte>>);
                break;
            case Chunk<ReadOnlyMemory<char>> chunk:
                chunk.Decode(ByteArrays(column), ColumnMaps.Texts, NoBounds<ReadOnlyMemory<byte>>);
                break;
            case Chunk<ReadOnlyMemory<byte>> chunk:
                chunk.Decode(ByteArrays(column), ColumnMaps.Copies, NoBounds<ReadOnlyMemory<byte>>);
                break;
            default:
                throw new NotSupportedException($"its type is {column.TypeName}");
        }
    }

    /// <summary>
    /// Checks that the pages of a chunk hold as many values as its row group has rows, where memory for these would be much more than the
    /// pages have bytes; before such memory is taken.
    /// </summary>
    /// <exception cref="InvalidDataException">They hold others, or are damaged; the message is a reason.</exception>
    public void RequireRows(int rowGroup, StoredColumn column, CancellationToken cancellationToken)
    {
        (ColumnChunk chunk, long rows) = ChunkOf(rowGroup, column);
        if (rows > FewValues && rows / ManyValuesPerByte > chunk.CompressedSize && column.IsNumeric)
        {
            ReadNumbers(rowGroup, column, new NoSink(), cancellationToken);
        }
    }

    private static void ReadDecimals<TValue>(Chunk<TValue> chunk)
        where TValue : unmanaged, INumberBase<TValue>
    {
        int scale = chunk.Column.Scale;
        switch (chunk.Column.Physical)
        {
            case PhysicalType.Int32:
                chunk.DecodeNumbers(ColumnMaps.DecimalNumbers<int, TValue>(scale));
                break;
            case PhysicalType.Int64:
                chunk.DecodeNumbers(ColumnMaps.DecimalNumbers<long, TValue>(scale));
                break;
            default:
                chunk.Decode(
                    ByteArrays(chunk.Column), ColumnMaps.LongDecimalNumbers<TValue>(scale),
                    NoBounds<ReadOnlyMemory<byte>>);
                break;
        }
    }

    private static void ReadDecimals(Chunk<decimal> chunk)
    {
        int scale = chunk.Column.Scale;
        switch (chunk.Column.Physical)
        {
            case PhysicalType.Int32:
                chunk.DecodeNumbers(ColumnMaps.Decimals<int>(scale));
                break;
            case PhysicalType.Int64:
                chunk.DecodeNumbers(ColumnMaps.Decimals<long>(scale));
                break;
            default:
                chunk.Decode(
                    ByteArrays(chunk.Column), ColumnMaps.LongDecimals(scale), NoBounds<ReadOnlyMemory<byte>>);
                break;
        }
    }

    private static void ReadTimes(Chunk<DateTime> chunk)
    {
        switch (chunk.Column.Physical)
        {
            case PhysicalType.Int32:
                chunk.DecodeNumbers<int>(ColumnMaps.Dates);
                break;
            case PhysicalType.Int64:
                chunk.DecodeNumbers(ColumnMaps.Timestamps(chunk.Column.Unit));
                break;
            default:
                chunk.Decode(new NumberType<Int96>(isInteger: false), ColumnMaps.OldTimestamps, NoBounds<Int96>);
                break;
        }
    }

    private static ByteArrayType ByteArrays(StoredColumn column) =>
        new(column.Physical == PhysicalType.FixedByteArray ? column.TypeLength : 0);

    private static ValueBounds<T>? NoBounds<T>(StoredStatistics? statistics) => null;

    private (ColumnChunk Chunk, long Rows) ChunkOf(int rowGroup, StoredColumn column)
    {
        StoredRowGroup group = _footer.RowGroups[rowGroup];
        ColumnChunk chunk = group.Chunks[column.Leaf];
        if (chunk.IsEncrypted || chunk.IsElsewhere)
        {
            throw new NotSupportedException(chunk.IsEncrypted ? "it is encrypted" : "its values are in another file");
        }

        if (chunk.Path is not [var name] || name != column.Name || chunk.Physical != column.Physical)
        {
            throw new InvalidDataException("a row group lacks the column");
        }

        return chunk.ValueCount == group.RowCount
            ? (chunk, group.RowCount)
            : throw new InvalidDataException(Text($"it has {chunk.ValueCount} values for {group.RowCount} rows"));
    }

    /// <summary>A chunk to be decoded to a sink.</summary>
    private sealed class Chunk<TValue>(
        ColumnReader reader, int rowGroup, StoredColumn column, IValueSink<TValue> sink, CancellationToken cancellationToken)
    {
        public StoredColumn Column => column;

        public void DecodeNumbers<TStored>(ValueMap<TStored, TValue>? map)
            where TStored : unmanaged, INumber<TStored> =>
            Decode(
                new NumberType<TStored>(isInteger: column.Physical is PhysicalType.Int32 or PhysicalType.Int64),
                map,
                statistics => ValueBounds.Of<TStored>(column, statistics, reader._footer.HasColumnOrders));

        public void Decode<TStored>(
            StoredType<TStored> type, ValueMap<TStored, TValue>? map, Func<StoredStatistics?, ValueBounds<TStored>?> bounds)
        {
            (ColumnChunk chunk, long rows) = reader.ChunkOf(rowGroup, column);
            if (rows == 0)
            {
                return;
            }

            using var decoder = new ChunkDecoder<TStored, TValue>(
                new ChunkDecoding<TStored, TValue>(type, map, bounds), chunk, column.IsNullable, sink);
            using var pages = new ChunkPages(reader._file, chunk, reader._footer.DataEnd);
            decoder.Decode(pages, rows, cancellationToken);
        }
    }

    private sealed class NoSink : IValueSink<float>
    {
        public void Take(ReadOnlySpan<float> values, ReadOnlySpan<byte> present, int rows)
        {
        }
    }
}
