using MathNet.Numerics;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>
/// The density within cells: a straight line with the slope of the marginal density, an exponential beyond the outermost edges, and one
/// value where cells stand for values.
/// </summary>
internal sealed class CellShapes(float[] edges, double[] slopes, double below, double above, float[] points)
{
    // The density at the lower edge of a cell over the mean one stays within 1 ± this.
    private const double MostSlope = 0.9;

    /// <summary>(d₁ − d₀)/(d₁ + d₀) of the densities at the ends of each cell.</summary>
    public double[] Slopes => slopes;

    /// <summary>Mean distance beyond the lowest edge.</summary>
    public double Below => below;

    /// <summary>Mean distance beyond the highest edge.</summary>
    public double Above => above;

    /// <summary>The value of each cell; empty where cells are ranges.</summary>
    public float[] Points => points;

    /// <summary>The shapes of the marginal distribution of values.</summary>
    public static CellShapes Of(CellEdges cells, float[] values, double[] weights)
    {
        float[] edges = cells.Values;
        double[] masses = new double[edges.Length + 1];
        float[] points = new float[cells.ArePoints ? masses.Length : 0];
        double below = 0;
        double above = 0;
        for (int row = 0; row < values.Length; row++)
        {
            int found = Array.BinarySearch(edges, values[row]);
            int cell = found < 0 ? ~found : found;
            masses[cell] += weights[row];
            below += cell == 0 ? weights[row] * (edges[0] - (double)values[row]) : 0;
            above += cell == edges.Length ? weights[row] * (values[row] - (double)edges[^1]) : 0;
            if (cells.ArePoints)
            {
                points[cell] = values[row];
            }
        }

        double span = Math.Max(edges[^1] - (double)edges[0], float.Epsilon);
        double Mean(double sum, double mass) => sum > 0 && mass > 0 ? sum / mass : span;
        return new CellShapes(
            edges, cells.ArePoints ? [] : SlopesOf(edges, masses), Mean(below, masses[0]), Mean(above, masses[^1]), points);
    }

    /// <summary>ln of the density of u within its cell, which has mass 1 between the bounds.</summary>
    public double LogDensity(int cell, float u, float low, float high)
    {
        if (points.Length > 0)
        {
            return u == points[cell] ? 0 : double.NegativeInfinity;
        }

        if (cell == 0 || cell == edges.Length)
        {
            (double mean, double from, double room) = End(cell, low, high);
            double distance = cell == 0 ? from - u : u - from;
            return distance < 0 || distance > room
                ? double.NegativeInfinity
                : -Math.Log(mean) - (distance / mean) - Math.Log(-SpecialFunctions.Expm1(-room / mean));
        }

        (double left, double width, double slope) = Inside(cell, low, high);
        double at = (u - left) / width;
        return at < 0 || at > 1 ? double.NegativeInfinity : Math.Log((1 + (slope * ((2 * at) - 1))) / width);
    }

    /// <summary>The u below which a share of the cell's mass lies.</summary>
    public float Draw(int cell, float low, float high, double share)
    {
        if (points.Length > 0)
        {
            return points[cell];
        }

        if (cell == 0 || cell == edges.Length)
        {
            (double mean, double from, double room) = End(cell, low, high);
            double distance = -mean * SpecialFunctions.Log1p(share * SpecialFunctions.Expm1(-room / mean));
            return Math.Clamp((float)(cell == 0 ? from - distance : from + distance), low, high);
        }

        // The root of slope t² + (1 − slope) t = share, without a difference of close numbers.
        (double left, double width, double slope) = Inside(cell, low, high);
        double linear = 1 - slope;
        double at = 2 * share / (linear + Math.Sqrt((linear * linear) + (4 * slope * share)));
        return Math.Clamp((float)(left + (width * at)), low, high);
    }

    /// <summary>The smaller of the slopes towards both neighbours, 0 at a maximum or minimum, so that a density stays positive.</summary>
    private static double[] SlopesOf(float[] edges, double[] masses)
    {
        double[] slopes = new double[masses.Length];
        double Width(int cell) => Math.Max(edges[cell] - (double)edges[cell - 1], float.Epsilon);
        double Density(int cell) => masses[cell] / Width(cell);
        for (int cell = 2; cell + 2 < slopes.Length; cell++)
        {
            double left = 2 * (Density(cell) - Density(cell - 1)) / (Width(cell) + Width(cell - 1));
            double right = 2 * (Density(cell + 1) - Density(cell)) / (Width(cell + 1) + Width(cell));
            double slope = left * right <= 0 ? 0 : Math.Abs(left) < Math.Abs(right) ? left : right;
            slopes[cell] = Density(cell) > 0 ? Math.Clamp(slope * Width(cell) / (2 * Density(cell)), -MostSlope, MostSlope) : 0;
        }

        return slopes;
    }

    private (double Mean, double From, double Room) End(int cell, float low, float high)
    {
        double from = cell == 0 ? Math.Min(edges[0], high) : Math.Max(edges[^1], low);
        return (cell == 0 ? below : above, from, Math.Max(cell == 0 ? from - low : high - from, float.Epsilon));
    }

    /// <summary>A cell's part between the bounds, with the line's slope there.</summary>
    private (double Left, double Width, double Slope) Inside(int cell, float low, float high)
    {
        double left = edges[cell - 1];
        double width = edges[cell] - left;
        double from = Math.Max(left, low);
        double to = Math.Min(edges[cell], high);
        if (from <= left && to >= edges[cell])
        {
            return (left, width, slopes[cell]);
        }

        double middle = ((from + to) / 2) - left;
        double density = 1 + (slopes[cell] * ((2 * middle / width) - 1));
        double part = Math.Max(to - from, float.Epsilon);
        return (from, part, slopes[cell] * part / width / density);
    }
}
