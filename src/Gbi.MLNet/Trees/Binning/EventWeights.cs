using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Trees.Binning;

/// <summary>Weights as trainings need them: events of weight 0 left out, mean 1.</summary>
internal static class EventWeights
{
    /// <summary>Numbers of the events whose weight is not 0.</summary>
    public static int[] RowsWithWeight(ReadOnlySpan<double> weights)
    {
        int[] rows = new int[weights.Length];
        int count = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            if (weights[row] != 0)
            {
                rows[count++] = row;
            }
        }

        return count == rows.Length ? rows : rows[..count];
    }

    /// <summary>The weights of some events, divided by their mean.</summary>
    /// <exception cref="DataException">They do not sum to more than 0.</exception>
    public static float[] ScaleToMeanOne(ReadOnlySpan<double> weights, int[] rows)
    {
        double sum = 0;
        foreach (int row in rows)
        {
            sum += weights[row];
        }

        if (!(sum > 0))
        {
            throw new DataException(Text($"The weights sum to {sum:G4}, expected more than 0; check the weight column or the selection."));
        }

        float[] scaled = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            scaled[i] = (float)(weights[rows[i]] * rows.Length / sum);
        }

        return scaled;
    }
}
