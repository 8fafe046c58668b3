using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive.Cells;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>q(θⱼ|f): location m(f), scale s(f), and the density of the residual u = (θⱼ − m)/s given f.</summary>
internal sealed class Conditional(ParameterScale parameter, Location location, ConditionalMean? scale, double factor, BitTree bits)
{
    // Fewer levels than these are not tried: 32 cells.
    private const int LeastDepth = 5;

    // Where simulations were made on a grid, or rounded, finer cells would stand for its points and not for a density.
    private const double ValuesOfACell = 2;

    public Location Location => location;

    /// <summary>E[ln |θ − m| | f]; null where the scale does not depend on f.</summary>
    public ConditionalMean? Scale => scale;

    /// <summary>What exp of the scale's mean is multiplied by; the scale itself where there is no mean.</summary>
    public double Factor => factor;

    public BitTree Bits => bits;

    /// <summary>Learns the conditional.</summary>
    /// <returns>The conditional and the residuals u of the training events by fits without them.</returns>
    public static (Conditional Conditional, float[] Residuals) Fit(
        ParameterScale parameter, ParameterValues values, EventTable features, TrainingSet set, TreePosteriorOptions options, Seed seed)
    {
        BinnedEvents binned = FeatureBins.Learn(features, features.ColumnNames, options.Trees.MaxBins).Apply(features);
        (Location location, float[] locations) = Location.Fit(parameter, values, features, binned, set, options.Trees);
        Shape shape = Shape.Fit(location, Residuals.About(parameter, locations, values), features, binned, set, options.Trees);
        if (location.WithoutBounds(values, locations, features, set) is { } other)
        {
            Residuals about = Residuals.About(parameter, other.OutOfFold, values) with { AreCut = true };
            var cut = Shape.Fit(other.Location, about, features, binned, set, options.Trees);
            shape = cut.Cost(set) < shape.Cost(set) ? cut : shape;
        }

        Residuals residuals = shape.Residuals;
        BitTree bits;
        if (parameter.IsContinuous)
        {
            int depth = Math.Clamp((int)Math.Log2(set.EffectiveCount / options.EventsOfACell), 2, options.MaxDepth);
            depth = Math.Clamp((int)Math.Log2(values.Values.Distinct().Count() / ValuesOfACell), 1, depth);
            CellEdges edges = CellEdges.Quantiles(residuals.Values, depth);
            bits = BitTree.Fit(features, binned, residuals, edges, set, options.Bits(LeastDepth), seed);
        }
        else
        {
            CellEdges edges = CellEdges.BetweenValues(residuals.Values);
            bits = BitTree.Fit(features, binned, residuals, edges, set, options.Bits(edges.Depth), seed);
        }

        return (new Conditional(parameter, shape.Location, shape.Scale, shape.Factor, bits), residuals.Values);
    }

    /// <summary>ln q of the parameter of each event, a probability for a parameter of a few values.</summary>
    /// <param name="values">Values of the parameter, and their bounds.</param>
    /// <param name="features">The features f, a row an event, or one row for all; then the bounds are the same for all.</param>
    public (double[] LogDensities, float[] Residuals) LogDensity(ParameterValues values, EventTable features)
    {
        float[] locations = OfAll(location.Predict(features), values);
        float[] scales = OfAll(Scales(features), values);
        float[] residuals = Distances(parameter, values.Values, locations);
        TensorPrimitives.Divide(residuals, scales, residuals);
        double[] sums = bits.LogDensity(features, Residuals.Of(parameter, residuals, locations, scales, values));
        for (int row = 0; row < sums.Length; row++)
        {
            bool inside = values.Values[row] >= values.Low[row] && values.Values[row] <= values.High[row];
            sums[row] = inside ? sums[row] - Math.Log(scales[row]) : double.NegativeInfinity;
        }

        return (sums, residuals);
    }

    /// <summary>The values of the parameter below which a share of its probability lies, at each event's features.</summary>
    /// <param name="values">The bounds of the parameter; its values are filled.</param>
    /// <param name="features">The features f, a row an event, or one row for all; then the bounds are the same for all.</param>
    /// <param name="shares">The probability of values below that of each event. Range: (0, 1).</param>
    /// <returns>The residuals u.</returns>
    public float[] Draw(ParameterValues values, EventTable features, double[] shares)
    {
        float[] locations = OfAll(location.Predict(features), values);
        float[] scales = OfAll(Scales(features), values);
        float[] residuals = new float[values.Values.Length];
        bits.Draw(features, Residuals.Of(parameter, residuals, locations, scales, values), shares);
        for (int row = 0; row < residuals.Length; row++)
        {
            float value = parameter.Wrapped(locations[row] + ((double)scales[row] * residuals[row]));
            values.Values[row] = Math.Clamp(value, values.Low[row], values.High[row]);
        }

        return residuals;
    }

    private float[] Scales(EventTable features)
    {
        if (scale is null)
        {
            return Filled(features.Count, (float)factor);
        }

        return Array.ConvertAll(scale.Predict(features), value => (float)(factor * Math.Exp(value)));
    }

    private static float[] OfAll(float[] predicted, ParameterValues values) =>
        predicted.Length == values.Values.Length ? predicted : Filled(values.Values.Length, predicted[0]);

    private static float[] Distances(ParameterScale parameter, float[] values, float[] locations) =>
        [.. values.Zip(locations, parameter.Difference)];

    private static float[] Filled(int count, float value)
    {
        float[] values = new float[count];
        Array.Fill(values, value);
        return values;
    }
}

/// <summary>Values of a parameter with the bounds that the prior and the parameters before it set.</summary>
internal sealed record ParameterValues(float[] Values, float[] Low, float[] High);
