namespace Microsoft.ML;

/// <summary>A view of a schema with no rows.</summary>
internal sealed class EmptyRows(DataViewSchema schema) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => 0;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new PositionCursor(schema, columnsNeeded, _ => -1, NoGetter);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private Delegate NoGetter(int column, Func<long> row)
        => (Delegate)TypeMap.Call(typeof(EmptyRows), nameof(Never), schema[column].Type.RawType);

    private static ValueGetter<T> Never<T>() => (ref T _) => throw new InvalidOperationException("The view has no rows.");
}
