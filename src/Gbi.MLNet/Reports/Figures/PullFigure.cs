using Gbi.Inference.Fits;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Figures;

/// <summary>How far the fit moved its nuisance parameters, and how much it narrowed them.</summary>
internal static class PullFigure
{
    private const double Reach = 2.6;
    private const int MostInAPair = 14;

    /// <summary>The figure; many pulls have one of the width of the page.</summary>
    /// <param name="pulls">The pulls from above; one or more.</param>
    /// <param name="remark">What the caption says at its end.</param>
    public static PlotFigure Of(IReadOnlyList<ParameterPull> pulls, string remark = "")
    {
        bool isTall = pulls.Count > MostInAPair;
        double[] heights = [.. Enumerable.Range(0, pulls.Count).Select(at => (double)(pulls.Count - 1 - at))];
        double reach = Math.Max(Reach, 1.1 * pulls.Max(pull => Math.Abs(pull.Pull) + (pull.Constraint ?? 0)));
        return new PlotFigure(
            "Pulls of the nuisance parameters",
            "Pull of each nuisance parameter, (fitted − observed value) / width of its constraint, with the error after the fit in the "
                + $"same unit. An error bar as wide as the band from −1 to 1: the data do not constrain the parameter. {remark}".TrimEnd(),
            [
                new PlotTrace
                {
                    X = PlotNumber.Of(pulls.Select(pull => pull.Pull)),
                    Y = PlotNumber.Of(heights),
                    ErrorX = new PlotErrors(PlotNumber.Of(pulls.Select(pull => pull.Constraint ?? double.NaN))),
                    Mode = "markers",
                    Marker = new PlotMarker(PlotColor.Data, 7),
                    Text =
                    [
                        .. pulls.Select(
                            pull => PlotText.Of($"{Words(pull.Parameter)}: {pull.Pull:F2} ± {pull.Constraint ?? double.NaN:F2}"))
                    ],
                },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("pull", -reach, reach),
                Yaxis = PlotAxis.Of("", -0.7, pulls.Count - 0.3) with
                {
                    Tickvals = PlotNumber.Of(heights),
                    Ticktext = [.. pulls.Select(pull => PlotText.Label(Words(pull.Parameter)))]
                },
                Shapes = [PlotShape.Band(-1, 1, PlotColor.BackgroundArea)],
            })
        { Wide = isTall, Height = isTall ? PlotFigure.HeightOfRows(pulls.Count) : null };
    }

    private static string Words(string parameter) => parameter.Replace('_', ' ');
}
