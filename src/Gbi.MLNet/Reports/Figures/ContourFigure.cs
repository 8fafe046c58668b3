using Gbi.Inference.Contours;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures;

/// <summary>Contours of two parameters around their best values.</summary>
internal static class ContourFigure
{
    private const double Margin = 0.08;

    private static readonly (string Name, PlotLine Line)[] Levels =
    [
        ("1 σ (68.3 %)", new PlotLine(PlotColor.Background, 2.4)),
        ("2 σ (95.4 %)", new PlotLine(PlotColor.Background, 1.8, "dash")),
        ("3 σ (99.7 %)", new PlotLine(PlotColor.Background, 1.4, "dot")),
    ];

    /// <param name="contours">Those of 1, 2 and 3 standard deviations, in this order.</param>
    /// <param name="first">Words for the first parameter.</param>
    /// <param name="second">Words for the second one.</param>
    /// <param name="truth">Both true values; null where nobody knows them.</param>
    public static PlotFigure Of(
        IReadOnlyList<ProfileContour> contours, string first, string second, (double First, double Second)? truth = null)
    {
        ProfileContour widest = contours[^1];
        (double left, double right) = Span(widest.Points.Select(point => point.First).Append(truth?.First ?? widest.Best.First));
        (double low, double high) = Span(widest.Points.Select(point => point.Second).Append(truth?.Second ?? widest.Best.Second));
        return new PlotFigure(
            $"Contours of {first} and {second}",
            "Contours that contain both true values with the given probabilities, all other parameters profiled. Dot: best fit."
                + (truth is null ? "" : " Cross: truth.") + Remarks(contours),
            [
                .. contours.Zip(Levels, (contour, level) => Line(contour, level.Name, level.Line)),
                Mark("best fit", widest.Best, new PlotMarker(PlotColor.Data, 9)),
                .. truth is { } known ? (PlotTrace[])[Mark("truth", known, new PlotMarker(PlotColor.Signal, 11, "x"))] : [],
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(first, left, right) with { Nticks = 6 },
                Yaxis = PlotAxis.Of(second, low, high),
            });
    }

    private static PlotTrace Line(ProfileContour contour, string name, PlotLine line)
    {
        ContourPoint[] points = contour.IsClosed ? [.. contour.Points, contour.Points[0]] : [.. contour.Points];
        return new PlotTrace
        {
            Name = name,
            X = PlotNumber.Of(points.Select(point => point.First)),
            Y = PlotNumber.Of(points.Select(point => point.Second)),
            Line = line,
            Text = [.. points.Select(point => PlotText.Of($"{point.First:G4}, {point.Second:G4}"))],
        };
    }

    private static PlotTrace Mark(string name, (double First, double Second) at, PlotMarker marker) => new()
    {
        Name = name,
        X = PlotNumber.Of([at.First]),
        Y = PlotNumber.Of([at.Second]),
        Mode = "markers",
        Marker = marker,
        Text = [PlotText.Of($"{name}: {at.First:G4}, {at.Second:G4}")],
    };

    private static (double Low, double High) Span(IEnumerable<double> values)
    {
        double low = values.Min();
        double high = values.Max();
        double margin = Margin * (high - low);
        return (low - margin, high + margin);
    }

    private static string Remarks(IReadOnlyList<ProfileContour> contours)
    {
        int lost = contours.Sum(contour => contour.Failures.Count);
        return lost == 0 ? "" : Text($" {Counted(lost, "point")} of the contours were not found; the lines are straight there.");
    }
}
