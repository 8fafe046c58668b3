using Gbi.Numerics.Probability;
using Gbi.Reports.Plots;
using Gbi.Searches.Hunt;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures;

/// <summary>Local p-values over the mass.</summary>
internal static class HuntFigure
{
    private const double LeastPower = -3.2;
    private const int MostSigmas = 8;

    public static PlotFigure Of(BumpHuntResult result, string mass)
    {
        BumpWindow[] windows = [.. result.Windows.Where(window => window.Point is not null)];
        double least = Math.Min(LeastPower, Math.Log10(result.LocalProbability) - 0.4);
        int[] sigmas = [.. Enumerable.Range(1, MostSigmas).Where(sigma => Math.Log10(TailProbability.OfNormal(sigma)) > least)];
        return new PlotFigure(
            "Local p-value over the mass",
            "Local p-value of each window at its centre: below ½ for an excess, above for a deficit. Dashed: 1 σ, 2 σ and so on. Shaded: "
                + "the window with the smallest p-value.",
            [
                new PlotTrace
                {
                    X = PlotNumber.Of(windows.Select(window => window.Window.Centre)),
                    Y = PlotNumber.Of(windows.Select(window => window.Point!.LocalProbability)),
                    Mode = "lines+markers",
                    Line = new PlotLine(PlotColor.Signal),
                    Marker = new PlotMarker(PlotColor.Signal, 7),
                    Text = [.. windows.Select(Words)],
                },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(mass, result.Windows[0].Window.Low, result.Windows[^1].Window.High),
                Yaxis = PlotAxis.Of("local p-value", least, 0.1) with { Type = "log" },
                Shapes =
                [
                    PlotShape.Band(result.Best.Window.Low, result.Best.Window.High, PlotColor.Region),
                    .. sigmas.Select(sigma => PlotShape.Level(TailProbability.OfNormal(sigma), "y")),
                ],

                // On a logarithmic axis words are placed by powers of ten, lines by values.
                Annotations = [.. sigmas.Select(sigma => new PlotNote(
                    $"{sigma} σ", 0.99, PlotNumber.Of(Math.Log10(TailProbability.OfNormal(sigma))), "x domain", "right", "bottom"))],
            })
        { Wide = true };
    }

    private static string Words(BumpWindow window)
    {
        BumpPoint point = window.Point!;
        return PlotText.Of(
            $"{window.Window}: p = {point.LocalProbability:G3}, {point.Significance:F2} σ; {Counted(point.Observed, "event")}, expected "
                + $"{point.Expected.Value:N1} ± {point.Expected.Error:N1}");
    }
}
