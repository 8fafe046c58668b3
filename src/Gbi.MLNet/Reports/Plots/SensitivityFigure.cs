using Gbi.Analysis;

namespace Gbi.Reports.Plots;

/// <summary>The significance that is expected of a signal, over its share of the events.</summary>
internal static class SensitivityFigure
{
    private const int Points = 12;
    private const double Reach = 7;

    public static PlotFigure Of(SignalLikelihood likelihood, SignalSensitivity sensitivity)
    {
        double highest = Math.Min(0.99, Math.Max(Reach * sensitivity.Error, Math.Max(1.2 * sensitivity.AtRootBackground.Fraction, 1.2 * (sensitivity.AtEstimate?.Fraction ?? 0))));
        ExpectedSignificance[] curve = [new(0, 0), .. Enumerable.Range(1, Points).Select(step => likelihood.Expected(highest * step / Points))];
        double top = Math.Max(5.5, 1.15 * curve.Max(point => point.Significance));
        return new PlotFigure(
            "Expected significance over the signal fraction",
            "Median significance with which a signal of a given fraction would be discovered, from Asimov data with the template's nominal rate and shape; the marks are S = √B and the fitted fraction. The dashed lines are 3 σ and 5 σ.",
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
                .. sensitivity.AtEstimate is { } fitted ? (PlotTrace[])[Mark("fitted fraction", fitted, new PlotMarker(PlotColor.Data, 9))] : [],
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("signal fraction", 0, 1.03 * highest) with { Nticks = 6 },
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
