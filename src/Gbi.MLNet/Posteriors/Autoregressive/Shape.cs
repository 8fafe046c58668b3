using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Posteriors.Autoregressive.Cells;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>A location and a scale, and the residuals of the training events by fits without them.</summary>
/// <param name="Location">The location.</param>
/// <param name="Scale">E[ln |θ − location| | f]; null where the scale does not depend on f.</param>
/// <param name="Factor">What exp of the scale's mean is multiplied by; the scale itself where there is no mean.</param>
/// <param name="Residuals">The residuals over the scale.</param>
internal sealed record Shape(Location Location, ConditionalMean? Scale, double Factor, Residuals Residuals)
{
    // A part of the mean residual that keeps ln |residual| finite.
    private const double LeastResidual = 0.01;

    /// <summary>Fits the scale about a location; it depends on f where the residuals cost less with it.</summary>
    /// <param name="location">The location.</param>
    /// <param name="about">Distances from it, not scaled.</param>
    /// <param name="features">The features f.</param>
    /// <param name="binned">The same, binned.</param>
    /// <param name="set">Weights and folds.</param>
    /// <param name="options">How trees are grown.</param>
    public static Shape Fit(
        Location location, Residuals about, EventTable features, BinnedEvents binned, TrainingSet set, TreeOptions options)
    {
        float[] distances = about.Values;
        if (location.Means.Length == 0)
        {
            return new Shape(location, null, 1, about);
        }

        double least = LeastResidual * set.Mean(row => Math.Abs(distances[row]));
        float[] target = [.. distances.Select(value => (float)Math.Log(Math.Abs(value) + least))];
        (ConditionalMean mean, float[] outOfFold) = ConditionalMean.FitWithin(features, binned, target, set, options);
        float[] scales = new float[set.Count];
        TensorPrimitives.Exp(outOfFold, scales);
        double factor = RootMeanSquare(about.Over(scales), set);
        double learnt = ShapeEntropy.Of(about.Over(scales), set) + set.Mean(row => outOfFold[row]);
        bool isLearnt = !mean.IsConstant && learnt < ShapeEntropy.Of(about, set) && double.IsFinite(factor);
        if (!isLearnt)
        {
            factor = RootMeanSquare(about, set);
            Array.Fill(scales, 1);
        }

        TensorPrimitives.Multiply(scales, (float)factor, scales);
        return new Shape(location, isLearnt ? mean : null, factor, about.Over(scales));
    }

    /// <summary>What the residuals' distribution, cut off at the bounds, costs as a density of the parameter, in nats.</summary>
    public double Cost(TrainingSet set) =>
        ShapeEntropy.BetweenBounds(Residuals, set) + set.Mean(row => Math.Log(Residuals.Scales[row]));

    private static double RootMeanSquare(Residuals residuals, TrainingSet set) =>
        Math.Sqrt(set.Mean(row => residuals.Values[row] * (double)residuals.Values[row]));
}
