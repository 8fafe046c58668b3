using Gbi.Diagnostics;
using Gbi.Events;
using Gbi.Peaks;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Figures;

/// <summary>The figures of a measured peak.</summary>
internal static class PeakFigures
{
    private const int Bins = 70;
    private const double LeastPullRange = 3.5;

    /// <summary>The masses with the fit, and pulls below.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="mass">Name of the mass column.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="caption">What one sees.</param>
    /// <param name="category">A category, or null for all of them together.</param>
    public static PlotFigure Spectrum(PeakFit fit, string mass, string title, string caption, int? category = null)
    {
        double[] edges = Histogram.EqualBins(fit.Low, fit.High, category is null ? Bins : Bins / 2);
        float[] masses = [.. fit.Masses(category).Select(value => (float)value)];
        double[] ones = new double[masses.Length];
        Array.Fill(ones, 1);
        Histogram data = Histogram.Of(edges, masses, ones);
        (double Peak, double Background)[] expected = [.. edges.Zip(edges.Skip(1), (low, high) => fit.Expected(low, high, category))];
        Histogram background = Histogram.Of(edges, expected.Select(bin => (bin.Background, 0.0)));
        Histogram all = Histogram.Of(edges, expected.Select(bin => (bin.Peak + bin.Background, 0.0)));
        double[] pulls =
            [.. Enumerable.Range(0, data.Count).Select(bin => (data.Sums[bin] - all.Sums[bin]) / Math.Sqrt(Math.Max(all.Sums[bin], 1)))];
        double reach = Math.Max(LeastPullRange, 1.1 * pulls.Max(Math.Abs));
        double top = 1.15 * data.Sums.Max();
        return new PlotFigure(title, caption,
            [
                HistogramTraces.Area(background, "background", double.NegativeInfinity),
                Line(all, "peak and background", PlotColor.Signal),
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
        { Wide = category is null };
    }

    /// <summary>The scores of data in the region and of the background generated for it.</summary>
    public static PlotFigure Score(PeakMeasurement measurement)
    {
        PeakScores scores = measurement.Scores;
        ReadOnlySpan<float> masses = measurement.Events[measurement.Options.Schema.Mass!];
        int[] region = measurement.Options.Window.Rows(masses, MassRegion.SignalRegion);
        double[] isRegion = new double[masses.Length];
        Array.ForEach(region, row => isRegion[row] = 1);
        double[] edges = Histogram.EqualBins(scores.LogRatio.Min(), scores.LogRatio.Max(), 50);
        Histogram data = Histogram.Of(edges, scores.LogRatio, isRegion);
        Histogram background = Histogram.Of(edges, scores.LogRatio, scores.BackgroundWeight);
        return new PlotFigure("Score of data and of generated background",
            "Points are data of the region, the area is the background generated from the sidebands; lines are the borders of the "
                + "categories.",
            [HistogramTraces.Area(background, "generated background", 0), HistogramTraces.Points(data, "data", words: null)],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("ln data/background, out of fold", edges[0], edges[^1]),
                Yaxis = PlotAxis.Of("events", 0, 1.12 * Math.Max(data.Sums.Max(), background.Sums.Max())),
                Shapes =
                [
                    .. scores.Thresholds.Select(
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

    private static PlotTrace Pulls(Histogram data, double[] pulls) => new()
    {
        X = PlotNumber.Of(Enumerable.Range(0, data.Count).Select(data.Centre)),
        Y = PlotNumber.Of(pulls),
        Mode = "markers",
        Marker = new PlotMarker(PlotColor.Data),
        Yaxis = "y2",
    };
}
