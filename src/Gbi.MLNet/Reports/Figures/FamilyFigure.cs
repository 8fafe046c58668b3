using Gbi.Reports.Plots;
using Gbi.Searches.Family;
using Gbi.Searches.Options;

namespace Gbi.Reports.Figures;

/// <summary>Contours of the numbers of a signal family, and where else its fits ended.</summary>
internal static class FamilyFigure
{
    private const double Margin = 0.12;

    private static readonly (string Name, PlotLine Line)[] Styles =
    [
        ("1 σ (68.3 %)", new PlotLine(PlotColor.Background, 2.4)),
        ("2 σ (95.4 %)", new PlotLine(PlotColor.Background, 1.8, "dash")),
        ("3 σ (99.7 %)", new PlotLine(PlotColor.Background, 1.4, "dot")),
    ];

    /// <summary>The three contours of two numbers.</summary>
    /// <param name="found">The fit.</param>
    /// <param name="first">Name of the number along x.</param>
    /// <param name="second">Name of that along y.</param>
    public static PlotFigure Contours(SignalFamilyResult found, string first, string second)
    {
        FamilyContour[] contours = [.. found.Contours.Where(contour => contour.First == first && contour.Second == second)];
        var (left, right) = Span(contours[^1].Points.Select(point => point.First));
        var (low, high) = Span(contours[^1].Points.Select(point => point.Second));
        (double X, double Y, double Rise)[] others =
            [.. Others(found, first, second).Where(other => other.X > left && other.X < right && other.Y > low && other.Y < high)];
        string inside = others.Length == 0 ? "" : " Diamonds: further minima.";
        return new PlotFigure(
            $"Contours of {Words(first)} and {Words(second)}",
            $"{Words(first)} and {Words(second)}: contours that contain both true values with the given probabilities, all other "
                + $"parameters profiled. Dot: best fit.{inside}",
            [
                .. contours.Zip(Styles, (contour, style) => Line(contour, style.Name, style.Line)),
                Best(found, first, second),
                .. others.Length == 0 ? (PlotTrace[])[] : [Marks(others)],
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(Words(first), left, right) with { Nticks = 6 },
                Yaxis = PlotAxis.Of(Words(second), low, high),
            });
    }

    /// <summary>All minima over the whole range of two parameters; null where there is but one.</summary>
    public static PlotFigure? Minima(SignalFamilyResult found, string first, string second)
    {
        if (found.Minima.Count < 2)
        {
            return null;
        }

        (FamilyParameter x, FamilyParameter y) = (Of(found, first), Of(found, second));
        FamilyContour? widest = found.Contours.LastOrDefault(contour => contour.First == first && contour.Second == second);
        return new PlotFigure(
            $"Minima of the fit over the whole family of {first} and {second}",
            "Local minima from several starts. Diamonds: minima above the lowest, with their −2 Δ ln L. Dot: best fit"
                + (widest is null ? "." : ", with its 3 σ contour."),
            [
                .. widest is null ? (PlotTrace[])[] : [Line(widest, Styles[2].Name, Styles[2].Line)],
                Best(found, first, second),
                Marks([.. Others(found, first, second)]),
            ],
            new PlotLayout
            {
                Xaxis = Wide(x),
                Yaxis = Wide(y),
                Annotations = [.. Others(found, first, second).Select(other => new PlotNote(
                    PlotText.Of($"  {other.Rise:F1}"), PlotNumber.Of(other.X), PlotNumber.Of(other.Y), "x", "left", "middle"))],
            });

        static PlotAxis Wide(FamilyParameter parameter)
        {
            double margin = 0.04 * (parameter.Highest - parameter.Lowest);
            return PlotAxis.Of(parameter.Name, parameter.Lowest - margin, parameter.Highest + margin) with { Nticks = 6 };
        }
    }

    private static string Words(string name) => name == FamilySearchOptions.Fraction ? "signal fraction" : name;

    private static FamilyParameter Of(SignalFamilyResult found, string name) =>
        found.Parameters.Single(parameter => parameter.Name == name);

    private static PlotTrace Line(FamilyContour contour, string name, PlotLine line) => new()
    {
        Name = name,
        X = PlotNumber.Of(contour.Points.Append(contour.Points[0]).Select(point => point.First)),
        Y = PlotNumber.Of(contour.Points.Append(contour.Points[0]).Select(point => point.Second)),
        Line = line,
        Text = [.. contour.Points.Append(contour.Points[0]).Select(point => PlotText.Of($"{point.First:G4}, {point.Second:G4}"))],
    };

    private static PlotTrace Best(SignalFamilyResult found, string first, string second)
    {
        (double x, double y) = (Of(found, first).Value, Of(found, second).Value);
        return new PlotTrace
        {
            Name = "best fit",
            X = PlotNumber.Of([x]),
            Y = PlotNumber.Of([y]),
            Mode = "markers",
            Marker = new PlotMarker(PlotColor.Data, 9),
            Text = [PlotText.Of($"best fit: {x:G4}, {y:G4}")],
        };
    }

    private static PlotTrace Marks((double X, double Y, double Rise)[] others) => new()
    {
        Name = "further minimum",
        X = PlotNumber.Of(others.Select(other => other.X)),
        Y = PlotNumber.Of(others.Select(other => other.Y)),
        Mode = "markers",
        Marker = new PlotMarker(PlotColor.Signal, 9, "diamond"),
        Text = [.. others.Select(other => PlotText.Of($"minimum at {other.X:G4}, {other.Y:G4}: −2 ln L {other.Rise:F1} above the lowest"))],
    };

    private static IEnumerable<(double X, double Y, double Rise)> Others(SignalFamilyResult found, string first, string second)
    {
        int[] at =
            [.. ((string[])[first, second]).Select(name => found.Parameters.ToList().FindIndex(parameter => parameter.Name == name))];
        return found.Minima.Skip(1).Select(minimum => (At(minimum, at[0]), At(minimum, at[1]), minimum.Rise));

        static double At(FamilyMinimumFound minimum, int at) => at == 0 ? minimum.Fraction : minimum.Theta[at - 1];
    }

    private static (double Low, double High) Span(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double margin = Margin * (all.Max() - all.Min());
        return (all.Min() - margin, all.Max() + margin);
    }
}
