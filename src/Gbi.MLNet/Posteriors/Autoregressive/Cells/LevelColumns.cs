using Gbi.Events;

namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// What the trees of a level see besides the features: the edge that divides the cell, in u and in the parameter, and where the prior has
/// bounds the shares of the two halves that they leave.
/// </summary>
internal static class LevelColumns
{
    private const string Middle = "#u";
    private const string Candidate = "#candidate";
    private const string RoomBelow = "#below";
    private const string RoomAbove = "#above";

    private static readonly string[] Bounded = [RoomBelow, RoomAbove];
    private static readonly string[] OfCell = [Middle, Candidate];
    private static readonly string[] BoundedOfCell = [Middle, Candidate, RoomBelow, RoomAbove];

    /// <summary>Names of the columns of a level.</summary>
    public static string[] Names(int level, bool isBounded) =>
        level > 0 ? (isBounded ? BoundedOfCell : OfCell) : isBounded ? Bounded : [];

    /// <summary>The columns of a level for events in these cells.</summary>
    public static EventTable Of(CellEdges edges, int level, bool isBounded, int[] cells, Residuals residuals)
    {
        string[] names = Names(level, isBounded);
        float[][] columns = [.. names.Select(_ => new float[cells.Length])];
        for (int row = 0; row < cells.Length; row++)
        {
            int next = 0;
            if (level > 0)
            {
                float split = edges.Split(level, cells[row]);
                columns[next++][row] = split;
                columns[next++][row] = residuals.Locations[row] + (residuals.Scales[row] * split);
            }

            if (isBounded)
            {
                (columns[next][row], columns[next + 1][row]) =
                    edges.Room(level, cells[row], residuals.Low[row], residuals.High[row]);
            }
        }

        return new EventTable(names.Select((name, k) => KeyValuePair.Create(name, (ReadOnlyMemory<float>)columns[k])), cells.Length);
    }
}
