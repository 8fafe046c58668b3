using Gbi.Diagnostics;
using Gbi.Peaks;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Figures;

/// <summary>The figures of a measured peak.</summary>
internal static class PeakFigures
{
    private const double LeastPullRange = 3.5;

    /// <summary>The masses with the fit, and pulls below.</summary>
    /// <param name="spectrum">Masses and fit in bins.</param>
    /// <param name="mass">Name of the mass column.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="caption">What one sees.</param>
    /// <param name="isWide">Whether it takes the whole width of the page.</param>
    public static PlotFigure Spectrum(PeakSpectrum spectrum, string mass, string title, string caption, bool isWide)
    {
        (Histogram data, IReadOnlyList<double> pulls) = (spectrum.Data, spectrum.Pulls);
        IReadOnlyList<double> edges = data.Edges;
        double reach = Math.Max(LeastPullRange, 1.1 * pulls.Max(Math.Abs));
        double top = 1.15 * data.Sums.Max();
        return new PlotFigure(title, caption,
            [
                HistogramTraces.Area(spectrum.Background, "background", double.NegativeInfinity),
                Line(spectrum.Total, "peak and background", PlotColor.Signal),
                HistogramTraces.Points(data, "data", words: null),
                Pulls(data, pulls),
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(mass, edges[0], edges[^1]) with { Anchor = "y2" },
                Yaxis = PlotAxis.Of($"events / {(edges[1] - edges[0]):G3}", 0, top) with { Domain = [0.36, 1] },
                Yaxis2 = PlotAxis.Of("pull", -reach, reach) with { Domain = [0, 0.3], Nticks = 5 },
                Shapes = [PlotShape.Level(0, "y2")],
            })
        { Wide = isWide };
    }

    /// <summary>The scores of data in the region and of the background generated for it.</summary>
    public static PlotFigure Score(PeakCurves curves)
    {
        (Histogram data, Histogram background) = (curves.ScoreOfData, curves.ScoreOfBackground);
        return new PlotFigure("Score of data and of generated background",
            "Points: data of the region. Area: background generated from the sidebands. Lines: borders of the categories.",
            [HistogramTraces.Area(background, "generated background", 0), HistogramTraces.Points(data, "data", words: null)],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("ln data/background, out of fold", data.Edges[0], data.Edges[^1]),
                Yaxis = PlotAxis.Of("events", 0, 1.12 * Math.Max(data.Sums.Max(), background.Sums.Max())),
                Shapes =
                [
                    .. curves.Thresholds.Select(
                        border => PlotShape.Band(border, border, PlotColor.Guide) with { Line = new PlotLine(PlotColor.Guide, 1, "dash") })
                ],
            })
        { Wide = true };
    }

    private static PlotTrace Line(Histogram histogram, string name, string color) => new()
    {
        Name = name,
        X = PlotNumber.Of(Enumerable.Range(0, histogram.Count).Select(histogram.Centre)),
        Y = PlotNumber.Of(histogram.Sums),
        Line = new PlotLine(color, 2.2),
    };

    private static PlotTrace Pulls(Histogram data, IReadOnlyList<double> pulls) => new()
    {
        X = PlotNumber.Of(Enumerable.Range(0, data.Count).Select(data.Centre)),
        Y = PlotNumber.Of(pulls),
        Mode = "markers",
        Marker = new PlotMarker(PlotColor.Data),
        Yaxis = "y2",
    };
}
