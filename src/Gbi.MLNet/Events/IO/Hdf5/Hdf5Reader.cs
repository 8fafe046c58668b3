using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Pages;
using Gbi.Events.IO.RowGroups;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Hdf5;

/// <summary>Reads the columns of a table of an HDF5 file, one block of rows at a time.</summary>
internal sealed class Hdf5Reader(Hdf5Source source, NativeFile file) : RowGroupReader(source)
{
    private readonly Lock _lock = new();
    private (string Dataset, int RowGroup) _at = ("", -1);
    private byte[] _block = [];

    public override void ReadNumbers<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken)
    {
        switch (column.Kind)
        {
            case ValueKind.Int8:
                Convert<sbyte, T>(rowGroup, column, sink);
                break;
            case ValueKind.UInt8:
                Convert<byte, T>(rowGroup, column, sink);
                break;
            case ValueKind.Int16:
                Convert<short, T>(rowGroup, column, sink);
                break;
            case ValueKind.UInt16:
                Convert<ushort, T>(rowGroup, column, sink);
                break;
            case ValueKind.Int32:
                Convert<int, T>(rowGroup, column, sink);
                break;
            case ValueKind.UInt32:
                Convert<uint, T>(rowGroup, column, sink);
                break;
            case ValueKind.Int64:
                Convert<long, T>(rowGroup, column, sink);
                break;
            case ValueKind.UInt64:
                Convert<ulong, T>(rowGroup, column, sink);
                break;
            case ValueKind.Half:
                Convert<Half, T>(rowGroup, column, sink);
                break;
            case ValueKind.Float:
                Convert<float, T>(rowGroup, column, sink);
                break;
            default:
                Convert<double, T>(rowGroup, column, sink);
                break;
        }
    }

    public override void ReadExactly<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken)
    {
        switch (sink)
        {
            case IValueSink<sbyte> some:
                Convert<sbyte, sbyte>(rowGroup, column, some);
                break;
            case IValueSink<byte> some:
                Convert<byte, byte>(rowGroup, column, some);
                break;
            case IValueSink<short> some:
                Convert<short, short>(rowGroup, column, some);
                break;
            case IValueSink<ushort> some:
                Convert<ushort, ushort>(rowGroup, column, some);
                break;
            case IValueSink<int> some:
                Convert<int, int>(rowGroup, column, some);
                break;
            case IValueSink<uint> some:
                Convert<uint, uint>(rowGroup, column, some);
                break;
            case IValueSink<long> some:
                Convert<long, long>(rowGroup, column, some);
                break;
            case IValueSink<ulong> some:
                Convert<ulong, ulong>(rowGroup, column, some);
                break;
            case IValueSink<float> some when column.Kind == ValueKind.Half:
                Convert<Half, float>(rowGroup, column, some);
                break;
            case IValueSink<float> some:
                Convert<float, float>(rowGroup, column, some);
                break;
            case IValueSink<double> some:
                Convert<double, double>(rowGroup, column, some);
                break;
            case IValueSink<ReadOnlyMemory<char>> some:
                ReadTexts(rowGroup, source.Own[column.Leaf], some);
                break;
            default:
                throw new NotSupportedException($"No column of HDF5 holds {typeof(T).Name}.");
        }
    }

    public override void RequireRows(int rowGroup, StoredColumn column, CancellationToken cancellationToken)
    {
        // A block of rows has few bytes, and a dataset that was not written has its fill value.
    }

    protected override void Dispose(bool disposing) => file.Dispose();

    private void Convert<TOwn, T>(int rowGroup, StoredColumn stored, IValueSink<T> sink)
        where TOwn : unmanaged, INumberBase<TOwn>
        where T : unmanaged, INumberBase<T>
    {
        Hdf5Column column = source.Own[stored.Leaf];
        int rows = (int)RowCounts[rowGroup], size = column.Layout.Size;
        T[] values = new T[rows];
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        lock (_lock)
        {
            ReadOnlySpan<byte> block = Block(rowGroup, column);
            int stride = block.Length / Math.Max(1, rows);
            for (int row = 0; row < rows; row++)
            {
                block.Slice((row * stride) + column.Offset, size).CopyTo(bytes);
                if (column.Layout.IsBigEndian == BitConverter.IsLittleEndian)
                {
                    bytes[..size].Reverse();
                }

                values[row] = T.CreateTruncating(MemoryMarshal.Read<TOwn>(bytes));
            }
        }

        sink.Take(values, [], rows);
    }

    private void ReadTexts(int rowGroup, Hdf5Column column, IValueSink<ReadOnlyMemory<char>> sink)
    {
        int rows = (int)RowCounts[rowGroup];
        var texts = new ReadOnlyMemory<char>[rows];
        lock (_lock)
        {
            if (column.HasOwnText)
            {
                string[] own = Guarded(column, () => file.Dataset(column.Dataset).Read<string[]>(
                    new HyperslabSelection((ulong)source.FirstRows[rowGroup], (ulong)rows)));
                texts = [.. own.Select(text => (text ?? "").AsMemory())];
            }
            else
            {
                ReadOnlySpan<byte> block = Block(rowGroup, column);
                int stride = block.Length / Math.Max(1, rows);
                for (int row = 0; row < rows; row++)
                {
                    ReadOnlySpan<byte> text = block.Slice((row * stride) + column.Offset, column.Layout.Size);
                    int end = text.IndexOf((byte)0);
                    texts[row] = Encoding.UTF8.GetString(end < 0 ? text : text[..end]).AsMemory();
                }
            }
        }

        sink.Take(texts, [], rows);
    }

    /// <summary>The bytes of the rows of a column's dataset; those of the last one stay for the other columns.</summary>
    private byte[] Block(int rowGroup, Hdf5Column column)
    {
        if (_at == (column.Dataset, rowGroup))
        {
            return _block;
        }

        ulong start = (ulong)source.FirstRows[rowGroup], rows = (ulong)RowCounts[rowGroup];
        _at = ("", -1);
        _block = Guarded(column, () =>
        {
            IH5Dataset dataset = file.Dataset(column.Dataset);
            ulong[] sizes = dataset.Space.Dimensions;
            ulong rowLength = (ulong)dataset.Type.Size * (sizes.Length == 2 ? sizes[1] : 1);
            byte[] bytes = dataset.Read<byte[]>(sizes.Length == 2
                ? new HyperslabSelection(2, [start, 0], [rows, sizes[1]])
                : new HyperslabSelection(start, rows));
            return (ulong)bytes.LongLength == rows * rowLength ? bytes : throw new InvalidDataException(Text(
                $"{rows} rows of {rowLength} bytes have {bytes.LongLength}"));
        });
        _at = (column.Dataset, rowGroup);
        return _block;
    }

    private T Guarded<T>(Hdf5Column column, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception cause)
        {
            bool isFilter = cause.Message.Contains("filter", StringComparison.OrdinalIgnoreCase);
            throw new DataException(
                $"Column '{column.Stored.Name}' in {Name} cannot be read ({Hdf5Source.ReasonOf(cause)}); {(isFilter
                    ? "write the file again with gzip, as 'h5repack -f GZIP=4' does."
                    : "the file is damaged or incomplete: write it again.")}",
                cause);
        }
    }
}
