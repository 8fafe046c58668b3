using Gbi.Diagnostics.Power;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Figures;

/// <summary>By how much a cut on the score raises S/√B, over the signal that it keeps.</summary>
internal static class ImprovementFigure
{
    public static PlotFigure Of(SelectionCurve curve)
    {
        SelectionPoint best = curve.Best;
        SelectionPoint[] points = [.. curve.Points];
        SelectionPoint[] known = [.. points.Where(point => point.IsWellKnown)];
        SelectionPoint[] rest = [.. points.Where(point => point.SignalEfficiency <= known[0].SignalEfficiency)];
        return new PlotFigure(
            "Significance improvement of a cut on the score",
            "Signal efficiency / √(background efficiency), the factor by which a cut on the score raises S/√B, against the signal "
                + "efficiency. Solid: background above the cut known to 20 % or better; dotted: to less. Dot: maximum of the solid part. "
                + "Dashed: random cut.",
            [
                Curve(rest, "error above 20 %", new PlotLine(PlotColor.Signal, 1.4, "dot")),
                Curve(known, "cut on ln r", new PlotLine(PlotColor.Signal, 2.4)),
                new PlotTrace
                {
                    Name = "random cut",
                    X = PlotNumber.Of(Enumerable.Range(0, 51).Select(step => step / 50.0)),
                    Y = PlotNumber.Of(Enumerable.Range(0, 51).Select(step => Math.Sqrt(step / 50.0))),
                    Line = new PlotLine(PlotColor.Guide, 1.4, "dash"),
                },
                Curve([best], null, null) with { Mode = "markers", Marker = new PlotMarker(PlotColor.Data, 9) },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("signal efficiency", 0, 1),
                Yaxis = PlotAxis.Of("significance improvement", 0, 1.25 * Math.Max(best.Improvement, 1)),
            });
    }

    private static PlotTrace Curve(SelectionPoint[] points, string? name, PlotLine? line) => new()
    {
        Name = name,
        X = PlotNumber.Of(points.Select(point => point.SignalEfficiency)),
        Y = PlotNumber.Of(points.Select(point => point.Improvement)),
        Line = line,
        Text = [.. points.Select(point => PlotText.Of(
            $"{point.Improvement:F2} at ε_S {point.SignalEfficiency:G3}, ε_B {point.BackgroundEfficiency:G3}, ln r ≥ "
                + $"{point.Threshold:F2}"))],
    };
}
