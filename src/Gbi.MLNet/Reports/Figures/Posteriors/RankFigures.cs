using Gbi.Diagnostics.Posteriors;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures.Posteriors;

/// <summary>Empirical distributions of ranks with the band of uniform ones.</summary>
internal static class RankFigures
{
    /// <summary>Simulation-based calibration of one parameter: the distribution of its ranks less the uniform one.</summary>
    public static PlotFigure OfParameter(string name, IReadOnlyList<double> ranks, EcdfBand band)
    {
        double[] shares = band.DistributionOf(ranks);
        double[] differences = [.. shares.Zip(band.Points, (share, u) => share - u)];
        double[] lower = [.. band.Lower.Zip(band.Points, (end, u) => end - u)];
        double[] upper = [.. band.Upper.Zip(band.Points, (end, u) => end - u)];
        double most = 1.15 * differences.Concat(lower).Concat(upper).Max(Math.Abs);
        return new PlotFigure(
            $"Ranks of {name}",
            "Share of the true values of " + name + Text($" with a rank up to u among the draws, less u; band: {100 * band.Level:G3} % ")
                + "of exact posteriors. Above 0 at the left and below 0 at the right: intervals are too narrow; above 0 everywhere: draws "
                + "are too high.",
            [.. Band(band.Points, lower, upper, band.Level), Curve("ranks", band.Points, differences)],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of($"rank u of {name}", 0, 1),
                Yaxis = PlotAxis.Of("share up to u, less u", -most, most),
                Shapes = [PlotShape.Level(0, "y")],
            });
    }

    /// <summary>Coverage of regions of highest density over their level.</summary>
    public static PlotFigure OfDensity(IReadOnlyList<double> ranks, EcdfBand band) => Coverage(
        "Coverage of regions of highest density",
        "Share of the regions of highest density that hold the truth, over their level; ",
        "level of the region", ranks, band);

    /// <summary>Expected coverage of balls around points that depend on x.</summary>
    public static PlotFigure OfDistance(IReadOnlyList<double> ranks, EcdfBand band) => Coverage(
        "Distances to points that depend on x",
        "Share of the regions around a point that depends on x, wide enough for a given share of the draws, that hold the truth (TARP); ",
        "share of the draws", ranks, band);

    private static PlotFigure Coverage(string title, string words, string x, IReadOnlyList<double> ranks, EcdfBand band)
    {
        double[] ends = [0, 1];
        return new PlotFigure(
            title,
            words + Text($"band: {100 * band.Level:G3} % of exact posteriors. Below the diagonal: over-confident."),
            [
                .. Band(band.Points, band.Lower, band.Upper, band.Level),
                new PlotTrace { X = PlotNumber.Of(ends), Y = PlotNumber.Of(ends), Line = new PlotLine(PlotColor.Guide, 1.4, "dash") },
                Curve("found", band.Points, band.DistributionOf(ranks)),
            ],
            new PlotLayout { Xaxis = PlotAxis.Of(x, 0, 1), Yaxis = PlotAxis.Of("share that hold the truth", 0, 1) });
    }

    private static PlotTrace[] Band(IReadOnlyList<double> x, IReadOnlyList<double> lower, IReadOnlyList<double> upper, double level)
    {
        var noLine = new PlotLine(PlotColor.BackgroundError, 0);
        return
        [
            new PlotTrace { X = PlotNumber.Of(x), Y = PlotNumber.Of(lower), Line = noLine },
            new PlotTrace
            {
                Name = Text($"exact posterior, {100 * level:G3} %"),
                X = PlotNumber.Of(x),
                Y = PlotNumber.Of(upper),
                Line = noLine,
                Fill = "tonexty",
                Fillcolor = PlotColor.BackgroundError,
            },
        ];
    }

    private static PlotTrace Curve(string name, IReadOnlyList<double> x, double[] y) => new()
    {
        Name = name,
        X = PlotNumber.Of(x),
        Y = PlotNumber.Of(y),
        Line = new PlotLine(PlotColor.Data, 2),
        Text = [.. x.Zip(y, (u, share) => PlotText.Of($"{u:F2}: {share:F3}"))],
    };
}
