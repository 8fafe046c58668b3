using Gbi.Events;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Ratios.Families;

/// <summary>
/// Boosted trees for a density ratio that depends on parameters, where every event brings parameters of its own: a signal simulated at many
/// points of a family, against one background.
/// </summary>
internal static class AmortisedTrees
{
    /// <summary>
    /// Trains ln p₁(x|t)/p₀(x) = Δ₀(x) + Σ_A t_A Δ_A(x), a polynomial in t whose coefficients are trees. Each sample's weights are scaled
    /// to the same sum.
    /// </summary>
    /// <param name="data">Events of both samples.</param>
    /// <param name="sample">Which sample each event belongs to, and its parameters.</param>
    /// <param name="weights">One per event; 0 leaves an event out.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="heldOut">
    /// The events whose loss is followed, or null; all trees are kept, and with <see cref="TreeOptions.EarlyStoppingRounds"/> no more are
    /// grown once it has stopped to fall.
    /// </param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <returns>Trees with the outputs Δ₀ and then Δ_A, in order, and the held-out loss without a tree, with the first one, and so
    /// on.</returns>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public static (TreeEnsemble Trees, IReadOnlyList<double> HeldOutLosses) Train(
        BinnedEvents data,
        AmortisedSample sample,
        double[] weights,
        TreeOptions options,
        HeldOutEvents? heldOut = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(options);
        int dimension = sample.Polynomial.Parameters.Count;
        if (sample.IsNumerator.Length != data.Count || weights.Length != data.Count || sample.Parameters.Length != data.Count * dimension)
        {
            throw new ArgumentException(
                $"There are {sample.IsNumerator.Length} flags, {weights.Length} weights and {sample.Parameters.Length} parameters for "
                    + $"{data.Count} events; give one flag, one weight and {dimension} parameters per event.");
        }

        float[] start = new float[sample.Polynomial.Monomials.Count + 1];
        (BinnedEvents events, AmortisedRatioObjective objective) = Select(weights);
        HeldOutLoss? loss = null;
        if (heldOut is not null)
        {
            (BinnedEvents others, AmortisedRatioObjective ofOthers) = Select(heldOut.Weights);
            loss = new HeldOutLoss(others, ofOthers, start) { Times = heldOut.Times };
        }

        TreeEnsemble trees = Booster.Train(events, objective, start, options, loss, cancellation: cancellation);
        return (trees, loss?.Losses ?? []);

        (BinnedEvents Events, AmortisedRatioObjective Objective) Select(double[] ofEvents)
        {
            int[] rows = EventWeights.RowsWithWeight(ofEvents);
            bool[] flags = Array.ConvertAll(rows, row => sample.IsNumerator[row]);
            BinnedEvents selected = rows.Length == data.Count ? data : data.Select(rows);
            return (selected, new AmortisedRatioObjective(
                selected, flags, Balanced(flags, ofEvents, rows), sample.MonomialsOf(rows), start.Length, options));
        }
    }

    /// <summary>Weights of mean 1 over both samples, of which each has half.</summary>
    private static float[] Balanced(bool[] isNumerator, double[] weights, int[] rows)
    {
        double numerator = 0;
        double denominator = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            numerator += isNumerator[i] ? weights[rows[i]] : 0;
            denominator += isNumerator[i] ? 0 : weights[rows[i]];
        }

        if (!(numerator > 0 && denominator > 0))
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The weights of the numerator sum to {numerator:G4} and those of the denominator to {denominator:G4}, expected more than "
                    + $"0; check the weight column or the selection."));
        }

        float[] balanced = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            balanced[i] = (float)(weights[rows[i]] * rows.Length / (2 * (isNumerator[i] ? numerator : denominator)));
        }

        return balanced;
    }
}

/// <summary>Events of a numerator p₁(x|t) and a denominator p₀(x), each with parameters of its own.</summary>
/// <param name="IsNumerator">True where an event was drawn from p₁(x|t); one per event.</param>
/// <param name="Parameters">
/// t of each event, shape [events × parameters]; of order 1 (standardise them first). Those of the denominator must follow the
/// distribution of those of the numerator, so that the result does not depend on the density of the points.
/// </param>
/// <param name="Polynomial">Names of the parameters, and t_A without the constant term.</param>
internal sealed record AmortisedSample(bool[] IsNumerator, float[] Parameters, ParameterPolynomial Polynomial)
{
    /// <summary>1 and t_A of some events, shape [rows × (1 + monomials)].</summary>
    public float[] MonomialsOf(int[] rows)
    {
        int width = Polynomial.Monomials.Count + 1;
        float[] phi = new float[checked(rows.Length * width)];
        Span<double> point = stackalloc double[Polynomial.Parameters.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int p = 0; p < point.Length; p++)
            {
                point[p] = Parameters[(rows[i] * point.Length) + p];
            }

            phi[i * width] = 1;
            Polynomial.Fill(point, phi.AsSpan((i * width) + 1, width - 1));
        }

        return phi;
    }
}
