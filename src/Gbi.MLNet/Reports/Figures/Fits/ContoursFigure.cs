using Gbi.Reports.Json.Fits;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures.Fits;

/// <summary>Contours of two parameters around their best values.</summary>
internal static class ContoursFigure
{
    private static readonly string?[] Dashes = [null, "dash", "dot"];

    /// <summary>The figure.</summary>
    /// <param name="contours">Those of one pair at several levels; one or more.</param>
    public static PlotFigure Of(IReadOnlyList<PairContourDocument> contours)
    {
        PairContourDocument[] sorted = [.. contours.OrderBy(contour => contour.ConfidenceLevel)];
        (string first, string second) = (sorted[0].First, sorted[0].Second);
        int lost = sorted.Sum(contour => contour.Failures.Count);
        return new PlotFigure(
            $"Contours of {first} and {second}",
            $"Contours that contain the true values of {first} and {second} with the given probabilities, all other parameters fitted at "
                + "each point. Dot: best fit."
                + (lost > 0 ? Text($" {Counted(lost, "point")} not found; the lines are straight there.") : ""),
            [.. sorted.Select((contour, at) => Line(contour, Dashes[Math.Min(at, Dashes.Length - 1)])), Best(sorted[0])],
            new PlotLayout
            {
                Xaxis = Axis(first, sorted.SelectMany(contour => contour.FirstValues), sorted[0].Best[0]) with { Nticks = 6 },
                Yaxis = Axis(second, sorted.SelectMany(contour => contour.SecondValues), sorted[0].Best[1]),
            });
    }

    private static PlotTrace Line(PairContourDocument contour, string? dash)
    {
        IEnumerable<int> points = Enumerable.Range(0, contour.FirstValues.Count);
        int[] order = [.. contour.IsClosed ? points.Concat(points.Take(1)) : points];
        return new PlotTrace
        {
            Name = Text($"{100 * contour.ConfidenceLevel:G3} %"),
            X = PlotNumber.Of(order.Select(at => contour.FirstValues[at])),
            Y = PlotNumber.Of(order.Select(at => contour.SecondValues[at])),
            Line = new PlotLine(PlotColor.Background, 2, dash),
            Text = [.. order.Select(at => PlotText.Of($"{contour.FirstValues[at]:G4}, {contour.SecondValues[at]:G4}"))],
        };
    }

    private static PlotTrace Best(PairContourDocument contour) => new()
    {
        Name = "best fit",
        X = PlotNumber.Of([contour.Best[0]]),
        Y = PlotNumber.Of([contour.Best[1]]),
        Mode = "markers",
        Marker = new PlotMarker(PlotColor.Data, 9),
        Text = [PlotText.Of($"best fit: {contour.Best[0]:G4}, {contour.Best[1]:G4}")],
    };

    private static PlotAxis Axis(string name, IEnumerable<double> values, double best)
    {
        double[] all = [.. values, best];
        double margin = Math.Max(0.08 * (all.Max() - all.Min()), 1e-6 * (1 + Math.Abs(best)));
        return PlotAxis.Of(PlotText.Shortened(name), all.Min() - margin, all.Max() + margin);
    }
}
