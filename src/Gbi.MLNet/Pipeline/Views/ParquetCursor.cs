using Gbi.Events;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Views.Exact;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Views;

/// <summary>Goes through row groups of a Parquet file; the next one is read while the rows of this one are handed out.</summary>
internal sealed class ParquetCursor : DataViewRowCursor
{
    private readonly ParquetView _view;
    private readonly HashSet<int> _active;
    private readonly string[] _columns;
    private readonly int[] _groups;
    private readonly int _firstBatch;
    private readonly int _batchStep;
    private readonly Random? _random;
    private readonly Dictionary<int, ReadOnlyMemory<float>> _values = [];
    private readonly DataViewSchema.Column[] _exactColumns;
    private Array[] _exact = [];
    private Task<EventTable>? _ahead;
    private int _group = -1;
    private int _rowOfGroup;
    private int[]? _order;
    private long _position = -1;
    private bool _done;

    /// <summary>One of <paramref name="cursorCount"/> cursors that share the row groups: every <paramref name="cursorCount"/>-th in their
    /// order is its own.</summary>
    public ParquetCursor(
        ParquetView view, IEnumerable<DataViewSchema.Column> active, int[] groups, Random? random, int cursor = 0, int cursorCount = 1)
    {
        _view = view;
        _groups = [.. groups.Where((_, index) => index % cursorCount == cursor)];
        _firstBatch = cursor;
        _batchStep = cursorCount;
        _random = random;
        DataViewSchema.Column[] columns = [.. active];
        _active = [.. columns.Select(column => column.Index)];
        _exactColumns = [.. columns.Where(ExactCells.Takes)];
        _columns = [.. columns.Except(_exactColumns).Select(column => column.Name).Distinct()];
    }

    public override DataViewSchema Schema => _view.Schema;

    public override long Position => _position;

    // ML.NET puts the rows of a set of cursors back into order by this number: a row group's index among those of all cursors.
    public override long Batch => _group >= 0 && !_done ? _firstBatch + ((long)_group * _batchStep) : 0;

    public override bool MoveNext()
    {
        if (_done)
        {
            return false;
        }

        _rowOfGroup++;
        while (_group < 0 || _rowOfGroup >= _view.RowCountOf(_groups[_group]))
        {
            if (_group + 1 == _groups.Length)
            {
                _done = true;
                _position = -1;
                return false;
            }

            OpenGroup(++_group);
            _rowOfGroup = 0;
        }

        _position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ColumnGetters.RequireActive(IsColumnActive(column), column);
        int index = column.Index;
        if (ExactCells.Takes(column))
        {
            int at = Array.FindIndex(_exactColumns, candidate => candidate.Index == index);
            ValueGetter<TValue> exact = (ref TValue value) => value = ((TValue[])_exact[at])[Row()];
            return ColumnGetters.As<TValue>(typeof(TValue) == column.Type.RawType ? exact : (Delegate)Row, column);
        }

        Delegate getter = column.Type is BooleanDataViewType
            ? (ValueGetter<bool>)((ref bool value) => value = Truth(index, column.Name))
            : (ValueGetter<float>)((ref float value) => value = Value(index));
        return ColumnGetters.As<TValue>(getter, column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        id = new DataViewRowId((ulong)(_view.FirstRowOf(_groups[_group]) + Row()), 0);

    protected override void Dispose(bool disposing)
    {
        if (disposing && _ahead is { } task)
        {
            // What was read ahead is not wanted; its failure is nobody's either.
            _ = task.ContinueWith(finished => finished.Exception, TaskScheduler.Default);
            _ahead = null;
            _done = true;
        }

        base.Dispose(disposing);
    }

    private float Value(int column) => _values[column].Span[Row()];

    /// <summary>A missing truth value is neither.</summary>
    private bool Truth(int column, string name)
    {
        float value = Value(column);
        return !float.IsNaN(value) ? value != 0 : throw new DataException(Text(
            $"Column '{name}' is missing in row {_view.FirstRowOf(_groups[_group]) + Row():N0}, expected true or false; drop such rows "
                + $"before."));
    }

    private int Row() => _position < 0
        ? throw new InvalidOperationException("The cursor stands on no row; call MoveNext and use the row while it returns true.")
        : _order?[_rowOfGroup] ?? _rowOfGroup;

    private void OpenGroup(int group)
    {
        if (_columns.Length > 0)
        {
            EventTable table = (_ahead ?? Start(group)).GetAwaiter().GetResult();
            _ahead = group + 1 < _groups.Length ? Start(group + 1) : null;
            foreach (int column in _active.Except(_exactColumns.Select(column => column.Index)))
            {
                _values[column] = table.Memory(Schema[column].Name);
            }
        }

        if (_exactColumns.Length > 0)
        {
            _exact = _view.ReadExactly(_groups[group], _exactColumns.Select(column => column.Name));
        }

        if (_random is not null)
        {
            _order = [.. Enumerable.Range(0, _view.RowCountOf(_groups[group]))];
            _random.Shuffle(_order);
        }
    }

    private Task<EventTable> Start(int group) => Task.Run(() => _view.Read(_groups[group], _columns));
}
