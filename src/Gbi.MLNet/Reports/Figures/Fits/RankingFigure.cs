using Gbi.Reports.Json.Fits;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures.Fits;

/// <summary>The parameters that move the parameter of interest most, with what they did before the fit.</summary>
internal static class RankingFigure
{
    /// <summary>Parameters that are shown, at most.</summary>
    public const int MostRows = 25;

    /// <summary>The figure.</summary>
    /// <param name="impacts">Impacts, the largest first; one or more.</param>
    /// <param name="parameterOfInterest">What they move.</param>
    public static PlotFigure Of(IReadOnlyList<ImpactDocument> impacts, string parameterOfInterest)
    {
        ImpactDocument[] shown = [.. impacts.Take(MostRows)];
        double[] heights = [.. Enumerable.Range(0, shown.Length).Select(at => (double)(shown.Length - 1 - at))];
        double reach = 1.1 * shown.SelectMany(Moves).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max();
        int left = impacts.Count - shown.Length;
        return new PlotFigure(
            $"Impacts on {parameterOfInterest}",
            $"Change of {parameterOfInterest} where a parameter is held one error above (up) or below (down) its best value and all others "
                + "are fitted again, the largest first. Wide pale bars: its error before the fit, the width of its constraint. Narrow "
                + "bars: its error after the fit."
                + (left > 0 ? Text($" {Counted(left, "parameter")} with smaller impacts left out.") : ""),
            [
                Bars("up, before", shown, heights, impact => impact.UpBefore ?? double.NaN, PlotColor.SignalArea, 0.8),
                Bars("down, before", shown, heights, impact => impact.DownBefore ?? double.NaN, PlotColor.BackgroundArea, 0.8),
                Bars("up", shown, heights, impact => impact.Up, PlotColor.Signal, 0.45),
                Bars("down", shown, heights, impact => impact.Down, PlotColor.Background, 0.45),
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of($"change of {PlotText.Shortened(parameterOfInterest)}", -reach, reach) with { Nticks = 6 },
                Yaxis = PlotAxis.Of("", -0.7, shown.Length - 0.3) with
                {
                    Tickvals = PlotNumber.Of(heights),
                    Ticktext = [.. shown.Select(impact => PlotText.Label(impact.Name))],
                },
                Shapes = [new PlotShape("line", "x", "y domain", 0, 0, 0, 1) { Line = new PlotLine(PlotColor.Guide, 1) }],
                Barmode = "overlay",
            })
        { Wide = true, Height = PlotFigure.HeightOfRows(shown.Length) };
    }

    private static IEnumerable<double> Moves(ImpactDocument impact) =>
        [impact.Up, impact.Down, impact.UpBefore ?? double.NaN, impact.DownBefore ?? double.NaN];

    private static PlotTrace Bars(
        string name, ImpactDocument[] shown, double[] heights, Func<ImpactDocument, double> of, string color, double width) => new()
        {
            Name = name,
            Type = "bar",
            Orientation = "h",
            Width = width,
            X = PlotNumber.Of(shown.Select(of)),
            Y = PlotNumber.Of(heights),
            Marker = new PlotMarker(color),
            Text = [.. shown.Select(impact => PlotText.Of($"{impact.Name}, {name}: {of(impact):G3}"))],
        };
}
