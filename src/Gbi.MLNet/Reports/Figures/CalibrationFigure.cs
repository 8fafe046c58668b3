using Gbi.Diagnostics.Closure;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures;

/// <summary>Observed against predicted log ratio.</summary>
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
                $"Observed ln r of signal simulation and background in bins of the score against the predicted one, out of "
                    + $"fold. Dashed: a calibrated ratio. Slope of a straight line through the points: {curve.Slope:F3} ± "
                    + $"{curve.SlopeError:F3}."),
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
                            point => PlotText.Of($"predicted {point.Predicted:F3}, observed {point.Observed:F3} ± {point.Error:G2}"))
                    ],
                },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("predicted ln r", ends[0], ends[1]),
                Yaxis = PlotAxis.Of("observed ln r", ends[0], ends[1]),
            });
    }
}
