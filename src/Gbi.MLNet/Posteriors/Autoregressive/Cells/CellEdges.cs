namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// The inner edges of 2^depth cells, which are halved level by level: the edge that divides a cell of level l lies between two cells of
/// level l + 1.
/// </summary>
internal sealed class CellEdges
{
    private readonly float[] _values;

    public CellEdges(float[] values, bool arePoints)
    {
        _values = values;
        ArePoints = arePoints;
        Depth = System.Numerics.BitOperations.Log2((uint)values.Length + 1);
    }

    /// <summary>True where each cell stands for one value, false for a range.</summary>
    public bool ArePoints { get; }

    /// <summary>Number of levels.</summary>
    public int Depth { get; }

    /// <summary>The edges, ascending.</summary>
    public float[] Values => _values;

    /// <summary>Cells of equally many values.</summary>
    public static CellEdges Quantiles(float[] values, int depth)
    {
        float[] sorted = [.. values];
        Array.Sort(sorted);
        float[] edges = new float[(1 << depth) - 1];
        for (int k = 0; k < edges.Length; k++)
        {
            double position = ((k + 1.0) * sorted.Length / (edges.Length + 1)) - 0.5;
            int below = (int)Math.Clamp(position, 0, Math.Max(0, sorted.Length - 2));
            edges[k] = (sorted[below] + sorted[Math.Min(below + 1, sorted.Length - 1)]) / 2;
            edges[k] = k > 0 && !(edges[k] > edges[k - 1]) ? MathF.BitIncrement(edges[k - 1]) : edges[k];
        }

        return new CellEdges(edges, arePoints: false);
    }

    /// <summary>A cell for each value that occurs.</summary>
    public static CellEdges BetweenValues(float[] values)
    {
        float[] distinct = [.. values.Distinct().Order()];
        int depth = Math.Max(1, (int)Math.Ceiling(Math.Log2(distinct.Length)));
        float[] edges = new float[(1 << depth) - 1];
        Array.Fill(edges, float.PositiveInfinity);
        for (int k = 0; k + 1 < distinct.Length; k++)
        {
            edges[k] = (distinct[k] + distinct[k + 1]) / 2;
        }

        return new CellEdges(edges, arePoints: true);
    }

    /// <summary>The edge that divides a cell of a level.</summary>
    public float Split(int level, int cell) => _values[(((2 * cell) + 1) << (Depth - 1 - level)) - 1];

    /// <summary>The shares of the two halves of a cell that bounds leave; range [0, 1].</summary>
    public (float Below, float Above) Room(int level, int cell, float low, float high)
    {
        int width = 1 << (Depth - level);
        float split = Split(level, cell);
        float span = _values[^1] - _values[0];
        float left = cell == 0 ? _values[0] - span : _values[(cell * width) - 1];
        float right = (cell + 1) * width > _values.Length ? _values[^1] + span : _values[((cell + 1) * width) - 1];
        return (Math.Clamp((split - low) / (split - left), 0, 1), Math.Clamp((high - split) / (right - split), 0, 1));
    }

    /// <summary>The cell of a value; a value at an edge belongs to the cell below it.</summary>
    public int Of(float value)
    {
        int found = Array.BinarySearch(_values, value);
        return found < 0 ? ~found : found;
    }
}
