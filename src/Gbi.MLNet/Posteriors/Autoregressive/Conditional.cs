using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive.Cells;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>q(θⱼ|f): location m(f), scale s(f), and the density of the residual u = (θⱼ − m)/s given f.</summary>
internal sealed class Conditional(ParameterScale parameter, Location location, ConditionalMean? scale, double factor, BitTree bits)
{
    // A part of the mean residual that keeps ln |residual| finite.
    private const double LeastResidual = 0.01;

    // Fewer levels than these are not tried: 32 cells.
    private const int LeastDepth = 5;

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
        (Location location, float[] locations, bool isCut) = Location.Fit(parameter, values, features, binned, set, options.Trees);
        float[] distances = Distances(parameter, values.Values, locations);
        (ConditionalMean? scale, double factor, float[] scales) = parameter.IsContinuous
            ? FitScale(features, binned, Over, set, options.Trees)
            : (null, 1, Filled(set.Count, 1));
        Residuals residuals = Over(scales);
        BitTree bits;
        if (parameter.IsContinuous)
        {
            int depth = Math.Clamp((int)Math.Log2(set.Count / options.EventsOfACell), 2, options.MaxDepth);
            CellEdges edges = CellEdges.Quantiles(residuals.Values, depth);
            bits = BitTree.Fit(features, binned, residuals, edges, set, options.Bits(LeastDepth), seed);
        }
        else
        {
            CellEdges edges = CellEdges.BetweenValues(residuals.Values);
            bits = BitTree.Fit(features, binned, residuals, edges, set, options.Bits(edges.Depth), seed);
        }

        return (new Conditional(parameter, location, scale, factor, bits), residuals.Values);

        Residuals Over(float[] scales) =>
            Residuals.Of(parameter, Scaled(distances, scales), locations, scales, values) with { AreCut = isCut };
    }

    /// <summary>ln q of the parameter of each event, a probability for a parameter of a few values.</summary>
    /// <param name="values">Values of the parameter, and their bounds.</param>
    /// <param name="features">The features f.</param>
    public (double[] LogDensities, float[] Residuals) LogDensity(ParameterValues values, EventTable features)
    {
        float[] locations = location.Predict(features);
        float[] scales = Scales(features);
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

    /// <summary>Draws the parameter at each event's features.</summary>
    /// <param name="values">The bounds of the parameter; its values are filled.</param>
    /// <param name="features">The features f.</param>
    /// <param name="uniforms">The random number of a level and a row.</param>
    /// <returns>The residuals u.</returns>
    public float[] Draw(ParameterValues values, EventTable features, Func<int, int, double> uniforms)
    {
        float[] locations = location.Predict(features);
        float[] scales = Scales(features);
        float[] residuals = new float[features.Count];
        bits.Draw(features, Residuals.Of(parameter, residuals, locations, scales, values), uniforms);
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

        float[] scales = scale.Predict(features);
        TensorPrimitives.Exp(scales, scales);
        TensorPrimitives.Multiply(scales, (float)factor, scales);
        return scales;
    }

    private static (ConditionalMean? Scale, double Factor, float[] Scales) FitScale(
        EventTable features, BinnedEvents binned, Func<float[], Residuals> residualsOver, TrainingSet set, TreeOptions options)
    {
        Residuals plain = residualsOver(Filled(set.Count, 1));
        float[] distances = plain.Values;
        double least = LeastResidual * set.Mean(row => Math.Abs(distances[row]));
        double rms = Math.Sqrt(set.Mean(row => distances[row] * (double)distances[row]));
        float[] target = [.. distances.Select(value => (float)Math.Log(Math.Abs(value) + least))];
        (ConditionalMean mean, float[] outOfFold) = ConditionalMean.Fit(features, binned, target, set, options);
        float[] scales = new float[set.Count];
        TensorPrimitives.Exp(outOfFold, scales);
        double factor = Math.Sqrt(set.Mean(row => Square(distances[row] / scales[row])));
        double learnt = ShapeEntropy.Of(residualsOver(scales), set) + set.Mean(row => outOfFold[row]);
        if (mean.IsConstant || !(learnt < ShapeEntropy.Of(plain, set)) || !double.IsFinite(factor))
        {
            return (null, rms, Filled(set.Count, (float)rms));
        }

        TensorPrimitives.Multiply(scales, (float)factor, scales);
        return (mean, factor, scales);

        static double Square(double value) => value * value;
    }

    private static float[] Distances(ParameterScale parameter, float[] values, float[] locations) =>
        [.. values.Zip(locations, parameter.Difference)];

    private static float[] Scaled(float[] distances, float[] scales)
    {
        float[] residuals = new float[distances.Length];
        TensorPrimitives.Divide(distances, scales, residuals);
        return residuals;
    }

    private static float[] Filled(int count, float value)
    {
        float[] values = new float[count];
        Array.Fill(values, value);
        return values;
    }
}

/// <summary>Values of a parameter with the bounds that the prior and the parameters before it set.</summary>
internal sealed record ParameterValues(float[] Values, float[] Low, float[] High);
