using Gbi.Diagnostics.Posteriors;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures.Posteriors;

/// <summary>Means and widths of the posteriors of test pairs, against the truth.</summary>
internal static class RecoveryFigures
{
    private const int MostPairs = 300;

    /// <summary>Mean and standard deviation over the true value.</summary>
    public static PlotFigure Of(ParameterRecovery recovery)
    {
        int count = Math.Min(MostPairs, recovery.Truths.Count);
        double[] truths = [.. recovery.Truths.Take(count)];
        (double low, double high) = Span([.. truths, .. recovery.Means.Take(count)]);
        string name = recovery.Name;
        return new PlotFigure(
            $"Recovery of {name}",
            $"Mean and standard deviation of the posterior of {name} over its true value, {Pairs(count, recovery.Truths.Count)}. Dashed: "
                + Text($"mean = truth. Correlation {recovery.Correlation:F3}.").Replace('-', '−'),
            [
                new PlotTrace
                {
                    X = PlotNumber.Of([low, high]), Y = PlotNumber.Of([low, high]), Line = new PlotLine(PlotColor.Guide, 1.4, "dash"),
                },
                new PlotTrace
                {
                    Name = "posteriors",
                    X = PlotNumber.Of(truths),
                    Y = PlotNumber.Of(recovery.Means.Take(count)),
                    ErrorY = new PlotErrors(PlotNumber.Of(recovery.Deviations.Take(count)), 0.8),
                    Mode = "markers",
                    Marker = new PlotMarker(PlotColor.Background, 4),
                },
            ],
            new PlotLayout { Xaxis = PlotAxis.Of($"true {name}", low, high), Yaxis = PlotAxis.Of($"posterior mean of {name}", low, high) });
    }

    /// <summary>z-score over contraction.</summary>
    public static PlotFigure OfScores(ParameterRecovery recovery)
    {
        int count = Math.Min(MostPairs, recovery.Truths.Count);
        double[] scores = [.. recovery.ZScores.Take(count)];
        double[] contractions = [.. recovery.Contractions.Take(count)];
        double most = Math.Max(3.5, 1.1 * scores.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        double least = Math.Min(0, contractions.Where(double.IsFinite).DefaultIfEmpty(0).Min());
        return new PlotFigure(
            $"z-scores and contraction of {recovery.Name}",
            $"(mean − truth)/deviation of the posterior of {recovery.Name} over 1 − (variance of the posterior)/(variance of the true "
                + $"values), {Pairs(count, recovery.Truths.Count)}. At the right the observation fixes the parameter; exact posteriors "
                + "have z-scores of mean 0 and variance 1.",
            [
                new PlotTrace
                {
                    Name = "posteriors",
                    X = PlotNumber.Of(contractions),
                    Y = PlotNumber.Of(scores),
                    Mode = "markers",
                    Marker = new PlotMarker(PlotColor.Background, 4),
                },
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of($"contraction of {recovery.Name}", Math.Max(least - 0.02, -1), 1.02),
                Yaxis = PlotAxis.Of("z-score", -most, most),
                Shapes = [PlotShape.Level(0, "y"), PlotShape.Level(2, "y"), PlotShape.Level(-2, "y")],
            });
    }

    private static string Pairs(int count, int all) =>
        count == all ? Text($"{Counted(all, "pair")}") : Text($"the first {count:N0} of {Counted(all, "pair")}");

    private static (double Low, double High) Span(double[] values)
    {
        double low = values.Min();
        double high = values.Max();
        double margin = high > low ? 0.05 * (high - low) : Math.Max(1e-3 * Math.Abs(high), 1e-6);
        return (low - margin, high + margin);
    }
}
