using Gbi.Events.IO.Footers;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Reads a column of a row group as an array of its own type; a null is NaN, or empty text.</summary>
internal static class ExactColumn
{
    /// <summary>The type of the array; null for a column of another kind than numbers without decimals and text.</summary>
    public static Type? TypeOf(StoredColumn column) => column.Kind switch
    {
        ValueKind.Int8 => typeof(sbyte),
        ValueKind.UInt8 => typeof(byte),
        ValueKind.Int16 => typeof(short),
        ValueKind.UInt16 => typeof(ushort),
        ValueKind.Int32 => typeof(int),
        ValueKind.UInt32 => typeof(uint),
        ValueKind.Int64 => typeof(long),
        ValueKind.UInt64 => typeof(ulong),
        ValueKind.Half or ValueKind.Float => typeof(float),
        ValueKind.Double => typeof(double),
        ValueKind.Text => typeof(ReadOnlyMemory<char>),
        _ => null,
    };

    /// <summary>Reads the column.</summary>
    /// <exception cref="DataException">It is damaged, or has nulls where its type has no value for them.</exception>
    public static Array Read(ParquetFile file, int rowGroup, StoredColumn column) => column.Kind switch
    {
        ValueKind.Int8 => Read<sbyte>(file, rowGroup, column, null),
        ValueKind.UInt8 => Read<byte>(file, rowGroup, column, null),
        ValueKind.Int16 => Read<short>(file, rowGroup, column, null),
        ValueKind.UInt16 => Read<ushort>(file, rowGroup, column, null),
        ValueKind.Int32 => Read<int>(file, rowGroup, column, null),
        ValueKind.UInt32 => Read<uint>(file, rowGroup, column, null),
        ValueKind.Int64 => Read<long>(file, rowGroup, column, null),
        ValueKind.UInt64 => Read<ulong>(file, rowGroup, column, null),
        ValueKind.Half or ValueKind.Float => Read<float>(file, rowGroup, column, float.NaN),
        ValueKind.Double => Read<double>(file, rowGroup, column, double.NaN),
        ValueKind.Text => Read<ReadOnlyMemory<char>>(file, rowGroup, column, ReadOnlyMemory<char>.Empty),
        _ => throw new ArgumentException($"Column '{column.Name}' is {column.TypeName}.", nameof(column)),
    };

    private static T[] Read<T>(ParquetFile file, int rowGroup, StoredColumn column, T? missing)
        where T : struct
    {
        file.RequireRows(rowGroup, [column], CancellationToken.None);
        var sink = new Values<T>((int)file.RowCounts[rowGroup], missing);
        file.ReadExactly(rowGroup, column, sink, CancellationToken.None);
        return sink.FirstNull is not { } row || missing is not null ? sink.All : throw new DataException(Text(
            $"Column '{column.Name}' in {file.Name} is missing in row {row:N0} of row group {rowGroup}, which a column of ")
                + $"{column.TypeName} values cannot say; load it as Single.");
    }

    private sealed class Values<T>(int rows, T? missing) : IValueSink<T>
        where T : struct
    {
        private int _row;

        public T[] All { get; } = new T[rows];

        public int? FirstNull { get; private set; }

        public void Take(ReadOnlySpan<T> values, ReadOnlySpan<byte> present, int pageRows)
        {
            int next = 0;
            for (int row = 0; row < pageRows; row++, _row++)
            {
                if (present.IsEmpty ? values.IsEmpty : present[row] == 0)
                {
                    FirstNull ??= _row;
                    All[_row] = missing.GetValueOrDefault();
                }
                else
                {
                    All[_row] = values[next++];
                }
            }
        }
    }
}
