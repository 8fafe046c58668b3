namespace Gbi.Diagnostics;

/// <summary>Σ w and Σ w² in bins between ascending edges; values outside and missing ones are left out.</summary>
public sealed class Histogram
{
    private readonly double[] _edges;
    private readonly double[] _sums;
    private readonly double[] _squares;

    private Histogram(double[] edges) => (_edges, _sums, _squares) = (edges, new double[edges.Length - 1], new double[edges.Length - 1]);

    /// <summary>Borders of the bins, ascending; one more than bins.</summary>
    public IReadOnlyList<double> Edges => _edges;

    /// <summary>Σ w of each bin.</summary>
    public IReadOnlyList<double> Sums => _sums;

    /// <summary>Σ w² of each bin.</summary>
    public IReadOnlyList<double> Squares => _squares;

    /// <summary>Number of bins.</summary>
    public int Count => _sums.Length;

    /// <summary>Middle of a bin.</summary>
    public double Centre(int bin) => (_edges[bin] + _edges[bin + 1]) / 2;

    /// <summary>√Σ w² of a bin.</summary>
    public double Error(int bin) => Math.Sqrt(_squares[bin]);

    /// <summary>A histogram of values with weights; the last bin holds its upper edge.</summary>
    /// <param name="edges">Borders of the bins, ascending.</param>
    /// <param name="values">One per event.</param>
    /// <param name="weights">One per event; empty for 1 each.</param>
    public static Histogram Of(IReadOnlyList<double> edges, ReadOnlySpan<float> values, ReadOnlySpan<double> weights = default)
    {
        var histogram = new Histogram([.. edges]);
        for (int i = 0; i < values.Length; i++)
        {
            int bin = BinOf(histogram._edges, values[i]);
            if (bin >= 0)
            {
                double weight = weights.IsEmpty ? 1 : weights[i];
                histogram._sums[bin] += weight;
                histogram._squares[bin] += weight * weight;
            }
        }

        return histogram;
    }

    /// <summary>A histogram of known contents.</summary>
    /// <param name="edges">Borders of the bins, ascending.</param>
    /// <param name="contents">One per bin.</param>
    public static Histogram Of(IReadOnlyList<double> edges, IEnumerable<(double Value, double Error)> contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var histogram = new Histogram([.. edges]);
        int bin = 0;
        foreach ((double value, double error) in contents)
        {
            histogram._sums[bin] = value;
            histogram._squares[bin++] = error * error;
        }

        return histogram;
    }

    /// <summary>Edges of bins of equal width.</summary>
    public static double[] EqualBins(double low, double high, int count) =>
        [.. Enumerable.Range(0, count + 1).Select(edge => low + ((high - low) * edge / count))];

    /// <summary>Edges over all but the outermost 0.2 % on either side; a bin each value where there are few, such as counts of
    /// jets.</summary>
    internal static double[] EdgesFor(ReadOnlySpan<float> values)
    {
        float[] present = [.. values.ToArray().Where(float.IsFinite).Order()];
        if (present.Length == 0)
        {
            return EqualBins(0, 1, 1);
        }

        double low = present[(int)(0.002 * (present.Length - 1))];
        double high = present[(int)(0.998 * (present.Length - 1))];
        if (low >= high)
        {
            return EqualBins(low - 0.5, high + 0.5, 1);
        }

        bool isWhole = high - low <= 40 && present.All(value => value == MathF.Floor(value));
        return isWhole
            ? EqualBins(low - 0.5, high + 0.5, (int)(high - low) + 1)
            : EqualBins(low, high, 40);
    }

    /// <summary>
    /// χ² against a prediction: Σ (d − p)²/(σ_d² + σ_p²) over the bins in which one of them has an error, and their number.
    /// </summary>
    internal (double ChiSquared, int Bins) Distance(Histogram prediction)
    {
        double sum = 0;
        int bins = 0;
        for (int bin = 0; bin < Count; bin++)
        {
            double variance = _squares[bin] + prediction._squares[bin];
            if (variance > 0)
            {
                sum += Math.Pow(_sums[bin] - prediction._sums[bin], 2) / variance;
                bins++;
            }
        }

        return (sum, bins);
    }

    /// <summary>Contents and errors over the contents of another histogram, whose own errors are left out; NaN where it has none.</summary>
    internal Histogram Over(Histogram other) => Of(
        _edges,
        _sums.Select((sum, bin) => other._sums[bin] > 0
            ? (sum / other._sums[bin], Error(bin) / other._sums[bin])
            : (double.NaN, double.NaN)));

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
