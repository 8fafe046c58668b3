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
    /// <param name="isNumerator">True where an event was drawn from p₁(x|t); one per event.</param>
    /// <param name="parameters">
    /// t of each event, shape [events × parameters]; of order 1 (standardise them first). Those of the denominator must follow the
    /// distribution of those of the numerator, so that the result does not depend on the density of the points.
    /// </param>
    /// <param name="polynomial">Names of the parameters, and t_A without the constant term.</param>
    /// <param name="weights">One per event; 0 leaves an event out.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <returns>Trees with the outputs Δ₀ and then Δ_A, in order.</returns>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public static TreeEnsemble Train(
        BinnedEvents data,
        ReadOnlySpan<bool> isNumerator,
        ReadOnlySpan<float> parameters,
        ParameterPolynomial polynomial,
        ReadOnlySpan<double> weights,
        TreeOptions options,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(polynomial);
        ArgumentNullException.ThrowIfNull(options);
        int width = polynomial.Monomials.Count + 1;
        int dimension = polynomial.Parameters.Count;
        if (isNumerator.Length != data.Count || weights.Length != data.Count || parameters.Length != data.Count * dimension)
        {
            throw new ArgumentException(
                $"There are {isNumerator.Length} flags, {weights.Length} weights and {parameters.Length} parameters for {data.Count} "
                    + $"events; give one flag, one weight and {dimension} parameters per event.");
        }

        int[] rows = EventWeights.RowsWithWeight(weights);
        float[] phi = new float[checked(rows.Length * width)];
        bool[] flags = new bool[rows.Length];
        Span<double> point = stackalloc double[dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int p = 0; p < point.Length; p++)
            {
                point[p] = parameters[(rows[i] * point.Length) + p];
            }

            phi[i * width] = 1;
            polynomial.Fill(point, phi.AsSpan((i * width) + 1, width - 1));
            flags[i] = isNumerator[rows[i]];
        }

        float[] balanced = Balanced(flags, weights, rows);
        BinnedEvents events = rows.Length == data.Count ? data : data.Select(rows);
        var objective = new AmortisedRatioObjective(events, flags, balanced, phi, width, options);
        return Booster.Train(events, objective, new float[width], options, cancellation: cancellation);
    }

    /// <summary>Weights of mean 1 over both samples, of which each has half.</summary>
    private static float[] Balanced(bool[] isNumerator, ReadOnlySpan<double> weights, int[] rows)
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
