namespace Microsoft.ML.Data;

public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
        => data.GetColumn<T>(data.Schema[columnName]);

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        Type item = (column.Type as VectorDataViewType)?.ItemType.RawType;
        if (column.Type.RawType == typeof(T))
        {
            return Read<T, T>(data, column, value => value);
        }

        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
        {
            return Read<ReadOnlyMemory<char>, T>(data, column, text => (T)(object)text.ToString());
        }

        if (typeof(T).IsArray && item != null && typeof(T).GetElementType() == item)
        {
            return (IEnumerable<T>)TypeMap.Call(typeof(ColumnCursorExtensions), nameof(ReadArrays), item, data, column);
        }

        throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' of type {column.Type} is not {typeof(T)}.");
    }

    private static IEnumerable<TItem[]> ReadArrays<TItem>(IDataView data, DataViewSchema.Column column)
        => Read<VBuffer<TItem>, TItem[]>(data, column, vector => vector.DenseValues().ToArray());

    private static IEnumerable<TResult> Read<TValue, TResult>(
        IDataView data, DataViewSchema.Column column, Func<TValue, TResult> convert)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<TValue> getter = cursor.GetGetter<TValue>(column);
        while (cursor.MoveNext())
        {
            TValue value = default;
            getter(ref value);
            yield return convert(value);
        }
    }
}
