using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Ratios.Families;

/// <summary>
/// The rows that a family is trained on, signal first: every event as often as asked for, each time with a centre and local
/// coordinates in the segment around it. Those of background belong to a random signal event.
/// </summary>
internal sealed class FamilyRows
{
    private readonly int _signalCount;
    private readonly int _backgroundCount;
    private readonly int _copies;
    private readonly float[][] _centres;
    private readonly double[] _weights;

    private FamilyRows(int signalCount, int backgroundCount, int copies, int parameters)
    {
        (_signalCount, _backgroundCount, _copies) = (signalCount, backgroundCount, copies);
        int count = checked((signalCount + backgroundCount) * copies);
        _centres = [.. Enumerable.Range(0, parameters).Select(_ => new float[count])];
        _weights = new double[count];
        Local = new float[checked(count * parameters)];
        IsSignal = new bool[count];
        IsSignal.AsSpan(0, signalCount * copies).Fill(true);
    }

    /// <summary>t of each row, shape [rows × parameters].</summary>
    public float[] Local { get; }

    /// <summary>Whether a row is a signal event.</summary>
    public bool[] IsSignal { get; }

    /// <summary>Draws centres and local coordinates.</summary>
    public static FamilyRows Draw(EventTable signal, EventTable background, FamilyCoordinates coordinates, int copies, Seed seed)
    {
        int parameters = coordinates.Names.Count;
        var rows = new FamilyRows(signal.Count, background.Count, copies, parameters);
        ReadOnlyMemory<float>[] columns = [.. coordinates.Names.Select(signal.Memory)];
        Seed shifts = seed.Child("place");
        Seed partners = seed.Child("partner");
        Seed swaps = seed.Child("swap");
        double meanWeight = signal.SumOfWeights / signal.Count;
        EventBlocks.ForEach(rows._weights.Length, (start, length) =>
        {
            double[] u = new double[parameters];
            for (int row = start; row < start + length; row++)
            {
                (bool isSignal, int number) = rows.EventOf(row);
                int partner = isSignal ? number : partners.Below(signal.Count, row);
                for (int p = 0; p < parameters; p++)
                {
                    u[p] = coordinates.U(columns[p].Span[partner]);
                }

                Order(u, coordinates, swaps.Uniform(row) < 0.5);
                rows.Draw(row, u, coordinates, shifts);

                // A background event stands for the density of points that its partner has.
                rows._weights[row] = isSignal ? signal.Weight(number) : background.Weight(number) * signal.Weight(partner) / meanWeight;
            }
        });
        return rows;
    }

    /// <summary>The rows as the trees see them.</summary>
    public EventTable Table(EventTable signal, EventTable background, FamilyFeatures columns)
    {
        string[] needed = [.. columns.Features.Union(columns.Aligned.Select(pair => pair.Feature))];
        EventTable both = signal.WithColumns(needed).WithWeights(null).Append(background.WithColumns(needed).WithWeights(null));
        int[] numbers = [.. Enumerable.Range(0, _weights.Length).Select(row => EventOf(row) switch
        {
            (true, int number) => number,
            (false, int number) => _signalCount + number,
        })];
        return columns.Table(both.Select(numbers), _centres);
    }

    /// <summary>Weights that leave a fold out, for one member.</summary>
    /// <param name="foldOf">Folds of the signal events and, behind them, of those of background.</param>
    /// <param name="fold">The fold left out.</param>
    /// <param name="bootstrap">For Poisson weights; null for none.</param>
    public double[] Weights(int[] foldOf, int fold, Seed? bootstrap)
    {
        double[] weights = new double[_weights.Length];
        for (int row = 0; row < weights.Length; row++)
        {
            (bool isSignal, int number) = EventOf(row);
            int ofBoth = isSignal ? number : _signalCount + number;

            // All copies of an event are drawn together.
            weights[row] = foldOf[ofBoth] == fold ? 0 : _weights[row] * (bootstrap?.PoissonOne(ofBoth) ?? 1);
        }

        return weights;
    }

    /// <summary>
    /// Where labels mean nothing, the larger coordinate stands first, and either order where a segment crosses the diagonal, so that
    /// the ratio is smooth there.
    /// </summary>
    private static void Order(double[] u, FamilyCoordinates coordinates, bool isSwapped)
    {
        if (coordinates.IsInterchangeable)
        {
            (double high, double low) = (Math.Max(u[0], u[1]), Math.Min(u[0], u[1]));
            bool isNearDiagonal = high - low < 2 * coordinates.HalfWidths[0];
            (u[0], u[1]) = isNearDiagonal && isSwapped ? (low, high) : (high, low);
        }
    }

    private (bool IsSignal, int Number) EventOf(int row) => row < _signalCount * _copies
        ? (true, row % _signalCount)
        : (false, (row - (_signalCount * _copies)) % _backgroundCount);

    private void Draw(int row, double[] u, FamilyCoordinates coordinates, Seed seed)
    {
        for (int p = 0; p < u.Length; p++)
        {
            double middle = 0.5 * (coordinates.Low[p] + coordinates.High[p]);
            double local = coordinates.IsWhole
                ? (u[p] - middle) / coordinates.HalfWidths[p]
                : (2 * seed.Uniform(((long)row * u.Length) + p)) - 1;
            Local[(row * u.Length) + p] = (float)local;
            _centres[p][row] = (float)coordinates.Theta(u[p] - (local * coordinates.HalfWidths[p]));
        }
    }
}
