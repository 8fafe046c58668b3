using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The rows of a view that pass a test, which is made anew for every cursor.</summary>
internal sealed class FilteredView(
    IDataView source,
    IReadOnlyList<DataViewSchema.Column> testedColumns,
    Func<DataViewRow, Func<bool>> makeTest,
    bool canShuffle = true) : IDataView
{
    public bool CanShuffle => canShuffle && source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] columns = columnsNeeded.ToArray();
        DataViewSchema.Column[] all = columns.Concat(testedColumns).DistinctBy(column => column.Index).ToArray();
        return new Cursor(source.GetRowCursor(all, CanShuffle ? rand : null), columns, makeTest);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(
        DataViewRowCursor input, DataViewSchema.Column[] active, Func<DataViewRow, Func<bool>> makeTest) : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];
        private readonly Func<bool> _test = makeTest(input);
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            while (input.MoveNext())
            {
                if (_test())
                {
                    _position++;
                    return true;
                }
            }

            _position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
            ? input.GetGetter<TValue>(column)
            : throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was opened.");

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
            }
        }
    }
}
