using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Trees.Model;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>A conditional mean as nodes: polynomial and trees in double precision, rounded once as the model rounds it.</summary>
internal static class MeanNodes
{
    /// <summary>Adds E[t|f].</summary>
    /// <returns>[events × 1], single precision.</returns>
    public static GraphValue Add(FeatureMatrix features, ConditionalMean mean)
    {
        GraphValue sum = features.Zeros;
        foreach (TreeEnsemble trees in mean.Trees)
        {
            double share = mean.ShareOfTrees;
            sum = trees.TreeCount == 0 ? sum + (share * trees.BaseValues[0]) : sum + (features.Predict(trees).ToDouble() * share);
        }

        GraphValue rounded = AddPolynomial(features, mean.Polynomial, sum).ToSingle();
        return rounded.Of("Clip", rounded.Single(mean.Range.Low), rounded.Single(mean.Range.High));
    }

    /// <summary>c₀ + Σ cₖ tₖ as a product of a matrix of terms with a column of coefficients.</summary>
    private static GraphValue AddPolynomial(FeatureMatrix features, SelectedPolynomial polynomial, GraphValue sum)
    {
        double[] coefficients = polynomial.MeanCoefficients();
        string[] names = polynomial.Terms.Names;
        int[] used = [.. Enumerable.Range(0, polynomial.Terms.Count).Where(k => coefficients[k + 1] != 0)];
        sum += coefficients[0];
        if (used.Length == 0)
        {
            return sum;
        }

        PolynomialTerms.Term[] terms = [.. used.Select(k => polynomial.Terms.All[k])];
        GraphValue values = Standardised(
            features, [.. terms.Select(term => names[term.First])], [.. terms.Select(term => term.Mean)],
            [.. terms.Select(term => term.Scale)]);
        if (terms.Any(term => term.Second >= 0))
        {
            // The second factor of a single column is 1 = (0 + 1) · 1, of the column of zeros.
            GraphValue second = Standardised(
                features, [.. terms.Select(term => term.Second < 0 ? FeatureMatrix.Zero : names[term.Second])],
                [.. terms.Select(term => term.Second < 0 ? -1 : term.SecondMean)],
                [.. terms.Select(term => term.Second < 0 ? 1 : term.SecondScale)]);
            values = (values * second) - values.Row([.. terms.Select(term => term.Second < 0 ? 0 : (double)term.ProductMean)]);
        }

        string column = values.Graph.Reshape(values.Row([.. used.Select(k => coefficients[k + 1])]).Name, -1, 1);
        return sum + values.Of("MatMul", new GraphValue(values.Graph, column));
    }

    /// <summary>(f − mean)·scale of some columns; 0 for a missing value.</summary>
    private static GraphValue Standardised(FeatureMatrix features, string[] names, float[] means, float[] scales)
    {
        GraphValue columns = features.Values.Columns([.. names.Select(name => (long)features.Of(name))]);
        GraphValue values = (columns - columns.Row(Doubled(means))) * columns.Row(Doubled(scales));
        return GraphValue.Where(values.IsNaN(), values.Number(0), values);
    }

    private static double[] Doubled(float[] values) => Array.ConvertAll(values, value => (double)value);
}
