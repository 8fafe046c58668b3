using Gbi.Reports.Plots;
using Gbi.Searches.Signal;

namespace Gbi.Reports.Figures;

/// <summary>The significance that is expected of a signal, over its share of the events.</summary>
internal static class SensitivityFigure
{
    public static PlotFigure Of(SignalSensitivity sensitivity, IReadOnlyList<ExpectedSignificance> curve)
    {
        string marks = sensitivity.AtEstimate is null ? "Mark: S = √B" : "Marks: S = √B and the fitted fraction";
        double top = Math.Max(5.5, 1.15 * curve.Max(point => point.Significance));
        return new PlotFigure(
            "Expected significance over the signal fraction",
            $"Median discovery significance against the signal fraction, from Asimov data with the template's nominal rate and shape. "
                + $"{marks}. Dashed: 3 σ and 5 σ.",
            [
                new PlotTrace
                {
                    Name = "expected",
                    X = PlotNumber.Of(curve.Select(point => point.Fraction)),
                    Y = PlotNumber.Of(curve.Select(point => point.Significance)),
                    Line = new PlotLine(PlotColor.Signal, 2.4),
                    Text = [.. curve.Select(Words)],
                },
                Mark("S = √B", sensitivity.AtRootBackground, new PlotMarker(PlotColor.Background, 9, "diamond")),
                .. sensitivity.AtEstimate is { } fitted
                    ? (PlotTrace[])[Mark("fitted fraction", fitted, new PlotMarker(PlotColor.Data, 9))]
                    : [],
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("signal fraction", 0, 1.03 * curve[^1].Fraction) with { Nticks = 6 },
                Yaxis = PlotAxis.Of("expected significance (σ)", 0, top),
                Shapes = [PlotShape.Level(3, "y"), PlotShape.Level(5, "y")],
            });
    }

    private static PlotTrace Mark(string name, ExpectedSignificance at, PlotMarker marker) => new()
    {
        Name = name,
        X = PlotNumber.Of([at.Fraction]),
        Y = PlotNumber.Of([at.Significance]),
        Mode = "markers",
        Marker = marker,
        Text = [Words(at)],
    };

    private static string Words(ExpectedSignificance point) => PlotText.Of($"fraction {point.Fraction:G3}: {point.Significance:F2} σ");
}
