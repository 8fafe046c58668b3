using Gbi.Events;

namespace Gbi.Onnx.Sessions;

/// <summary>Columns of events that become the rows of a tensor, in order; a column may be one number for all events.</summary>
internal sealed class TensorColumns
{
    // Rows of a tile: its columns and its rows together stay in the first cache.
    private const int TileRows = 256;

    private readonly ReadOnlyMemory<float>[] _columns;
    private readonly float[] _constants;

    private TensorColumns(ReadOnlyMemory<float>[] columns, float[] constants)
    {
        _columns = columns;
        _constants = constants;
    }

    /// <summary>Columns of equal length.</summary>
    public static TensorColumns Of(ReadOnlyMemory<float>[] columns) => new(columns, new float[columns.Length]);

    /// <summary>Columns of a table.</summary>
    /// <exception cref="DataException">A name is not a column of the table.</exception>
    public static TensorColumns Of(EventTable events, IReadOnlyList<string> names) =>
        Of(events, names, new Dictionary<string, double>());

    /// <summary>Columns of a table, or the number that stands under a name.</summary>
    /// <exception cref="DataException">A name is neither.</exception>
    public static TensorColumns Of(EventTable events, IReadOnlyList<string> names, IReadOnlyDictionary<string, double> constants) => new(
        [.. names.Select(name => constants.ContainsKey(name) ? default : events.Memory(name))],
        [.. names.Select(name => (float)constants.GetValueOrDefault(name))]);

    /// <summary>Writes events, [length × columns].</summary>
    public void Write(int start, int length, Span<float> rows)
    {
        int width = _columns.Length;
        for (int tile = 0; tile < length; tile += TileRows)
        {
            int count = Math.Min(TileRows, length - tile);
            Span<float> target = rows.Slice(tile * width, count * width);
            for (int column = 0; column < width; column++)
            {
                WriteColumn(column, start + tile, count, target);
            }
        }
    }

    private void WriteColumn(int column, int start, int count, Span<float> target)
    {
        int width = _columns.Length;
        if (_columns[column].IsEmpty)
        {
            for (int row = 0; row < count; row++)
            {
                target[(row * width) + column] = _constants[column];
            }

            return;
        }

        ReadOnlySpan<float> values = _columns[column].Span.Slice(start, count);
        int at = column;
        for (int row = 0; row < values.Length; row++, at += width)
        {
            target[at] = values[row];
        }
    }
}
