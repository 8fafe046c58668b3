using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Figures;

/// <summary>The mass spectrum with the fit to the sidebands, and pulls below.</summary>
/// <param name="Spectrum">The fit.</param>
/// <param name="Window">Signal region and sidebands.</param>
/// <param name="Mass">Name of the mass column.</param>
/// <param name="YLabel">What is counted.</param>
internal sealed record SpectrumFigure(MassSpectrum Spectrum, MassWindow Window, string Mass, string YLabel)
{
    /// <summary>Whether only events of the sidebands are drawn.</summary>
    public bool IsBlind { get; init; }

    private const double LeastPullRange = 3.5;

    /// <summary>The figure of these events.</summary>
    /// <param name="masses">Masses in signal region and sidebands.</param>
    /// <param name="weights">One an event.</param>
    /// <param name="caption">What one sees.</param>
    public PlotFigure Figure(float[] masses, double[] weights, string caption)
    {
        double[] edges = Edges();
        Histogram data = Histogram.Of(edges, masses, weights);
        Histogram fit = Histogram.Of(
            edges, edges.Skip(1).Zip(edges, (high, low) => Spectrum.Expected(low, high)).Select(bin => (bin.Value, bin.Error)));
        CountAxis axis = CountAxis.For(data.Sums.Concat(fit.Sums));
        double least = axis.IsLog ? axis.Low : double.NegativeInfinity;
        (PlotTrace[] pulls, double reach) = Pulls(data, fit);
        return new PlotFigure("Mass spectrum with the fit to the sidebands, and pulls", caption,
            [.. HistogramTraces.Band(fit, least), Curve(fit), HistogramTraces.Points(data, "data", bin => Words(data, fit, bin)), .. pulls],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(Mass, edges[0], edges[^1]) with { Anchor = "y2" },
                Yaxis = axis.Axis(YLabel) with { Domain = [0.36, 1] },
                Yaxis2 = PlotAxis.Of("pull", -reach, reach) with { Domain = [0, 0.3], Nticks = 5 },
                Shapes = [PlotShape.Band(Window.Low, Window.High, PlotColor.Region, "signal region"), PlotShape.Level(0, "y2")],
            })
        { Wide = true };
    }

    /// <summary>
    /// (data − fit)/σ with σ² = fit · Σw²/Σw, the variance of a weighted Poisson count with the fit for its mean; and the fit's own error
    /// in the same unit as a band.
    /// </summary>
    private (PlotTrace[] Traces, double Reach) Pulls(Histogram data, Histogram fit)
    {
        double scale = data.Sums.Sum() > 0 ? data.Squares.Sum() / data.Sums.Sum() : 1;
        double[] sigma = [.. fit.Sums.Select(count => Math.Sqrt(Math.Max(0, count * scale)))];
        Histogram band = Histogram.Of(fit.Edges, Enumerable.Range(0, fit.Count).Select(bin => (0.0, fit.Error(bin) / sigma[bin])));
        int[] bins =
        [
            .. Enumerable.Range(0, fit.Count)
                .Where(bin => sigma[bin] > 0 && !(IsBlind && Window.RegionOf((float)fit.Centre(bin)) == MassRegion.SignalRegion))
        ];
        double[] pulls = [.. bins.Select(bin => (data.Sums[bin] - fit.Sums[bin]) / sigma[bin])];
        var points = new PlotTrace
        {
            X = PlotNumber.Of(bins.Select(fit.Centre)),
            Y = PlotNumber.Of(pulls),
            Mode = "markers",
            Marker = new PlotMarker(PlotColor.Data),
            Text = [.. pulls.Select(pull => PlotText.Of($"pull {pull:F2}"))],
            Yaxis = "y2",
        };
        return ([.. HistogramTraces.Band(band, yaxis: "y2"), points],
        Math.Max(LeastPullRange, 1.1 * pulls.Select(Math.Abs).DefaultIfEmpty().Max()));
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

    /// <summary>Bins that share the borders of the signal region, about sixty in all.</summary>
    private double[] Edges()
    {
        double width = Window.High - Window.Low;
        double perRegion = Math.Clamp(Math.Round(60 * width / (Spectrum.High - Spectrum.Low)), 2, 20);
        double bin = width / perRegion;
        int below = Math.Min((int)((Window.Low - Spectrum.Low) / bin), 100);
        int above = Math.Min((int)((Spectrum.High - Window.High) / bin), 100);
        return [.. Enumerable.Range(-below, below + (int)perRegion + above + 1).Select(edge => Window.Low + (edge * bin))];
    }
}
