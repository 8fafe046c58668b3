using Gbi.Diagnostics;

namespace Gbi.Reports.Plots;

/// <summary>Histograms as traces of a figure.</summary>
internal static class HistogramTraces
{
    /// <summary>Points with error bars; empty bins are left out.</summary>
    /// <param name="histogram">What is drawn.</param>
    /// <param name="name">For the legend; null leaves it out.</param>
    /// <param name="words">What a reader who points at a bin is told.</param>
    /// <param name="yaxis">The panel.</param>
    public static PlotTrace Points(Histogram histogram, string? name, Func<int, string>? words, string yaxis = "y")
    {
        int[] filled = [.. Enumerable.Range(0, histogram.Count).Where(bin => histogram.Squares[bin] > 0)];
        return new PlotTrace
        {
            Name = name,
            X = PlotNumber.Of(filled.Select(histogram.Centre)),
            Y = PlotNumber.Of(filled.Select(bin => histogram.Sums[bin])),
            ErrorY = new PlotErrors(PlotNumber.Of(filled.Select(histogram.Error))),
            Mode = "markers",
            Marker = new PlotMarker(PlotColor.Data),
            Text = words is null ? null : [.. filled.Select(words)],
            Yaxis = yaxis,
        };
    }

    /// <summary>A line along the bins.</summary>
    /// <param name="histogram">What is drawn.</param>
    /// <param name="name">For the legend; null leaves it out.</param>
    /// <param name="line">Its colour and dash.</param>
    /// <param name="least">The lowest value drawn, for logarithmic axes.</param>
    /// <param name="yaxis">The panel.</param>
    public static PlotTrace Steps(
        Histogram histogram, string? name, PlotLine line, double least = double.NegativeInfinity, string yaxis = "y") =>
        Outline(histogram, errors: 0, least, line) with { Name = name, Yaxis = yaxis };

    /// <summary>A filled outline.</summary>
    public static PlotTrace Area(Histogram histogram, string name, double least) =>
        Steps(
            histogram, name, new PlotLine(PlotColor.Background, 1.2),
            least) with
        { Fill = "tozeroy", Fillcolor = PlotColor.BackgroundArea };

    /// <summary>The errors as a band along the bins: a lower edge, then an upper one that is filled down to it.</summary>
    public static PlotTrace[] Band(Histogram histogram, double least = double.NegativeInfinity, string yaxis = "y")
    {
        var noLine = new PlotLine(PlotColor.BackgroundError, 0);
        PlotTrace upper = Outline(histogram, +1, least, noLine) with
        {
            Fill = "tonexty",
            Fillcolor = PlotColor.BackgroundError,
            Yaxis = yaxis
        };
        return [Outline(histogram, -1, least, noLine) with { Yaxis = yaxis }, upper];
    }

    private static PlotTrace Outline(Histogram histogram, int errors, double least, PlotLine line)
    {
        double[] heights =
            [.. Enumerable.Range(0, histogram.Count).Select(bin => Math.Max(least, histogram.Sums[bin] + (errors * histogram.Error(bin))))];
        return new PlotTrace
        {
            X = PlotNumber.Of(histogram.Edges),
            Y = PlotNumber.Of([.. heights, heights[^1]]),
            Line = line with { Shape = "hv" },
        };
    }
}
