using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>
/// A cursor over rows that are known by a number. <paramref name="rowAt"/> gives the row of a position, −1 at the end.
/// </summary>
internal sealed class PositionCursor(
    DataViewSchema schema,
    IEnumerable<DataViewSchema.Column> active,
    Func<long, long> rowAt,
    Func<int, Func<long>, Delegate> getterOf) : DataViewRowCursor
{
    private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];
    private long _position = -1;
    private long _row = -1;
    private bool _done;

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => schema;

    public override bool MoveNext()
    {
        if (_done)
        {
            return false;
        }

        _row = rowAt(_position + 1);
        _done = _row < 0;
        _position = _done ? -1 : _position + 1;
        return !_done;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
        {
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was opened.");
        }

        return Getters.As<TValue>(getterOf(column.Index, CurrentRow), column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId id) => id = new DataViewRowId((ulong)CurrentRow(), 0);

    private long CurrentRow() => _position >= 0
        ? _row
        : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.");
}

internal static class Getters
{
    public static ValueGetter<T> As<T>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<T>
        ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(T)}.");
}
