using Gbi.Reports.Json.Fits;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Figures.Fits;

/// <summary>The test statistic of toys in bins, with what asymptotic formulas expect and the value of the data.</summary>
internal static class ToysFigure
{
    // Below this number of toys in a bin asymptotic curves are not drawn.
    private const double Least = 0.3;

    /// <summary>The figure.</summary>
    /// <param name="found">The distribution.</param>
    /// <param name="statistic">What the statistic is called.</param>
    /// <param name="toys">The test.</param>
    public static PlotFigure Of(ToyDistributionDocument found, string statistic, ToysDocument toys)
    {
        double top = 2 * found.Tested.Values.Concat(found.Background?.Values ?? []).Max();
        bool hasCurve = found.ExpectedTested is not null;
        return new PlotFigure(
            $"Distribution of {statistic} of toys",
            $"Toys in bins of {statistic} (points)"
                + (hasCurve ? ", and the numbers that asymptotic formulas expect (lines)." : ".")
                + $" Dashed upright: {statistic} of the data. The first bin holds the toys where {statistic} is 0 by definition.",
            [
                .. Sample(
                    found, found.Tested, found.ExpectedTested, found.Background is null ? "toys" : "tested strength", PlotColor.Signal),
                .. found.Background is { } background
                    ? Sample(found, background, found.ExpectedBackground, "no signal", PlotColor.Background)
                    : [],
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of(statistic, found.Edges[0], found.Edges[^1]) with { Nticks = 8 },
                Yaxis = PlotAxis.Of("toys in a bin", Math.Log10(Least), Math.Log10(Math.Max(top, 10))) with { Type = "log" },
                Shapes =
                [
                    new PlotShape("line", "x", "paper", PlotNumber.Of(toys.Observed), PlotNumber.Of(toys.Observed), 0, 1)
                    {
                        Line = new PlotLine(PlotColor.Data, 1.6, "dash"),
                    },
                ],
            })
        { Wide = true };
    }

    private static IEnumerable<PlotTrace> Sample(
        ToyDistributionDocument found, BinContentsDocument counts, IReadOnlyList<double>? expected, string name, string color)
    {
        double[] centres = [.. found.Edges.Zip(found.Edges.Skip(1), (low, high) => (low + high) / 2)];
        int[] filled = [.. Enumerable.Range(0, counts.Values.Count).Where(bin => counts.Values[bin] > 0)];
        yield return new PlotTrace
        {
            Name = name,
            X = PlotNumber.Of(filled.Select(bin => centres[bin])),
            Y = PlotNumber.Of(filled.Select(bin => counts.Values[bin])),
            ErrorY = new PlotErrors(PlotNumber.Of(filled.Select(bin => counts.Errors[bin]))),
            Mode = "markers",
            Marker = new PlotMarker(color, 6),
            Text =
            [
                .. filled.Select(bin => PlotText.Of(
                    $"{found.Edges[bin]:G3} to {found.Edges[bin + 1]:G3}: {counts.Values[bin]:N0} toys")),
            ],
        };
        if (expected is null)
        {
            yield break;
        }

        int[] drawn = [.. Enumerable.Range(0, expected.Count).Where(bin => expected[bin] >= Least)];
        yield return new PlotTrace
        {
            Name = $"{name}, asymptotic",
            X = PlotNumber.Of(drawn.Select(bin => centres[bin])),
            Y = PlotNumber.Of(drawn.Select(bin => expected[bin])),
            Line = new PlotLine(color),
        };
    }
}
