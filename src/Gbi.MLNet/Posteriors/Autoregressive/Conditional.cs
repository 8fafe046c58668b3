using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>q(θⱼ|f): location m(f), scale s(f), and the density of u = (θⱼ − m)/s given f.</summary>
internal sealed class Conditional
{
    // A part of the mean residual that keeps ln |residual| finite.
    private const double LeastResidual = 0.01;

    private readonly ConditionalMean _location;
    private readonly ConditionalMean? _scale;
    private readonly double _factor;
    private readonly BitTree _bits;
    private readonly bool _isBounded;

    private Conditional(ConditionalMean location, ConditionalMean? scale, double factor, BitTree bits, bool isBounded)
    {
        _location = location;
        _scale = scale;
        _factor = factor;
        _bits = bits;
        _isBounded = isBounded;
    }

    /// <summary>Learns the conditional.</summary>
    /// <returns>The conditional and the residuals u of the training events by fits without them.</returns>
    public static (Conditional Conditional, float[] Residuals) Fit(
        float[] parameter, EventTable features, (float[] Low, float[] High) range, TrainingSet set, TreePosteriorOptions options, Seed seed)
    {
        BinnedEvents binned = FeatureBins.Learn(features, features.ColumnNames, options.Trees.MaxBins).Apply(features);
        (ConditionalMean location, float[] locations) = ConditionalMean.Fit(features, binned, parameter, set, options.Trees);
        float[] residual = new float[set.Count];
        TensorPrimitives.Subtract(parameter, locations, residual);
        (ConditionalMean? scale, double factor, float[] scales) = FitScale(features, binned, residual, set, options.Trees);
        TensorPrimitives.Divide(residual, scales, residual);
        Residuals residuals = Bounded(residual, locations, scales, range, isBounded: false);
        bool isBounded = IsBounded(residuals);
        int depth = Math.Clamp((int)Math.Log2(set.Count / options.EventsOfACell), 3, options.MaxDepth);
        var bits = new BitOptions(depth, Math.Min(depth, 5), options.HeldOutOneIn, options.Trees);
        BitTree tree = BitTree.Fit(features, binned, residuals with { IsBounded = isBounded }, set, bits, seed);
        return (new Conditional(location, scale, factor, tree, isBounded), residual);
    }

    /// <summary>ln q of the parameter of each event.</summary>
    /// <param name="parameter">Values of the parameter.</param>
    /// <param name="features">The features f.</param>
    /// <param name="range">Bounds of each event's parameter.</param>
    /// <param name="residuals">Filled with u.</param>
    public double[] LogDensity(float[] parameter, EventTable features, (float[] Low, float[] High) range, float[] residuals)
    {
        (float[] locations, float[] scales) = LocationsAndScales(features);
        TensorPrimitives.Subtract(parameter, locations, residuals);
        TensorPrimitives.Divide(residuals, scales, residuals);
        double[] sums = _bits.LogDensity(features, Bounded(residuals, locations, scales, range, _isBounded));
        for (int row = 0; row < sums.Length; row++)
        {
            bool inside = parameter[row] >= range.Low[row] && parameter[row] <= range.High[row];
            sums[row] = inside ? sums[row] - Math.Log(scales[row]) : double.NegativeInfinity;
        }

        return sums;
    }

    /// <summary>Draws the parameter at each event's features.</summary>
    public float[] Draw(EventTable features, (float[] Low, float[] High) range, float[] residuals, Func<int, int, double> uniforms)
    {
        (float[] locations, float[] scales) = LocationsAndScales(features);
        _bits.Draw(features, Bounded(residuals, locations, scales, range, _isBounded), uniforms);
        float[] values = new float[features.Count];
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = Math.Clamp(locations[row] + (scales[row] * residuals[row]), range.Low[row], range.High[row]);
            residuals[row] = (values[row] - locations[row]) / scales[row];
        }

        return values;
    }

    private (float[] Locations, float[] Scales) LocationsAndScales(EventTable features)
    {
        float[] scales;
        if (_scale is null)
        {
            scales = new float[features.Count];
            Array.Fill(scales, (float)_factor);
        }
        else
        {
            scales = _scale.Predict(features);
            TensorPrimitives.Exp(scales, scales);
            TensorPrimitives.Multiply(scales, (float)_factor, scales);
        }

        return (_location.Predict(features), scales);
    }

    private static (ConditionalMean? Scale, double Factor, float[] Scales) FitScale(
        EventTable features, BinnedEvents binned, float[] residual, TrainingSet set, TreeOptions options)
    {
        double least = LeastResidual * set.Mean(row => Math.Abs(residual[row]));
        double rms = Math.Sqrt(set.Mean(row => residual[row] * (double)residual[row]));
        float[] target = [.. residual.Select(value => (float)Math.Log(Math.Abs(value) + least))];
        (ConditionalMean mean, float[] outOfFold) = ConditionalMean.Fit(features, binned, target, set, options);
        float[] scales = new float[set.Count];
        TensorPrimitives.Exp(outOfFold, scales);
        double factor = Math.Sqrt(set.Mean(row => Square(residual[row] / scales[row])));
        double learnt = set.Mean(row => outOfFold[row]) + Math.Log(factor);
        if (mean.IsConstant || !(learnt < Math.Log(rms)) || !double.IsFinite(factor))
        {
            Array.Fill(scales, (float)rms);
            return (null, rms, scales);
        }

        TensorPrimitives.Multiply(scales, (float)factor, scales);
        return (mean, factor, scales);

        static double Square(double value) => value * value;
    }

    private static Residuals Bounded(
        float[] values, float[] locations, float[] scales, (float[] Low, float[] High) range, bool isBounded)
    {
        float[] low = new float[values.Length];
        float[] high = new float[values.Length];
        for (int row = 0; row < values.Length; row++)
        {
            low[row] = (range.Low[row] - locations[row]) / scales[row];
            high[row] = (range.High[row] - locations[row]) / scales[row];
        }

        return new Residuals(values, locations, scales, low, high, isBounded);
    }

    /// <summary>True where the bounds cut off residuals that others have in at least one event of a hundred.</summary>
    private static bool IsBounded(Residuals residuals)
    {
        float least = residuals.Values.Min();
        float most = residuals.Values.Max();
        int cut = 0;
        for (int row = 0; row < residuals.Values.Length; row++)
        {
            cut += residuals.Low[row] > least || residuals.High[row] < most ? 1 : 0;
        }

        return cut >= residuals.Values.Length / 100.0;
    }
}
