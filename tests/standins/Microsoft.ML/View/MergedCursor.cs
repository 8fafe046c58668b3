using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>
/// A set of cursors as one, in the order of their batches, as the real package reads through its own transformers. There, rows
/// of cursors that share a batch number come in any order; here the last cursor's come first, so that a test sees it.
/// </summary>
internal sealed class MergedCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor[] _cursors;
    private readonly bool[] _standing;
    private int _current = -1;
    private long _position = -1;
    private bool _started;

    private MergedCursor(DataViewRowCursor[] cursors)
    {
        _cursors = cursors;
        _standing = new bool[cursors.Length];
    }

    public static DataViewRowCursor Of(DataViewRowCursor[] cursors) => cursors.Length == 1 ? cursors[0] : new MergedCursor(cursors);

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _cursors[0].Schema;

    public override bool MoveNext()
    {
        for (int i = 0; i < _cursors.Length; i++)
        {
            if (i == _current || !_started)
            {
                _standing[i] = _cursors[i].MoveNext();
            }
        }

        _started = true;
        _current = -1;
        for (int i = 0; i < _cursors.Length; i++)
        {
            if (_standing[i] && (_current < 0 || _cursors[i].Batch <= _cursors[_current].Batch))
            {
                _current = i;
            }
        }

        _position = _current < 0 ? -1 : _position + 1;
        return _current >= 0;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _cursors[0].IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ValueGetter<TValue>[] getters = [.. _cursors.Select(cursor => cursor.GetGetter<TValue>(column))];
        return (ref TValue value) => getters[Current()](ref value);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
    {
        ValueGetter<DataViewRowId>[] getters = [.. _cursors.Select(cursor => cursor.GetIdGetter())];
        return (ref DataViewRowId id) => getters[Current()](ref id);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Array.ForEach(_cursors, cursor => cursor.Dispose());
        }
    }

    private int Current() => _current >= 0
        ? _current
        : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.");
}
