using Gbi.Numerics;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>A random division of events into equal parts for cross-validation.</summary>
internal sealed class Folds(int[] ofEvents, int count)
{
    /// <summary>A division of so many events.</summary>
    public static Folds Of(int events, int count, Seed seed) => new(seed.Folds(events, count), count);

    /// <summary>Number of folds.</summary>
    public int Count => count;

    /// <summary>The fold of an event.</summary>
    public int Of(int row) => ofEvents[row];

    /// <summary>Some events, fold after fold, and where each fold ends.</summary>
    public int[] InOrder(int[] rows, out int[] ends)
    {
        int[] sizes = new int[count];
        foreach (int row in rows)
        {
            sizes[ofEvents[row]]++;
        }

        ends = new int[count];
        for (int fold = 0, end = 0; fold < count; fold++)
        {
            ends[fold] = end += sizes[fold];
        }

        return [.. rows.OrderBy(row => ofEvents[row])];
    }

    /// <summary>Weights that are 0 outside (or inside) one of two halves: the even and the odd folds.</summary>
    public double[] Half(double[] weights, int half, bool inside) =>
        [.. weights.Select((weight, row) => ofEvents[row] % 2 == half == inside ? weight : 0)];

    /// <summary>The half of an event: 0 for even folds, 1 for odd ones.</summary>
    public int HalfOf(int row) => ofEvents[row] % 2;
}
