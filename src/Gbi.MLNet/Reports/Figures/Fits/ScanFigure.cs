using Gbi.Reports.Json.Fits;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures.Fits;

/// <summary>−2 Δ ln L along a parameter, all others profiled.</summary>
internal static class ScanFigure
{
    private const double OfOneSigma = 1;
    private const double Of95 = 3.84;

    /// <summary>The figure.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="best">Its best value.</param>
    /// <param name="points">The profile.</param>
    /// <param name="intervals">Intervals to shade, of any confidence level; empty for none.</param>
    public static PlotFigure Of(
        string parameter, double best, IReadOnlyList<ScanPointDocument> points, IReadOnlyList<IntervalEndsDocument> intervals)
    {
        ScanPointDocument[] found = [.. points.Where(point => double.IsFinite(point.T)).OrderBy(point => point.Value)];
        int lost = points.Count - found.Length;
        double top = Math.Max(1.3 * Of95, 1.05 * found.Select(point => point.T).DefaultIfEmpty(0).Max());
        string name = PlotText.Shortened(parameter);
        string levels = string.Join(" and ", intervals.Select(interval => Text($"{100 * interval.ConfidenceLevel:G4} %")));
        return new PlotFigure(
            $"Likelihood scan of {parameter}",
            $"−2 Δ ln L along {parameter}, all other parameters fitted at each value. Dot: best fit. Dashed: 1 and 3.84, where the 68.3 % "
                + "and 95 % intervals of a parabola end."
                + (intervals.Count > 0 ? $" Shaded: intervals at {levels}." : "")
                + (lost > 0 ? Text($" {Counted(lost, "value")} where a fit failed left out.") : ""),
            [
                new PlotTrace
                {
                    X = PlotNumber.Of(found.Select(point => point.Value)),
                    Y = PlotNumber.Of(found.Select(point => point.T)),
                    Mode = "lines+markers",
                    Line = new PlotLine(PlotColor.Background, 2.2),
                    Marker = new PlotMarker(PlotColor.Background, 4),
                    Text = [.. found.Select(point => PlotText.Of($"{parameter} = {point.Value:G4}: {point.T:F2}"))],
                },
                new PlotTrace
                {
                    Name = "best fit",
                    X = PlotNumber.Of([best]),
                    Y = [0],
                    Mode = "markers",
                    Marker = new PlotMarker(PlotColor.Data, 9),
                    Text = [PlotText.Of($"{parameter} = {best:G5}")],
                },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(
                    name, found.Select(point => point.Value).DefaultIfEmpty(best - 1).Min(),
                    found.Select(point => point.Value).DefaultIfEmpty(best + 1).Max()) with
                {
                    Nticks = 6,
                },
                Yaxis = PlotAxis.Of("−2 Δ ln L", -0.03 * top, top),
                Shapes =
                [
                    .. intervals.OrderByDescending(interval => interval.ConfidenceLevel)
                        .Select(interval => PlotShape.Band(interval.Lower, interval.Upper, PlotColor.BackgroundArea)),
                    PlotShape.Level(OfOneSigma, "y"),
                    PlotShape.Level(Of95, "y"),
                ],
                Annotations = [Note("68 %", OfOneSigma), Note("95 %", Of95)],
            });
    }

    private static PlotNote Note(string words, double y) => new(words, 0.99, y, "x domain", "right", "bottom");
}
