using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Row objects as a view. A list can be shuffled and counted; any other sequence is streamed.</summary>
internal sealed class EnumerableView<TRow> : IDataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _rows;
    private readonly IList<TRow> _list;
    private readonly Member<TRow>[] _members;

    public EnumerableView(IEnumerable<TRow> rows, SchemaDefinition definition)
    {
        _rows = rows;
        _list = rows as IList<TRow>;
        _members = Member<TRow>.All(definition, SchemaDefinition.Direction.Read);
        Schema = Member<TRow>.Schema(_members);
    }

    public bool CanShuffle => _list != null;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _list?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        if (_list != null)
        {
            int[] order = null;
            if (rand != null)
            {
                order = Enumerable.Range(0, _list.Count).ToArray();
                rand.Shuffle(order);
            }

            return new PositionCursor(
                Schema,
                columnsNeeded,
                position => position >= _list.Count ? -1 : order?[position] ?? position,
                (column, row) => _members[column].Getter(() => _list[(int)row()]));
        }

        IEnumerator<TRow> rows = _rows.GetEnumerator();
        return new PositionCursor(
            Schema,
            columnsNeeded,
            position => rows.MoveNext() ? position : -1,
            (column, row) => _members[column].Getter(() => row() >= 0 ? rows.Current : null));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];
}

/// <summary>One row object that is replaced by the next: what a prediction engine feeds into a mapper.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly Member<TRow>[] _members;
    private TRow _value;
    private long _position = -1;

    public ObjectRow(SchemaDefinition definition, SchemaDefinition.Direction direction)
    {
        _members = Member<TRow>.All(definition, direction);
        Schema = Member<TRow>.Schema(_members);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public void Set(TRow value)
    {
        _value = value;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public Delegate UntypedGetter(int column) => _members[column].Getter(() => _value);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => Getters.As<TValue>(UntypedGetter(column.Index), column);

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);
}

/// <summary>Fills row objects from a data view row, member by member.</summary>
internal sealed class RowFiller<TRow>
{
    private readonly (Member<TRow> Member, DataViewSchema.Column Column)[] _bound;

    public RowFiller(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        var bound = new List<(Member<TRow>, DataViewSchema.Column)>();
        foreach (Member<TRow> member in Member<TRow>.All(definition, SchemaDefinition.Direction.Write))
        {
            if (schema.GetColumnOrNull(member.Name) is { } column)
            {
                member.CheckType(column);
                bound.Add((member, column));
            }
            else if (!ignoreMissingColumns)
            {
                throw Mismatch.Missing("row", member.Name);
            }
        }

        _bound = [.. bound];
    }

    public IEnumerable<DataViewSchema.Column> Columns => _bound.Select(pair => pair.Column);

    public Action<TRow> Bind(DataViewRow row)
    {
        Action<TRow>[] fillers = _bound.Select(pair => pair.Member.Filler(row, pair.Column)).ToArray();
        return target =>
        {
            foreach (Action<TRow> fill in fillers)
            {
                fill(target);
            }
        };
    }
}
