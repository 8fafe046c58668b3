using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>
/// Passes columns of a row on and adds computed ones. An output column is either an input column's index (0 and up) or
/// −1 − k for the k-th computed column; computed columns are made together, because some share one evaluation.
/// </summary>
internal sealed class RowMap : IRowToRowMapper
{
    private readonly int[] _sources;
    private readonly Func<int, IEnumerable<int>> _inputsOf;
    private readonly Func<DataViewRow, Func<int, bool>, Delegate[]> _makeGetters;

    public RowMap(
        DataViewSchema input,
        IEnumerable<int> kept,
        DataViewSchema.DetachedColumn[] added,
        Func<int, IEnumerable<int>> inputsOf,
        Func<DataViewRow, Func<int, bool>, Delegate[]> makeGetters)
    {
        InputSchema = input;
        _inputsOf = inputsOf;
        _makeGetters = makeGetters;
        var schema = new DataViewSchema.Builder();
        int[] passed = kept.ToArray();
        schema.AddColumns(passed.Select(index => input[index]));
        schema.AddColumns(added);
        OutputSchema = schema.ToSchema();
        _sources = [.. passed, .. added.Select((_, k) => -1 - k)];
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>All input columns and <paramref name="added"/> behind them.</summary>
    public static RowMap Appending(
        DataViewSchema input,
        DataViewSchema.DetachedColumn[] added,
        Func<int, IEnumerable<int>> inputsOf,
        Func<DataViewRow, Func<int, bool>, Delegate[]> makeGetters)
        => new(input, Enumerable.Range(0, input.Count), added, inputsOf, makeGetters);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => dependingColumns
            .SelectMany(column => _sources[column.Index] is var source && source >= 0 ? [source] : _inputsOf(-1 - source))
            .Distinct()
            .Order()
            .Select(index => InputSchema[index])
            .ToArray();

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        => input.Schema == InputSchema
            ? new Row(this, input, activeColumns)
            : throw new ArgumentOutOfRangeException(nameof(input), "The row's schema is not the mapper's input schema.");

    public IDataView Apply(IDataView source) => new View(this, source);

    private sealed class Row : DataViewRow
    {
        private readonly RowMap _map;
        private readonly DataViewRow _input;
        private readonly HashSet<int> _active;
        private readonly Delegate[] _added;

        public Row(RowMap map, DataViewRow input, IEnumerable<DataViewSchema.Column> active)
        {
            _map = map;
            _input = input;
            _active = [.. active.Select(column => column.Index)];
            int passed = map._sources.Count(source => source >= 0);
            _added = map._makeGetters(input, k => _active.Contains(passed + k));
        }

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override DataViewSchema Schema => _map.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
            {
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the row was made.");
            }

            int source = _map._sources[column.Index];
            return source >= 0
                ? _input.GetGetter<TValue>(_map.InputSchema[source])
                : Getters.As<TValue>(_added[-1 - source], column);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _input.Dispose();
            }
        }
    }

    private sealed class View(RowMap map, IDataView source) : IDataView
    {
        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => map.OutputSchema;

        public long? GetRowCount() => source.GetRowCount();

        // The real package reads with several threads, two at the least.
        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
            => MergedCursor.Of(GetRowCursorSet(columnsNeeded, 2, rand));

        public DataViewRowCursor[] GetRowCursorSet(
            IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        {
            DataViewSchema.Column[] columns = columnsNeeded.ToArray();
            return source.GetRowCursorSet(map.GetDependencies(columns), n, rand)
                .Select(cursor => Wrap(cursor, columns))
                .ToArray();
        }

        private DataViewRowCursor Wrap(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
            => new Cursor(cursor, map.GetRow(cursor, columns));
    }

    private sealed class Cursor(DataViewRowCursor input, DataViewRow row) : DataViewRowCursor
    {
        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override DataViewSchema Schema => row.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                row.Dispose();
            }
        }
    }
}
