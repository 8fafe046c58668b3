using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>
/// Boosted parametric trees in one parameter t: a model whose outputs are the coefficients of
/// ln r(x, t) = Δ₀(x) + t Δ₁(x) + t² Δ₂(x). It is smooth in t, also where no event has that t.
/// </summary>
/// <remarks>After Schöfbeck, arXiv:2406.19076, with per-event parameters in place of base points.</remarks>
public static class ParametricTrees
{
    /// <summary>Trains ln p(x,t) / (p(x) p(t)), the ratio of the joint density to the product of its marginals.</summary>
    /// <param name="data">The events.</param>
    /// <param name="parameter">t of each event; of order 1 (standardise it first).</param>
    /// <param name="weights">One an event; 0 leaves an event out.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="seed">For the pairs that make up the product of the marginals.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">The weights do not sum to more than 0.</exception>
    public static TreeEnsemble TrainJointOverMarginal(
        BinnedEvents data,
        ReadOnlySpan<float> parameter,
        ReadOnlySpan<double> weights,
        TreeOptions options,
        Seed seed,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (parameter.Length != data.Count || weights.Length != data.Count)
        {
            throw new ArgumentException(
                $"There are {parameter.Length} parameters and {weights.Length} weights for {data.Count} events; give one an event.");
        }

        int[] rows = RowsWithWeight(weights);
        float[] scaled = ScaleToMeanOne(weights, rows);
        float[] ofRows = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            ofRows[i] = parameter[rows[i]];
        }

        BinnedEvents events = rows.Length == data.Count ? data : data.Select(rows);
        var objective = new JointOverMarginalObjective(events, ofRows, scaled, options, seed);
        return Booster.Train(events, objective, [0, 0, 0], options, cancellation: cancellation);
    }

    private static int[] RowsWithWeight(ReadOnlySpan<double> weights)
    {
        var rows = new List<int>(weights.Length);
        for (int row = 0; row < weights.Length; row++)
        {
            if (weights[row] != 0)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private static float[] ScaleToMeanOne(ReadOnlySpan<double> weights, int[] rows)
    {
        double sum = 0;
        foreach (int row in rows)
        {
            sum += weights[row];
        }

        if (!(sum > 0))
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The weights sum to {sum:G4}, expected more than 0; check the weight column or the selection."));
        }

        float[] scaled = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            scaled[i] = (float)(weights[rows[i]] * rows.Length / sum);
        }

        return scaled;
    }
}
