using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Sampling;

/// <summary>
/// Draws of one or two parameters from the cells of a grid: a cell by its density at the middle times its size, then a uniform point in it.
/// The grid covers the box in which the density is above e⁻¹⁴ of its maximum, which is found by coarser grids and by proposals.
/// </summary>
/// <remarks>A smooth density of standard deviation σ is widened by cells of width h to a variance of σ² + h²/12.</remarks>
internal static class GridSampler
{
    private const int CellsOfSearch = 80;
    private const int ProposalsOfSearch = 8192;
    private const int MostSearches = 8;
    private const int FactorOfOneParameter = 20;
    private const double LogFloor = -14;

    /// <summary>Draws.</summary>
    /// <exception cref="DataException">There are more than two parameters, or the density is 0 wherever it is tried.</exception>
    public static DensityDraws Draw(SampledDensity density, int count, Seed seed, SamplingOptions options)
    {
        Prior prior = density.Prior;
        int width = prior.Parameters.Count;
        if (width > 2)
        {
            throw new DataException(
                $"The density has {width} parameters, a grid takes one or two; use importance resampling or differential evolution.");
        }

        int cellsOfAnAxis = width == 1 ? options.CellsOfAnAxis * FactorOfOneParameter : options.CellsOfAnAxis;
        GridAxis[] axes = Box(density, seed, CellsOfSearch * (width == 1 ? FactorOfOneParameter : 1));
        axes = Array.ConvertAll(axes, axis => axis.With(cellsOfAnAxis));
        double[] logs = density.LogDensity(Middles(prior, axes));
        double largest = logs.Max();
        if (double.IsNegativeInfinity(largest))
        {
            throw Nowhere(prior);
        }

        // All cells have one size.
        double[] cumulative = new double[logs.Length];
        double sum = 0;
        for (int cell = 0; cell < logs.Length; cell++)
        {
            cumulative[cell] = sum += Math.Exp(logs[cell] - largest);
        }

        EventTable table = Points(prior, axes, cumulative, count, seed.Child("cells"));
        return new DensityDraws
        {
            Table = table,
            LogDensities = density.LogDensity(table),
            Method = SamplingMethod.Grid,
            EffectiveSize = count,
            LogIntegral = largest + Math.Log(sum) + axes.Sum(axis => Math.Log(axis.Cell)),
            EvaluationCount = density.EvaluationCount,
        };
    }

    /// <summary>The axes around all points where the density is above the floor.</summary>
    private static GridAxis[] Box(SampledDensity density, Seed seed, int cells)
    {
        Proposals proposals = Proposals.Of(density, ProposalsOfSearch, seed, null);
        GridAxis[] axes = [.. density.Prior.Parameters.Select((name, k) => GridAxis.Of(density.Prior, k, proposals.Table[name], cells))];
        for (int search = 0; search < MostSearches; search++)
        {
            EventTable middles = Middles(density.Prior, axes);
            double[] logs = density.LogDensity(middles);
            double largest = Math.Max(logs.Max(), proposals.LogDensities.Max());
            if (double.IsNegativeInfinity(largest))
            {
                throw Nowhere(density.Prior);
            }

            double floor = largest + LogFloor;
            GridAxis[] narrower = [.. axes.Select((axis, k) => axis.Around(
                Above(middles[density.Prior.Parameters[k]], logs, floor),
                Above(proposals.Table[density.Prior.Parameters[k]], proposals.LogDensities, floor)))];
            bool isFound = narrower.Zip(axes).All(pair => pair.First.Length > 0.7 * pair.Second.Length);
            axes = narrower;
            if (isFound)
            {
                break;
            }
        }

        return axes;
    }

    private static float[] Above(ReadOnlySpan<float> values, double[] logs, double floor)
    {
        var above = new List<float>();
        for (int row = 0; row < values.Length; row++)
        {
            if (logs[row] > floor)
            {
                above.Add(values[row]);
            }
        }

        return [.. above];
    }

    private static EventTable Middles(Prior prior, GridAxis[] axes)
    {
        int cells = axes.Aggregate(1, (product, axis) => checked(product * axis.Count));
        return EventTable.FromColumns([.. prior.Parameters.Select((name, k) => (
            name, (float[])[.. Enumerable.Range(0, cells).Select(cell => axes[k].At(IndexOf(axes, cell, k), 0.5))]))]);
    }

    private static EventTable Points(Prior prior, GridAxis[] axes, double[] cumulative, int count, Seed seed)
    {
        float[][] columns = [.. axes.Select(_ => new float[count])];
        for (int draw = 0; draw < count; draw++)
        {
            Seed ofDraw = seed.Child(draw);
            int cell = Array.BinarySearch(cumulative, ofDraw.Uniform(0) * cumulative[^1]);
            cell = Math.Min(cell < 0 ? ~cell : cell + 1, cumulative.Length - 1);
            for (int k = 0; k < axes.Length; k++)
            {
                columns[k][draw] = axes[k].At(IndexOf(axes, cell, k), ofDraw.Uniform(k + 1));
            }
        }

        return EventTable.FromColumns([.. prior.Parameters.Select((name, k) => (name, columns[k]))]);
    }

    private static int IndexOf(GridAxis[] axes, int cell, int axis) => axis == 0 ? cell % axes[0].Count : cell / axes[0].Count;

    private static DataException Nowhere(Prior prior) => new(
        $"The density of {string.Join(", ", prior.Parameters)} is 0 at every point of the grid and of the prior that was tried; check it.");
}

/// <summary>Cells of one parameter: equal parts of an interval, or the values of an integer or a category.</summary>
internal sealed record GridAxis(double Low, double High, int Count, (double Low, double High) Range, double[] Values)
{
    /// <summary>Length that is covered.</summary>
    public double Length => High - Low;

    /// <summary>Length of a cell; 1 for a value.</summary>
    public double Cell => Length / Count;

    /// <summary>The axis of a parameter over its range; over the proposals and half as much again where the range has no end.</summary>
    public static GridAxis Of(Prior prior, int parameter, ReadOnlySpan<float> proposals, int cells)
    {
        double[] values = [.. prior.Values(parameter)];
        (double Low, double High) range = prior.Range(parameter);
        if (values.Length > 0)
        {
            return new GridAxis(0, values.Length, values.Length, range, values);
        }

        double low = System.Numerics.Tensors.TensorPrimitives.Min(proposals);
        double high = System.Numerics.Tensors.TensorPrimitives.Max(proposals);
        double margin = (high - low) / 2;
        return new GridAxis(
            double.IsFinite(range.Low) ? range.Low : low - margin, double.IsFinite(range.High) ? range.High : high + margin, cells, range,
            []);
    }

    /// <summary>The same interval in other cells.</summary>
    public GridAxis With(int cells) => Values.Length > 0 ? this : this with { Count = cells };

    /// <summary>The interval around the middles of cells and around points, with a cell more at each end.</summary>
    public GridAxis Around(float[] middles, float[] points)
    {
        if (Values.Length > 0)
        {
            return this;
        }

        float[] all = [.. middles, .. points];
        double low = all.Min() - (1.5 * Cell);
        double high = all.Max() + (1.5 * Cell);
        return this with { Low = Math.Max(low, Range.Low), High = Math.Min(high, Range.High) };
    }

    /// <summary>A point of a cell.</summary>
    public float At(int cell, double share) => Values.Length > 0
        ? (float)Values[cell]
        : (float)SinglePrecision.Within(Low + ((cell + share) * Cell), Range);
}
