using Gbi.Diagnostics.Closure;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures;

/// <summary>The log ratio that events show against the one that the models predict.</summary>
internal static class CalibrationFigure
{
    public static PlotFigure Of(CalibrationCurve curve)
    {
        double low = curve.Points.Min(point => Math.Min(point.Predicted, point.Observed));
        double high = curve.Points.Max(point => Math.Max(point.Predicted, point.Observed));
        double margin = 0.06 * (high - low);
        double[] ends = [low - margin, high + margin];
        return new PlotFigure(
            "Calibration of the ratio of signal over background",
            Text(
                $"ln r that signal simulation and generated background show in bins of the score, over the predicted one, each event by "
                    + $"models that did not see it. On the dashed diagonal the ratio is calibrated; a straight line through the points "
                    + $"has the slope {curve.Slope:F3} ± {curve.SlopeError:F3}."),
            [
                new PlotTrace
                {
                    Name = "calibrated", X = PlotNumber.Of(ends), Y = PlotNumber.Of(ends), Line = new PlotLine(PlotColor.Guide, 1.4, "dash")
                },
                new PlotTrace
                {
                    Name = "events",
                    X = PlotNumber.Of(curve.Points.Select(point => point.Predicted)),
                    Y = PlotNumber.Of(curve.Points.Select(point => point.Observed)),
                    ErrorY = new PlotErrors(PlotNumber.Of(curve.Points.Select(point => point.Error))),
                    Mode = "markers",
                    Marker = new PlotMarker(PlotColor.Data, 6),
                    Text =
                    [
                        .. curve.Points.Select(
                            point => PlotText.Of($"predicted {point.Predicted:F3}, shown {point.Observed:F3} ± {point.Error:G2}"))
                    ],
                },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("predicted ln r", ends[0], ends[1]),
                Yaxis = PlotAxis.Of("ln r shown by events", ends[0], ends[1]),
            });
    }
}
