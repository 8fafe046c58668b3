namespace Gbi.Reports.Plots;

/// <summary>Σ w and Σ w² in bins between ascending edges; values outside and missing ones are left out.</summary>
internal sealed class Histogram
{
    private Histogram(double[] edges)
    {
        Edges = edges;
        Sums = new double[edges.Length - 1];
        Squares = new double[edges.Length - 1];
    }

    public double[] Edges { get; }

    public double[] Sums { get; }

    public double[] Squares { get; }

    public int Count => Sums.Length;

    public double Centre(int bin) => (Edges[bin] + Edges[bin + 1]) / 2;

    public double Error(int bin) => Math.Sqrt(Squares[bin]);

    /// <summary>A histogram of values with weights; the last bin holds its upper edge.</summary>
    public static Histogram Of(double[] edges, float[] values, double[] weights)
    {
        var histogram = new Histogram(edges);
        for (int i = 0; i < values.Length; i++)
        {
            int bin = BinOf(edges, values[i]);
            if (bin >= 0)
            {
                histogram.Sums[bin] += weights[i];
                histogram.Squares[bin] += weights[i] * weights[i];
            }
        }

        return histogram;
    }

    /// <summary>A histogram of known contents.</summary>
    public static Histogram Of(double[] edges, IEnumerable<(double Value, double Error)> contents)
    {
        var histogram = new Histogram(edges);
        int bin = 0;
        foreach ((double value, double error) in contents)
        {
            histogram.Sums[bin] = value;
            histogram.Squares[bin++] = error * error;
        }

        return histogram;
    }

    /// <summary>Edges of bins of equal width.</summary>
    public static double[] EqualBins(double low, double high, int count) =>
        [.. Enumerable.Range(0, count + 1).Select(edge => low + ((high - low) * edge / count))];

    private static int BinOf(double[] edges, double value)
    {
        if (!(value >= edges[0] && value <= edges[^1]))
        {
            return -1;
        }

        int at = Array.BinarySearch(edges, value);
        return Math.Min(at >= 0 ? at : ~at - 1, edges.Length - 2);
    }
}
