using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Appending;

/// <summary>A view with a model's outputs behind its columns; nothing is computed before a cursor moves.</summary>
internal sealed class AppendingView(IDataView source, AppendingMapper mapper) : IColumnView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public IEnumerable<ColumnBlock>? Blocks(IReadOnlyList<DataViewSchema.Column> columns) => AppendedBlocks.Of(source, mapper, columns);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return Open(source.GetRowCursor(mapper.GetDependencies(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        DataViewRowCursor[] cursors = source.GetRowCursorSet(mapper.GetDependencies(columns), n, rand);
        return [.. cursors.Select(cursor => Open(cursor, columns))];
    }

    private DataViewRowCursor Open(DataViewRowCursor cursor, DataViewSchema.Column[] columns) =>
        mapper.Model.BlockSize > 1 && columns.Any(column => mapper.OutputOf(column) >= 0)
            ? new BlockCursor(mapper, cursor, columns)
            : new RowCursor(cursor, new AppendingRow(mapper, cursor, columns));

    private sealed class RowCursor(DataViewRowCursor cursor, AppendingRow row) : DataViewRowCursor
    {
        public override DataViewSchema Schema => row.Schema;

        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override bool MoveNext() => cursor.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                row.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
