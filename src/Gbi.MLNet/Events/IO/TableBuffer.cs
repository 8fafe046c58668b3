using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>The arrays of a table that is being read: features first, then the weights where there are any.</summary>
internal sealed class TableBuffer
{
    private readonly IReadOnlyList<string> _columns;
    private readonly string? _weightColumn;
    private readonly int _count;
    private readonly float[][] _features;
    private readonly double[]? _weights;

    public TableBuffer(IReadOnlyList<string> columns, int count, string? weightColumn)
    {
        _columns = columns;
        _weightColumn = weightColumn;
        _count = count;
        _features = [.. columns.Select(_ => GC.AllocateUninitializedArray<float>(count))];
        _weights = weightColumn is null ? null : GC.AllocateUninitializedArray<double>(count);
    }

    /// <summary>Number of columns to read, the weights among them.</summary>
    public int Width => _columns.Count + (_weights is null ? 0 : 1);

    public bool IsWeight(int column) => column == _columns.Count;

    public string Name(int column) => IsWeight(column) ? _weightColumn! : _columns[column];

    public DataField[] Fields(ParquetFile file) => [.. Enumerable.Range(0, Width).Select(column => file.Find(Name(column), numeric: true))];

    /// <summary>Reads one column of one row group to its place in the table.</summary>
    public ValueTask<NonFinite> ReadAsync(
        ParquetFile file, int rowGroup, DataField field, int column, int start, int rows, long firstRow, EventReadOptions options,
        CancellationToken cancellationToken) => IsWeight(column)
        ? NumericColumn.ReadAsync(file, rowGroup, field, _weights.AsMemory(start, rows), null, false, firstRow, cancellationToken)
        : NumericColumn.ReadAsync(
            file, rowGroup, field, _features[column].AsMemory(start, rows), options.MissingValue, true, firstRow, cancellationToken);

    public EventTable ToTable() => new(
        _columns.Select((name, i) => KeyValuePair.Create(name, new ReadOnlyMemory<float>(_features[i]))),
        _count,
        _weights is null ? default(ReadOnlyMemory<double>?) : _weights);
}
