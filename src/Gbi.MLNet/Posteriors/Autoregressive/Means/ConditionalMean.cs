using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// E[t|f] of a target t: a polynomial and boosted trees of its residual, cross-fitted, each kept only as far as it lowers the error on
/// events that it does not see.
/// </summary>
internal sealed class ConditionalMean(SelectedPolynomial polynomial, TreeEnsemble[] trees, float scale, PredictionRange range)
{
    public SelectedPolynomial Polynomial => polynomial;

    /// <summary>Trees of the residual, trained on each half of the events.</summary>
    public TreeEnsemble[] Trees => trees;

    /// <summary>Unit of the trees' outputs.</summary>
    public float Scale => scale;

    /// <summary>What predictions are kept within: a polynomial means nothing far from what it was fitted to.</summary>
    public PredictionRange Range => range;

    /// <summary>What the output of each of the trees is multiplied by.</summary>
    public float ShareOfTrees => Scale / Trees.Length;

    /// <summary>True where the mean depends on no feature.</summary>
    public bool IsConstant => Polynomial.IsConstant && Trees.All(trees => trees.TreeCount == 0);

    /// <summary>
    /// Fits the mean as a location: the trees are kept where the residuals have less entropy with them, not only a smaller square.
    /// </summary>
    /// <returns>The fit, and its prediction for each event by what was fitted without the event.</returns>
    public static (ConditionalMean Mean, float[] OutOfFold) FitLocation(
        EventTable features, BinnedEvents binned, float[] target, TrainingSet set, TreeOptions options)
    {
        (ConditionalMean full, float[] outOfFold) = Fit(features, binned, target, set, options);
        if (full.Trees.All(trees => trees.TreeCount == 0))
        {
            return (full, outOfFold);
        }

        float[] ofPolynomial = full.Polynomial.OutOfFold(features, set.Folds);
        double withTrees = ResidualEntropy.Of([.. target.Zip(outOfFold, (value, mean) => value - mean)]);
        double without = ResidualEntropy.Of([.. target.Zip(ofPolynomial, (value, mean) => value - mean)]);
        return without <= withTrees
            ? Of(full.Polynomial, features, set)
            : (full, outOfFold);
    }

    /// <summary>
    /// Fits the mean of a target that stands in an exponent, where a polynomial beyond all targets would be wrong by orders of magnitude:
    /// predictions are kept within the range of the targets.
    /// </summary>
    /// <returns>The fit, and its prediction for each event by what was fitted without the event.</returns>
    public static (ConditionalMean Mean, float[] OutOfFold) FitWithin(
        EventTable features, BinnedEvents binned, float[] target, TrainingSet set, TreeOptions options)
    {
        (ConditionalMean full, float[] outOfFold) = Fit(features, binned, target, set, options);
        float least = TensorPrimitives.Min(target);
        float most = TensorPrimitives.Max(target);
        var range = new PredictionRange(Math.Clamp(full.Range.Low, least, most), Math.Clamp(full.Range.High, least, most));
        range.Clamp(outOfFold);
        return (new ConditionalMean(full.Polynomial, full.Trees, full.Scale, range), outOfFold);
    }

    /// <summary>A polynomial alone.</summary>
    public static (ConditionalMean Mean, float[] OutOfFold) Of(SelectedPolynomial polynomial, EventTable features, TrainingSet set)
    {
        float[] outOfFold = polynomial.OutOfFold(features, set.Folds);
        return (new ConditionalMean(polynomial, [], 1, PredictionRange.Of(outOfFold)), outOfFold);
    }

    /// <summary>Fits the mean.</summary>
    /// <returns>The fit, and its prediction for each event by what was fitted without the event.</returns>
    public static (ConditionalMean Mean, float[] OutOfFold) Fit(
        EventTable features, BinnedEvents binned, float[] target, TrainingSet set, TreeOptions options)
    {
        (SelectedPolynomial polynomial, float[] outOfFold) = SelectedPolynomial.Fit(features, target, set.Weights, set.Folds);
        float[] residual = new float[target.Length];
        TensorPrimitives.Subtract(target, outOfFold, residual);
        float scale = (float)Math.Sqrt(set.Mean(row => residual[row] * (double)residual[row]));
        if (!(scale > 0) || binned.Width == 0)
        {
            return (new ConditionalMean(polynomial, [], 1, PredictionRange.Of(outOfFold)), outOfFold);
        }

        TensorPrimitives.Divide(residual, scale, residual);
        var trees = new TreeEnsemble[2];
        for (int half = 0; half < trees.Length; half++)
        {
            double[] inside = set.Folds.Half(set.Weights, half, inside: true);
            double[] outside = set.Folds.Half(set.Weights, half, inside: false);
            trees[half] = ScoreTrees.Train(binned, residual, outside, options, inside, set.Cancellation);
            int[] rows = [.. Enumerable.Range(0, target.Length).Where(row => set.Folds.HalfOf(row) == half)];
            float[] predicted = trees[half].Predict(binned, rows);
            for (int i = 0; i < rows.Length; i++)
            {
                outOfFold[rows[i]] += scale * predicted[i];
            }
        }

        return (new ConditionalMean(polynomial, trees, scale, PredictionRange.Of(outOfFold)), outOfFold);
    }

    /// <summary>The mean at each event, computed in double precision and rounded once, as an exported graph does it.</summary>
    public float[] Predict(EventTable features)
    {
        double[] values = new double[features.Count];
        foreach (TreeEnsemble trees in Trees)
        {
            double share = ShareOfTrees;
            if (trees.TreeCount == 0)
            {
                TensorPrimitives.Add(values, share * trees.BaseValues[0], values);
                continue;
            }

            float[] ofTrees = trees.PredictInDouble(features);
            for (int row = 0; row < values.Length; row++)
            {
                values[row] += share * ofTrees[row];
            }
        }

        Polynomial.AddTo(features, values);
        float[] rounded = new float[values.Length];
        TensorPrimitives.ConvertTruncating<double, float>(values, rounded);
        range.Clamp(rounded);
        return rounded;
    }
}

/// <summary>The range of the predictions of a training, and a tenth more at both ends.</summary>
internal readonly record struct PredictionRange(float Low, float High)
{
    private const float Margin = 0.1f;

    public static PredictionRange Of(ReadOnlySpan<float> predictions)
    {
        float low = TensorPrimitives.Min(predictions);
        float high = TensorPrimitives.Max(predictions);
        return new PredictionRange(low - (Margin * (high - low)), high + (Margin * (high - low)));
    }

    /// <summary>Where in the range a value lies, from −1 at the low end to 1.</summary>
    public double Share(float value) => ((2.0 * value) - Low - High) / ((double)High - Low);

    public void Clamp(Span<float> values) => TensorPrimitives.Clamp(values, Low, High, values);
}
