namespace Gbi.Reports.Plots;

/// <summary>The axis of counts: from 0, or logarithmic where they span more than a factor of 50.</summary>
internal sealed record CountAxis
{
    private const double MostLinearSpan = 50;

    private CountAxis(double low, double high, bool isLog)
    {
        Low = low;
        High = high;
        IsLog = isLog;
    }

    /// <summary>The lower end, below which nothing is drawn.</summary>
    public double Low { get; }

    public double High { get; }

    public bool IsLog { get; }

    /// <summary>An axis for counts that decide its kind, high enough for another one.</summary>
    public static CountAxis For(IEnumerable<double> counts, double other = 0)
    {
        double[] positive = [.. counts.Where(count => count > 0)];
        double most = positive.DefaultIfEmpty(1).Max();
        double least = positive.DefaultIfEmpty(1).Min();
        return most > MostLinearSpan * least
            ? new CountAxis(least / 2, 2 * Math.Max(most, other), isLog: true)
            : new CountAxis(0, 1.12 * Math.Max(most, other), isLog: false);
    }

    public PlotAxis Axis(string title) => IsLog
        ? PlotAxis.Of(title, Math.Log10(Low), Math.Log10(High)) with { Type = "log" }
        : PlotAxis.Of(title, Low, High);
}
