using Gbi.Diagnostics.Power;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures;

/// <summary>The background that a cut on the score keeps, over the signal that it keeps.</summary>
internal static class RocFigure
{
    public static PlotFigure Of(SelectionCurve curve)
    {
        SelectionPoint[] points = [.. curve.Points];
        SelectionPoint[] known = [.. points.Where(point => point.IsWellKnown)];
        SelectionPoint[] rest = [.. points.Where(point => known.Length == 0 || point.SignalEfficiency <= known[0].SignalEfficiency)];
        double lowest = points.Min(point => point.BackgroundEfficiency);
        double[] random = [.. Enumerable.Range(0, 51).Select(step => Math.Pow(lowest, step / 50.0))];
        return new PlotFigure(
            "Background efficiency over signal efficiency",
            Text(
                $"Background efficiency of a cut on the score against its signal efficiency. Dotted: background above the cut known to "
                    + $"less than 20 %. Dashed: random cut. Area under the ROC curve: {curve.Area:F4}."),
            [
                Curve(rest, "error above 20 %", new PlotLine(PlotColor.Signal, 1.4, "dot")),
                Curve(known, "cut on ln r", new PlotLine(PlotColor.Signal, 2.4)),
                new PlotTrace
                {
                    Name = "random cut", X = PlotNumber.Of(random), Y = PlotNumber.Of(random),
                    Line = new PlotLine(PlotColor.Guide, 1.4, "dash")
                },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("signal efficiency", 0, 1),
                Yaxis = PlotAxis.Of("background efficiency", Math.Log10(lowest), 0) with { Type = "log", Dtick = 1 },
            });
    }

    private static PlotTrace Curve(SelectionPoint[] points, string name, PlotLine line) => new()
    {
        Name = name,
        X = PlotNumber.Of(points.Select(point => point.SignalEfficiency)),
        Y = PlotNumber.Of(points.Select(point => point.BackgroundEfficiency)),
        Line = line,
        Text =
        [
            .. points.Select(
                point => PlotText.Of($"ε_S {point.SignalEfficiency:G3}, ε_B {point.BackgroundEfficiency:G3}, ln r ≥ {point.Threshold:F2}"))
        ],
    };
}
