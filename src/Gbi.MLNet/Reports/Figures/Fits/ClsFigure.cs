using Gbi.Reports.Json.Fits;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures.Fits;

/// <summary>CLs over the strength, observed and expected with its band.</summary>
internal static class ClsFigure
{
    /// <summary>The figure; null where a result has no test of several strengths.</summary>
    public static PlotFigure? Of(LimitDocument limit)
    {
        Point[] points = [.. PointsOf(limit).Where(point => point.Expected.Count > 0)];
        if (points.Length < 2)
        {
            return null;
        }

        string name = PlotText.Shortened(limit.ParameterOfInterest);
        bool byToys = limit.Scan is null;
        return new PlotFigure(
            $"CLs over {limit.ParameterOfInterest}",
            Text($"CLs of each {limit.ParameterOfInterest}: observed (line), expected without signal (dashed) with its bands of 68 % and ")
                + Text($"95 % of experiments. Dashed across: {1 - limit.ConfidenceLevel:G3}, below which {limit.ParameterOfInterest} is ")
                + Text($"excluded at {100 * limit.ConfidenceLevel:G4} %.")
                + (byToys ? " By toys, with the errors of their number." : " A click on CLs+b or CLb in the legend shows these."),
            [
                .. Band(points, 0, 4, "expected ± 2 σ", PlotColor.TwoSigma),
                .. Band(points, 1, 3, "expected ± 1 σ", PlotColor.OneSigma),
                Line(points, "expected", point => point.Expected[2], new PlotLine(PlotColor.Guide, 1.8, "dash")),
                Line(points, "observed", point => point.Cls, new PlotLine(PlotColor.Data, 2.2)) with
                {
                    ErrorY = byToys ? new PlotErrors(PlotNumber.Of(points.Select(point => point.Error))) : null,
                },
                .. byToys ? [] : (PlotTrace[])
                [
                    Line(points, "CLs+b", point => point.Clsb, new PlotLine(PlotColor.Background)) with { Visible = "legendonly" },
                    Line(points, "CLb", point => point.Clb, new PlotLine(PlotColor.Signal)) with { Visible = "legendonly" },
                ],
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(name, points[0].Mu, points[^1].Mu) with { Nticks = 8 },
                Yaxis = PlotAxis.Of("CLs", 0, 1.03),
                Shapes = [PlotShape.Level(1 - limit.ConfidenceLevel, "y")],
                Annotations =
                [
                    new PlotNote(Text($"{1 - limit.ConfidenceLevel:G3}"), 0.99, 1 - limit.ConfidenceLevel, "x domain", "right", "bottom")
                ],
            })
        { Wide = true };
    }

    private static IEnumerable<Point> PointsOf(LimitDocument limit) =>
        limit.Scan?.Select(point => new Point(point.Mu, point.Cls, double.NaN, point.Clsb, point.Clb, point.ExpectedCls))
            ?? limit.Tests?.Select(test => new Point(test.Mu, test.Cls, test.ClsError, double.NaN, double.NaN, test.ExpectedCls))
            ?? [];

    private static PlotTrace[] Band(Point[] points, int low, int high, string name, string color)
    {
        var none = new PlotLine(color, 0);
        return
        [
            Curve(points, point => point.Expected[low], none),
            Curve(points, point => point.Expected[high], none) with { Name = name, Fill = "tonexty", Fillcolor = color },
        ];
    }

    private static PlotTrace Line(Point[] points, string name, Func<Point, double> of, PlotLine line) => Curve(points, of, line) with
    {
        Name = name,
        Text = [.. points.Select(point => PlotText.Of($"{name} at {point.Mu:G4}: {of(point):G4}"))],
    };

    private static PlotTrace Curve(Point[] points, Func<Point, double> of, PlotLine line) => new()
    {
        X = PlotNumber.Of(points.Select(point => point.Mu)),
        Y = PlotNumber.Of(points.Select(of)),
        Line = line,
    };

    private sealed record Point(double Mu, double Cls, double Error, double Clsb, double Clb, IReadOnlyList<double> Expected);
}
