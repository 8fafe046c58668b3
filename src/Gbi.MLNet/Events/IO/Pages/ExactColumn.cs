using Gbi.Events.IO.Footers;
using Gbi.Events.IO.RowGroups;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Reads a column of a row group as an array of its own type; a null is NaN, or empty text.</summary>
internal static class ExactColumn
{
    private static readonly Dictionary<ValueKind, Kind> Kinds = new()
    {
        [ValueKind.Int8] = Of<sbyte>(null),
        [ValueKind.UInt8] = Of<byte>(null),
        [ValueKind.Int16] = Of<short>(null),
        [ValueKind.UInt16] = Of<ushort>(null),
        [ValueKind.Int32] = Of<int>(null),
        [ValueKind.UInt32] = Of<uint>(null),
        [ValueKind.Int64] = Of<long>(null),
        [ValueKind.UInt64] = Of<ulong>(null),
        [ValueKind.Half] = Of<float>(float.NaN),
        [ValueKind.Float] = Of<float>(float.NaN),
        [ValueKind.Double] = Of<double>(double.NaN),
        [ValueKind.Text] = Of<ReadOnlyMemory<char>>(ReadOnlyMemory<char>.Empty),
    };

    /// <summary>The type of the array; null for a column of another kind than numbers without decimals and text.</summary>
    public static Type? TypeOf(StoredColumn column) =>
        column.Refusal is null && Kinds.TryGetValue(column.Kind, out Kind? kind) ? kind.Type : null;

    /// <summary>Reads the column, whose kind has a type.</summary>
    /// <exception cref="DataException">It is damaged, or has nulls where its type has no value for them.</exception>
    public static Array Read(RowGroupReader file, int rowGroup, StoredColumn column) => Kinds[column.Kind].Read(file, rowGroup, column);

    private static Kind Of<T>(T? missing)
        where T : struct => new(typeof(T), (file, rowGroup, column) => Read(file, rowGroup, column, missing));

    private static T[] Read<T>(RowGroupReader file, int rowGroup, StoredColumn column, T? missing)
        where T : struct
    {
        file.RequireRows(rowGroup, column, CancellationToken.None);
        var sink = new Values<T>((int)file.RowCounts[rowGroup], missing);
        file.ReadExactly(rowGroup, column, sink, CancellationToken.None);
        return sink.FirstNull is not { } row || missing is not null ? sink.All : throw new DataException(Text(
            $"Column '{column.Name}' in {file.Name} is missing in row {row:N0} of row group {rowGroup}, which a column of ")
                + $"{column.TypeName} values cannot say; load it as Single.");
    }

    private sealed record Kind(Type Type, Func<RowGroupReader, int, StoredColumn, Array> Read);

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
