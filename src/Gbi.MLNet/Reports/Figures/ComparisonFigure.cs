using Gbi.Diagnostics;
using Gbi.Reports.Plots;
using Gbi.Searches.Results;

namespace Gbi.Reports.Figures;

/// <summary>Data over the generated background with its errors, other samples as lines, and ratios to the background below.</summary>
internal sealed record ComparisonFigure
{
    public const string Generated = "background";

    public required string Title { get; init; }

    public required string Caption { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    public required SampleComparison Samples { get; init; }

    /// <summary>What the legend calls the signal simulation.</summary>
    public string SignalName { get; init; } = "signal";

    public bool IsWide { get; init; }

    private Histogram Background => Samples.Background;

    public PlotFigure Figure()
    {
        CountAxis axis = CountAxis.For((Samples.Data?.Sums ?? []).Concat(Background.Sums), Samples.Signal?.Sums.Max() ?? 0);
        (double low, double top) = RatioRange();
        return new PlotFigure(Title, Caption, [.. Traces(axis.IsLog ? axis.Low : double.NegativeInfinity), .. Ratios()], new PlotLayout
        {
            Xaxis = PlotAxis.Of(XLabel, Background.Edges[0], Background.Edges[^1]) with { Anchor = "y2" },
            Yaxis = axis.Axis(YLabel) with { Domain = [0.36, 1] },
            Yaxis2 = PlotAxis.Of("ratio", low, top) with { Domain = [0, 0.3], Nticks = 5 },
            Shapes = [PlotShape.Level(1, "y2")],
        })
        { Wide = IsWide };
    }

    private IEnumerable<PlotTrace> Traces(double least)
    {
        yield return HistogramTraces.Area(Background, Generated, least);
        foreach (PlotTrace edge in HistogramTraces.Band(Background, least))
        {
            yield return edge;
        }

        if (Samples.Sidebands is { } sidebands)
        {
            yield return HistogramTraces.Steps(sidebands, "sidebands", new PlotLine(PlotColor.Sideband, Dash: "dash"), least);
        }

        if (Samples.Signal is { } signal)
        {
            yield return HistogramTraces.Steps(signal, SignalName, new PlotLine(PlotColor.Signal, 2.2), least);
        }

        if (Samples.Data is { } data)
        {
            yield return HistogramTraces.Points(data, "data", bin => Words(data, bin));
        }
    }

    private IEnumerable<PlotTrace> Ratios()
    {
        foreach (PlotTrace edge in HistogramTraces.Band(Continued(Samples.BackgroundRatio), yaxis: "y2"))
        {
            yield return edge;
        }

        if (Samples.SidebandRatio is { } sidebands)
        {
            yield return HistogramTraces.Steps(sidebands, null, new PlotLine(PlotColor.Sideband, Dash: "dash"), yaxis: "y2");
        }

        if (Samples.DataRatio is { } ratio)
        {
            yield return HistogramTraces.Points(
                ratio, null, bin => PlotText.Of($"data over background: {ratio.Sums[bin]:G4} ± {ratio.Error(bin):G2}"), "y2");
        }
    }

    private string Words(Histogram data, int bin) => PlotText.Of(
        $"{data.Edges[bin]:G5} to {data.Edges[bin + 1]:G5}: {data.Sums[bin]:G6} ± {data.Error(bin):G3}, background "
            + $"{Background.Sums[bin]:G6} ± {Background.Error(bin):G3}");

    /// <summary>The band goes on through bins without background.</summary>
    private static Histogram Continued(Histogram band) => Histogram.Of(
        band.Edges,
        Enumerable.Range(0, band.Count).Select(bin => double.IsNaN(band.Sums[bin]) ? (1, 0.0) : (band.Sums[bin], band.Error(bin))));

    /// <summary>Symmetric around 1, wide enough for nine tenths of the bins, from ±5 % to ±100 %.</summary>
    private (double Low, double High) RatioRange()
    {
        Histogram ratio = Samples.DataRatio ?? Samples.SidebandRatio ?? Samples.BackgroundRatio;
        double[] distances = [.. Enumerable.Range(0, ratio.Count)
            .Where(bin => ratio.Squares[bin] > 0 && double.IsFinite(ratio.Sums[bin]))
            .Select(bin => Math.Abs(ratio.Sums[bin] - 1) + ratio.Error(bin))
            .Order()];
        double reach = distances.Length == 0 ? 0.5 : Math.Clamp(1.2 * distances[(int)(0.9 * (distances.Length - 1))], 0.05, 1);
        return (1 - reach, 1 + reach);
    }
}
