using Gbi.Diagnostics;
using Gbi.Events;
using Gbi.Reports.Plots;
using Gbi.Searches.Results;

namespace Gbi.Reports.Figures;

/// <summary>The mass spectrum with the fit to the sidebands, and pulls below.</summary>
internal static class SpectrumFigure
{
    private const double LeastPullRange = 3.5;

    /// <summary>The figure.</summary>
    /// <param name="spectrum">Data and fit.</param>
    /// <param name="window">Signal region and sidebands.</param>
    /// <param name="mass">Name of the mass column.</param>
    /// <param name="yLabel">What is counted.</param>
    /// <param name="caption">What one sees.</param>
    public static PlotFigure Of(SpectrumComparison spectrum, MassWindow window, string mass, string yLabel, string caption)
    {
        (Histogram data, Histogram fit) = (spectrum.Data, spectrum.Fit);
        CountAxis axis = CountAxis.For(data.Sums.Concat(fit.Sums));
        double least = axis.IsLog ? axis.Low : double.NegativeInfinity;
        double[] pulls = [.. spectrum.Pulls.Where(pull => !double.IsNaN(pull))];
        double reach = Math.Max(LeastPullRange, 1.1 * pulls.Select(Math.Abs).DefaultIfEmpty().Max());
        return new PlotFigure("Mass spectrum with the fit to the sidebands, and pulls", caption,
            [
                .. HistogramTraces.Band(fit, least), Curve(fit), HistogramTraces.Points(data, "data", bin => Words(data, fit, bin)),
                .. Pulls(spectrum)
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(mass, fit.Edges[0], fit.Edges[^1]) with { Anchor = "y2" },
                Yaxis = axis.Axis(yLabel) with { Domain = [0.36, 1] },
                Yaxis2 = PlotAxis.Of("pull", -reach, reach) with { Domain = [0, 0.3], Nticks = 5 },
                Shapes = [PlotShape.Band(window.Low, window.High, PlotColor.Region, "signal region"), PlotShape.Level(0, "y2")],
            })
        { Wide = true };
    }

    private static IEnumerable<PlotTrace> Pulls(SpectrumComparison spectrum)
    {
        Histogram band = Histogram.Of(spectrum.Fit.Edges, spectrum.FitErrors.Select(error => (0.0, error)));
        int[] bins = [.. Enumerable.Range(0, spectrum.Fit.Count).Where(bin => !double.IsNaN(spectrum.Pulls[bin]))];
        var points = new PlotTrace
        {
            X = PlotNumber.Of(bins.Select(spectrum.Fit.Centre)),
            Y = PlotNumber.Of(bins.Select(bin => spectrum.Pulls[bin])),
            Mode = "markers",
            Marker = new PlotMarker(PlotColor.Data),
            Text = [.. bins.Select(bin => PlotText.Of($"pull {spectrum.Pulls[bin]:F2}"))],
            Yaxis = "y2",
        };
        return [.. HistogramTraces.Band(band, yaxis: "y2"), points];
    }

    private static PlotTrace Curve(Histogram fit) => new()
    {
        Name = "fit to the sidebands",
        X = PlotNumber.Of(Enumerable.Range(0, fit.Count).Select(fit.Centre)),
        Y = PlotNumber.Of(fit.Sums),
        Line = new PlotLine(PlotColor.Background, 2.2),
    };

    private static string Words(Histogram data, Histogram fit, int bin) => PlotText.Of(
        $"{data.Edges[bin]:G5} to {data.Edges[bin + 1]:G5}: {data.Sums[bin]:G6} ± {data.Error(bin):G3}, fit {fit.Sums[bin]:G6} ± "
            + $"{fit.Error(bin):G3}");
}
