using Gbi.Events;
using Gbi.Onnx.Export;

namespace Gbi.Onnx.Sessions;

/// <summary>Names of columns that files and callers give, which have to agree.</summary>
internal static class OnnxNames
{
    /// <summary>The features of a file, or those of the caller where the file names none.</summary>
    /// <exception cref="DataException">Neither names them, or they are not the same in the same order.</exception>
    public static string[] Features(OnnxGraphFile graph, IReadOnlyList<string>? given)
    {
        string[]? named = graph.Names(OnnxExport.FeaturesKey);
        if (named is null)
        {
            return given is not null ? [.. given] : throw new DataException(
                $"{graph.Name} does not name its features ({OnnxExport.FeaturesKey} in its metadata); export it with their names in "
                    + $"order, commas between them.");
        }

        return given is null || given.SequenceEqual(named) ? named : throw new DataException(
            $"{graph.Name} takes the features {string.Join(", ", named)}, but {string.Join(", ", given)} were given; give them in the "
                + $"network's order.");
    }

    /// <summary>A property that has to be there.</summary>
    /// <exception cref="DataException">It is missing.</exception>
    public static string[] Required(OnnxGraphFile graph, string key, string what) => graph.Names(key) ?? throw new DataException(
        $"{graph.Name} does not name its {what} ({key} in its metadata); export it with their names, commas between them.");

    /// <summary>The first column that is missing, NaN, in an event; null where none is.</summary>
    public static string? MissingAt(EventTable events, IEnumerable<string> columns, long row) =>
        columns.FirstOrDefault(column => float.IsNaN(events[column][(int)row]));

    /// <summary>The same for a row of a block, [rows × columns].</summary>
    public static string? MissingAt(ReadOnlySpan<float> rows, IReadOnlyList<string> columns, int row)
    {
        for (int column = 0; column < columns.Count; column++)
        {
            if (float.IsNaN(rows[(row * columns.Count) + column]))
            {
                return columns[column];
            }
        }

        return null;
    }
}
