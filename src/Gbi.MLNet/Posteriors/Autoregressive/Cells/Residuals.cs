using System.Numerics.Tensors;
using Gbi.Posteriors.Autoregressive.Means;

namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>Residuals u = (θ − location)/scale with their bounds.</summary>
internal sealed record Residuals(float[] Values, float[] Locations, float[] Scales, float[] Low, float[] High)
{
    // Share of the events whose bounds must cut off residuals that other events have, for bounds to matter.
    private const double LeastBoundedShare = 0.01;

    /// <summary>True where all have one shape that the bounds of each cut off, false where their shape is what is seen.</summary>
    public bool AreCut { get; init; }

    /// <summary>Residuals with the bounds that those of the parameter have about its locations.</summary>
    public static Residuals Of(ParameterScale parameter, float[] residuals, float[] locations, float[] scales, ParameterValues values)
    {
        float[] low = new float[residuals.Length];
        float[] high = new float[residuals.Length];
        float half = (float)((parameter.High - parameter.Low) / 2);
        for (int row = 0; row < residuals.Length; row++)
        {
            low[row] = (parameter.IsPeriodic ? -half : values.Low[row] - locations[row]) / scales[row];
            high[row] = (parameter.IsPeriodic ? half : values.High[row] - locations[row]) / scales[row];
        }

        return new Residuals(residuals, locations, scales, low, high);
    }

    /// <summary>Distances of a parameter from its locations.</summary>
    public static Residuals About(ParameterScale parameter, float[] locations, ParameterValues values)
    {
        float[] ones = new float[locations.Length];
        Array.Fill(ones, 1);
        return Of(parameter, [.. values.Values.Zip(locations, parameter.Difference)], locations, ones, values);
    }

    /// <summary>As many as are asked for with the location, scale and bounds of the first one; their values are 0.</summary>
    public Residuals OfOne(int count)
    {
        float[] Same(float[] values)
        {
            float[] same = new float[count];
            Array.Fill(same, values[0]);
            return same;
        }

        return this with
        {
            Values = new float[count],
            Locations = Same(Locations),
            Scales = Same(Scales),
            Low = Same(Low),
            High = Same(High),
        };
    }

    /// <summary>Some of the residuals.</summary>
    public Residuals Select(int[] rows)
    {
        float[] Of(float[] values) => Array.ConvertAll(rows, row => values[row]);
        return this with
        {
            Values = Of(Values),
            Locations = Of(Locations),
            Scales = Of(Scales),
            Low = Of(Low),
            High = Of(High),
        };
    }

    /// <summary>These residuals over other scales.</summary>
    public Residuals Over(float[] scales)
    {
        float[] Divided(float[] values)
        {
            float[] quotients = new float[values.Length];
            TensorPrimitives.Divide(values, scales, quotients);
            return quotients;
        }

        return this with { Values = Divided(Values), Scales = scales, Low = Divided(Low), High = Divided(High) };
    }

    /// <summary>True where the bounds leave something on both sides of a value.</summary>
    public bool AreOpen(int row, float split) => Low[row] < split && split < High[row];

    /// <summary>True where the bounds of a hundredth of the events cut off residuals that other events have.</summary>
    public bool AreBounded()
    {
        float least = Values.Min();
        float most = Values.Max();
        int cut = 0;
        for (int row = 0; row < Values.Length; row++)
        {
            cut += Low[row] > least || High[row] < most ? 1 : 0;
        }

        return cut >= LeastBoundedShare * Values.Length;
    }
}
