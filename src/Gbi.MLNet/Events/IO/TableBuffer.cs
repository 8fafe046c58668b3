using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>The arrays of a table that is being read: features first, then the weights where there are any.</summary>
internal sealed class TableBuffer
{
    private readonly IReadOnlyList<string> _columns;
    private readonly string? _weightColumn;
    private readonly double? _missingValue;
    private readonly int _count;
    private readonly float[][] _features;
    private readonly double[]? _weights;

    public TableBuffer(IReadOnlyList<string> columns, int count, EventReadOptions options)
    {
        _columns = columns;
        _weightColumn = options.WeightColumn;
        _missingValue = options.MissingValue;
        _count = count;
        _features = [.. columns.Select(_ => GC.AllocateUninitializedArray<float>(count))];
        _weights = _weightColumn is null ? null : GC.AllocateUninitializedArray<double>(count);
    }

    /// <summary>Number of columns to read, the weights among them.</summary>
    public int Width => _columns.Count + (_weights is null ? 0 : 1);

    public bool IsWeight(int column) => column == _columns.Count;

    public string Name(int column) => IsWeight(column) ? _weightColumn! : _columns[column];

    public DataField[] Fields(ParquetFile file) => [.. Enumerable.Range(0, Width).Select(column => file.Find(Name(column), numeric: true))];

    /// <summary>Reads one column of one row group into the table.</summary>
    public ValueTask<NonFinite> ReadAsync(RowGroupPart part, DataField field, int column, CancellationToken cancellationToken) =>
        IsWeight(column)
            ? NumericColumn.ReadAsync(
                part, field, _weights.AsMemory(part.Start, part.Rows), new MissingValues(null, NullsAllowed: false), cancellationToken)
            : NumericColumn.ReadAsync(
                part, field, _features[column].AsMemory(part.Start, part.Rows), new MissingValues(_missingValue, NullsAllowed: true),
                cancellationToken);

    public EventTable ToTable() => new(
        _columns.Select((name, i) => KeyValuePair.Create(name, new ReadOnlyMemory<float>(_features[i]))),
        _count,
        _weights is null ? default(ReadOnlyMemory<double>?) : _weights);
}
