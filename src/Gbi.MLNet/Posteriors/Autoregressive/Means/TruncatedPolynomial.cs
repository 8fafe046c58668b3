using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// The location of a normal density that bounds cut off, as a polynomial: near a bound E[θ|f] bends away from it while the location goes
/// straight on, and the density's shape stays the same only about the location.
/// </summary>
internal static class TruncatedPolynomial
{
    // Terms are few; more rows than these change no coefficient by much.
    private const int MostRows = 20_000;

    // Terms of less significance are dropped.
    private const double Threshold = 3;

    /// <summary>Fits the terms of a least-squares fit by the largest likelihood, without each fold in turn.</summary>
    /// <returns>The polynomial; null where the likelihood has no maximum.</returns>
    public static SelectedPolynomial? Fit(SelectedPolynomial start, EventTable features, ParameterValues values, TrainingSet set)
    {
        int[] rows = EventTable.EvenRows(values.Values.Length, MostRows);
        double[] mean = new double[start.Terms.Count + 1];
        foreach (double[] ofFold in start.Coefficients)
        {
            TensorPrimitives.MultiplyAdd<double>(ofFold, 1.0 / start.Coefficients.Length, mean, mean);
        }

        TruncatedLikelihood ofAll = TruncatedLikelihood.Of(start.Terms, features, values, set.Weights, rows);
        if (ofAll.Maximum(ofAll.PointOf(mean)) is not { } all)
        {
            return null;
        }

        int[] kept = [.. Enumerable.Range(0, start.Terms.Count).Where(k => Math.Abs(all.Significances[k + 1]) > Threshold)];
        PolynomialTerms terms = start.Terms.Take(kept);
        double[] from = [all.Point[0], .. kept.Select(k => all.Point[k + 1]), all.Point[^1]];
        double[]?[] found = new double[start.Coefficients.Length][];
        EventBlocks.ForEachIndex(found.Length, fold =>
        {
            int[] outside = [.. rows.Where(row => set.Folds.Of(row) != fold)];
            var likelihood = TruncatedLikelihood.Of(terms, features, values, set.Weights, outside);
            found[fold] = likelihood.Maximum(from)?.Coefficients;
        });
        return found.Any(coefficients => coefficients is null) ? null : new SelectedPolynomial(terms, found!);
    }
}
