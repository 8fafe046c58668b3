using Gbi.Inference.Fits;
using Gbi.Reports.Plots;
using Gbi.Searches.Results;

namespace Gbi.Reports.Figures;

/// <summary>The likelihood of the signal fraction with its intervals.</summary>
internal static class LikelihoodFigure
{
    private const double Highest = 10;

    public static PlotFigure Of(SignalFraction fraction, IReadOnlyList<ScanPoint> scan)
    {
        ScanPoint[] points = [.. scan.Where(point => point.T <= Highest)];
        return new PlotFigure(
            "Likelihood of the signal fraction",
            "−2 Δ ln L against the signal fraction. Dot: best fit. Dark band: 68 % interval; light band: 95 % interval, between the "
                + "points where the curve crosses 1 and 3.84 (dashed).",
            [
                new PlotTrace
                {
                    Name = "−2 Δ ln L",
                    X = PlotNumber.Of(points.Select(point => point.Mu)),
                    Y = PlotNumber.Of(points.Select(point => point.T)),
                    Line = new PlotLine(PlotColor.Background, 2.2),
                    Text = [.. points.Select(point => PlotText.Of($"fraction {point.Mu:G4}: {point.T:F2}"))],
                },
                new PlotTrace
                {
                    Name = "best fit",
                    X = PlotNumber.Of([fraction.Value]),
                    Y = [0],
                    Mode = "markers",
                    Marker = new PlotMarker(PlotColor.Data, 9),
                },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("signal fraction", points[0].Mu, points[^1].Mu) with { Nticks = 6 },
                Yaxis = PlotAxis.Of("−2 Δ ln L", -0.3, Highest),
                Shapes = [Shade(fraction.Interval95), Shade(fraction.Interval68), PlotShape.Level(1, "y"), PlotShape.Level(3.84, "y")],
                Annotations = [Note("68 %", 1), Note("95 %", 3.84)],
            });
    }

    private static PlotShape Shade(ConfidenceInterval interval) => PlotShape.Band(interval.Lower, interval.Upper, PlotColor.BackgroundArea);

    private static PlotNote Note(string words, double y) => new(words, 0.99, y, "x domain", "right", "bottom");
}
