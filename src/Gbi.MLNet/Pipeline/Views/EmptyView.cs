using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>
/// A view of a schema with no value in any column: no row, or one row that has none. Built-in estimators are fitted over it
/// where only the schema counts, and a row is needed where a transformer yields the same value whatever comes in.
/// </summary>
internal sealed class EmptyView(DataViewSchema schema, int rowCount = 0) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(schema, columnsNeeded, rowCount);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewSchema schema, IEnumerable<DataViewSchema.Column> active, int rowCount) : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];
        private long _next;

        public override DataViewSchema Schema => schema;

        public override long Batch => 0;

        public override long Position => _next > 0 && _next <= rowCount ? _next - 1 : -1;

        public override bool MoveNext() => _next <= rowCount && ++_next <= rowCount;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ref TValue value) => value = default!;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = default;
    }
}
