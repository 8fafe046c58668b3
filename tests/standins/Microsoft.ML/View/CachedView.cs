using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>All columns of a view, held in memory, column by column.</summary>
internal sealed class CachedView : IDataView
{
    private readonly Array[] _columns;
    private readonly int _count;

    private CachedView(DataViewSchema schema, Array[] columns, int count)
    {
        Schema = schema;
        _columns = columns;
        _count = count;
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public static CachedView Of(IDataView source)
    {
        Array[] columns = source.Schema
            .Select(column => (Array)TypeMap.Call(typeof(CachedView), nameof(Read), column.Type.RawType, source, column))
            .ToArray();
        int count = 0;
        if (columns.Length > 0)
        {
            count = columns[0].Length;
        }
        else
        {
            using DataViewRowCursor cursor = source.GetRowCursor([]);
            while (cursor.MoveNext())
            {
                count++;
            }
        }

        return new CachedView(source.Schema, columns, count);
    }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        int[] order = Enumerable.Range(0, _count).ToArray();
        rand?.Shuffle(order);
        return new PositionCursor(Schema, columnsNeeded, i => i < order.Length ? order[i] : -1, Getter);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private static T[] Read<T>(IDataView source, DataViewSchema.Column column)
    {
        var values = new List<T>();
        using DataViewRowCursor cursor = source.GetRowCursor([column]);
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        while (cursor.MoveNext())
        {
            T value = default;
            getter(ref value);
            values.Add(value);
        }

        return values.ToArray();
    }

    private Delegate Getter(int column, Func<long> row)
        => (Delegate)TypeMap.Call(typeof(CachedView), nameof(MakeGetter), Schema[column].Type.RawType, _columns[column], row);

    private static ValueGetter<T> MakeGetter<T>(T[] values, Func<long> row) => Copying.From(() => values[row()]);
}

/// <summary>A getter over stored values; a vector is copied, so that a caller never writes into the store.</summary>
internal static class Copying
{
    public static ValueGetter<T> From<T>(Func<T> read)
    {
        Type type = typeof(T);
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(VBuffer<>))
        {
            return (ref T value) => value = read();
        }

        return (ValueGetter<T>)TypeMap.Call(typeof(Copying), nameof(FromVectors), type.GetGenericArguments()[0], read);
    }

    private static ValueGetter<VBuffer<T>> FromVectors<T>(Func<VBuffer<T>> read)
        => (ref VBuffer<T> value) => read().CopyTo(ref value);
}
