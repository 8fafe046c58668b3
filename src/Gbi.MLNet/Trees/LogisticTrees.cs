using Gbi.Events;

namespace Gbi.Trees;

/// <summary>Boosted trees for the logistic ratio of two samples.</summary>
public static class LogisticTrees
{
    /// <summary>
    /// Trains F(x) ≈ ln p₁(x) / p₀(x). Each sample's weights are scaled to the same sum, so that the class balance does not enter.
    /// </summary>
    /// <param name="data">Events of both samples.</param>
    /// <param name="isNumerator">True where an event belongs to p₁; one an event.</param>
    /// <param name="weights">One an event; 0 leaves an event out. May be negative where the sums of a leaf stay positive.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public static TreeEnsemble Train(
        BinnedEvents data,
        ReadOnlySpan<bool> isNumerator,
        ReadOnlySpan<double> weights,
        TreeOptions options,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (isNumerator.Length != data.Count || weights.Length != data.Count)
        {
            throw new ArgumentException(
                $"There are {isNumerator.Length} labels and {weights.Length} weights for {data.Count} events; give one an event.");
        }

        bool[] labels = isNumerator.ToArray();
        float[] scaled = ScaleToEqualSums(labels, weights);
        int[] rows = [.. Enumerable.Range(0, data.Count).Where(row => scaled[row] != 0)];
        var objective = new LogisticObjective(scaled, labels, options);
        return Booster.Train<GradientSum, GradientPair, LogisticObjective>(data, rows, objective, [0], options, cancellation);
    }

    /// <summary>Weights of mean 1 over all events with weight, summing to the same in both samples.</summary>
    private static float[] ScaleToEqualSums(bool[] labels, ReadOnlySpan<double> weights)
    {
        double numerator = 0;
        double denominator = 0;
        int used = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            numerator += labels[row] ? weights[row] : 0;
            denominator += labels[row] ? 0 : weights[row];
            used += weights[row] != 0 ? 1 : 0;
        }

        Require(numerator, "numerator");
        Require(denominator, "denominator");
        float[] scaled = new float[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            scaled[row] = (float)(weights[row] * used / (2 * (labels[row] ? numerator : denominator)));
        }

        return scaled;
    }

    private static void Require(double sum, string sample)
    {
        if (!(sum > 0))
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The weights of the {sample} sum to {sum:G4}, expected more than 0; check the weight column or the selection."));
        }
    }
}
