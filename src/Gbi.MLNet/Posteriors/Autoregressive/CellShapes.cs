using static MathNet.Numerics.SpecialFunctions;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>
/// The density within cells: a straight line between the marginal densities of the neighbours, tilted by the odds of the last bit; an
/// exponential beyond the outermost edges.
/// </summary>
internal sealed class CellShapes
{
    private const double MostSlope = 0.9;

    private readonly float[] _edges;
    private readonly double[] _slopes;
    private readonly double _below;
    private readonly double _above;

    public CellShapes(float[] edges, double[] slopes, double below, double above)
    {
        _edges = edges;
        _slopes = slopes;
        _below = below;
        _above = above;
    }

    public static CellShapes Of(float[] edges, float[] values, double[] weights)
    {
        double below = 0, belowWeight = 0, above = 0, aboveWeight = 0;
        double[] masses = new double[edges.Length + 1];
        for (int row = 0; row < values.Length; row++)
        {
            double weight = weights[row];
            if (values[row] <= edges[0])
            {
                below += weight * (edges[0] - values[row]);
                belowWeight += weight;
            }
            else if (values[row] > edges[^1])
            {
                above += weight * (values[row] - edges[^1]);
                aboveWeight += weight;
            }

            int cell = Array.BinarySearch(edges, values[row]);
            masses[cell < 0 ? ~cell : cell] += weight;
        }

        double[] slopes = new double[edges.Length + 1];
        double Width(int cell) => Math.Max(edges[cell] - (double)edges[cell - 1], 1e-30);
        double Density(int cell) => masses[cell] / Width(cell);
        for (int cell = 2; cell + 2 < slopes.Length; cell++)
        {
            double left = (Density(cell) - Density(cell - 1)) / ((Width(cell) + Width(cell - 1)) / 2);
            double right = (Density(cell + 1) - Density(cell)) / ((Width(cell + 1) + Width(cell)) / 2);
            double slope = left * right <= 0 ? 0 : Math.Abs(left) < Math.Abs(right) ? left : right;
            slopes[cell] = Density(cell) > 0 ? Math.Clamp(slope * Width(cell) / (2 * Density(cell)), -MostSlope, MostSlope) : 0;
        }

        return new CellShapes(edges, slopes, MeanOf(below, belowWeight), MeanOf(above, aboveWeight));

        double MeanOf(double sum, double weight) => weight > 0 && sum > 0 ? sum / weight : Math.Max(edges[^1] - (double)edges[0], 1e-30);
    }

    /// <summary>ln of the density of u within its cell, which has mass 1 between the bounds.</summary>
    public double LogDensity(int cell, float u, float low, float high, float logit)
    {
        if (cell == 0 || cell == _edges.Length)
        {
            (double mean, double from, double room) = End(cell, low, high);
            double distance = cell == 0 ? from - u : u - from;
            return distance < 0 || distance > room ? double.NegativeInfinity
                : -Math.Log(mean) - (distance / mean) - Math.Log(-Expm1(-room / mean));
        }

        (double left, double width, double slope) = Inside(cell, low, high, logit);
        double at = (u - left) / width;
        return at < 0 || at > 1 ? double.NegativeInfinity : Math.Log((1 + (slope * ((2 * at) - 1))) / width);
    }

    /// <summary>The u below which a share of the cell's mass lies.</summary>
    public float Draw(int cell, float low, float high, float logit, double share)
    {
        if (cell == 0 || cell == _edges.Length)
        {
            (double mean, double from, double room) = End(cell, low, high);
            double distance = -mean * Math.Log(1 + (share * Expm1(-room / mean)));
            return Math.Clamp((float)(cell == 0 ? from - distance : from + distance), low, high);
        }

        (double left, double width, double slope) = Inside(cell, low, high, logit);

        // The root of slope t² + (1 − slope) t = share, without a difference of close numbers.
        double b = 1 - slope;
        double at = 2 * share / (b + Math.Sqrt((b * b) + (4 * slope * share)));
        return Math.Clamp((float)(left + (width * at)), low, high);
    }

    private (double Mean, double From, double Room) End(int cell, float low, float high)
    {
        double edge = cell == 0 ? _edges[0] : _edges[^1];
        double from = cell == 0 ? Math.Min(edge, high) : Math.Max(edge, low);
        double room = cell == 0 ? from - low : high - from;
        return (cell == 0 ? _below : _above, from, room);
    }

    private (double Left, double Width, double Slope) Inside(int cell, float low, float high, float logit)
    {
        double left = _edges[cell - 1];
        double width = _edges[cell] - left;
        double slope = Math.Clamp(_slopes[cell] + (Tilt * logit / 2), -MostSlope, MostSlope);
        double from = Math.Max(left, low);
        double to = Math.Min(_edges[cell], high);
        if (from > left || to < _edges[cell])
        {
            // The line of the whole cell, where a part of it alone is allowed.
            double mid = (from + to) / 2;
            double value = 1 + (slope * ((2 * (mid - left) / width) - 1));
            slope = slope * (to - from) / width / value;
            (left, width) = (from, Math.Max(to - from, 1e-30));
        }

        return (left, width, Math.Clamp(slope, -MostSlope, MostSlope));
    }

    internal static double Tilt { get; set; } = 0.5;
}
