using Gbi.Diagnostics;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Figures;

/// <summary>Data over the generated background with its errors, other samples as lines, and ratios to the background below.</summary>
internal sealed record ComparisonFigure
{
    public const string Generated = "background";

    public required string Title { get; init; }

    public required string Caption { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    /// <summary>The data; null where they are not to be looked at.</summary>
    public required Histogram? Data { get; init; }

    public required Histogram Background { get; init; }

    /// <summary>The sidebands as they are, scaled to the background; null to leave them out.</summary>
    public Histogram? Sidebands { get; init; }

    /// <summary>The signal simulation and what the legend calls it; null without one.</summary>
    public (Histogram Sample, string Name)? Signal { get; init; }

    public bool IsWide { get; init; }

    public PlotFigure Figure()
    {
        CountAxis axis = CountAxis.For((Data?.Sums ?? []).Concat(Background.Sums), Signal is { } signal ? signal.Sample.Sums.Max() : 0);
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

        if (Sidebands is not null)
        {
            yield return HistogramTraces.Steps(Sidebands, "sidebands", new PlotLine(PlotColor.Sideband, Dash: "dash"), least);
        }

        if (Signal is { } signal)
        {
            yield return HistogramTraces.Steps(signal.Sample, signal.Name, new PlotLine(PlotColor.Signal, 2.2), least);
        }

        if (Data is { } data)
        {
            yield return HistogramTraces.Points(data, "data", bin => Words(data, bin));
        }
    }

    private IEnumerable<PlotTrace> Ratios()
    {
        foreach (PlotTrace edge in HistogramTraces.Band(Divided(Background, ofNone: 1), yaxis: "y2"))
        {
            yield return edge;
        }

        if (Sidebands is not null)
        {
            yield return HistogramTraces.Steps(Divided(Sidebands), null, new PlotLine(PlotColor.Sideband, Dash: "dash"), yaxis: "y2");
        }

        if (Data is null)
        {
            yield break;
        }

        Histogram ratio = Divided(Data);
        yield return HistogramTraces.Points(
            ratio, null, bin => PlotText.Of($"data over background: {ratio.Sums[bin]:G4} ± {ratio.Error(bin):G2}"), "y2");
    }

    private string Words(Histogram data, int bin) => PlotText.Of(
        $"{data.Edges[bin]:G5} to {data.Edges[bin + 1]:G5}: {data.Sums[bin]:G6} ± {data.Error(bin):G3}, background "
            + $"{Background.Sums[bin]:G6} ± {Background.Error(bin):G3}");

    /// <summary>A histogram divided by the background, whose own errors are those of the band alone, and what stands for bins without
    /// any.</summary>
    private Histogram Divided(Histogram histogram, double ofNone = double.NaN) => Histogram.Of(
        histogram.Edges,
        Enumerable.Range(0, histogram.Count).Select(bin => Background.Sums[bin] > 0
            ? (histogram.Sums[bin] / Background.Sums[bin], histogram.Error(bin) / Background.Sums[bin])
            : (ofNone, 0.0)));

    /// <summary>Symmetric around 1, wide enough for nine tenths of the bins, from ±5 % to ±100 %.</summary>
    private (double Low, double High) RatioRange()
    {
        Histogram ratio = Divided(Data ?? Sidebands ?? Background);
        double[] distances = [.. Enumerable.Range(0, ratio.Count)
            .Where(bin => ratio.Squares[bin] > 0 && double.IsFinite(ratio.Sums[bin]))
            .Select(bin => Math.Abs(ratio.Sums[bin] - 1) + ratio.Error(bin))
            .Order()];
        double reach = distances.Length == 0 ? 0.5 : Math.Clamp(1.2 * distances[(int)(0.9 * (distances.Length - 1))], 0.05, 1);
        return (1 - reach, 1 + reach);
    }
}
