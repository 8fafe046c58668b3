using Gbi.Reports.Json.Fits;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures.Fits;

/// <summary>The correlation matrix of those parameters that are correlated with others, correlated ones next to each other.</summary>
internal static class CorrelationFigure
{
    /// <summary>|ρ| below which no correlation counts.</summary>
    public const double Threshold = 0.1;

    private const int MostRows = 30;
    private const int MostPairs = 10;

    /// <summary>The figure; null where no two parameters are correlated.</summary>
    public static PlotFigure? Of(CovarianceDocument matrix)
    {
        int[] correlated =
        [
            .. Enumerable.Range(0, matrix.Parameters.Count).Where(i => Strongest(matrix, i) >= Threshold)
                .OrderByDescending(i => Strongest(matrix, i)),
        ];
        int[] shown = Chain(matrix, [.. correlated.Take(MostRows)]);
        if (shown.Length == 0)
        {
            return null;
        }

        double[] at = [.. Enumerable.Range(0, shown.Length).Select(i => (double)i)];
        IReadOnlyList<string> numbers = [.. shown.Select((_, i) => Text($"{i + 1}"))];
        return new PlotFigure(
            "Correlation matrix", Caption(matrix, shown.Length, correlated.Length - shown.Length),
            [Squares(matrix, shown, isPositive: true), Squares(matrix, shown, isPositive: false)],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of("parameter, by its number on the left", -0.6, shown.Length - 0.4) with
                {
                    Tickvals = PlotNumber.Of(at),
                    Ticktext = numbers,
                },
                Yaxis = PlotAxis.Of("", shown.Length - 0.4, -0.6) with
                {
                    Tickvals = PlotNumber.Of(at),
                    Ticktext = [.. shown.Select((parameter, i) => $"{PlotText.Label(matrix.Parameters[parameter])}  {numbers[i]}")],
                },
                Cells = shown.Length,
            })
        { Wide = true };
    }

    /// <summary>The strongest correlations of two parameters, at most ten.</summary>
    public static IEnumerable<(string First, string Second, double Rho)> Strongest(CovarianceDocument matrix) =>
        Enumerable.Range(0, matrix.Parameters.Count)
            .SelectMany(i => Enumerable.Range(0, i).Select(j => (matrix.Parameters[j], matrix.Parameters[i], matrix.Correlation[i][j])))
            .Where(pair => double.IsFinite(pair.Item3)).OrderByDescending(pair => Math.Abs(pair.Item3)).Take(MostPairs);

    private static string Caption(CovarianceDocument matrix, int shown, int weaker)
    {
        int uncorrelated = matrix.Parameters.Count - shown - weaker;
        return Text($"Area of a square: |ρ| of two parameters; their order puts correlated ones next to each other. ")
            + Text($"{Counted(uncorrelated, "parameter")} without any |ρ| of {Threshold} or more left out")
            + (weaker > 0 ? Text($", and {weaker:N0} more with the weakest correlations") : "") + ".";
    }

    private static double Strongest(CovarianceDocument matrix, int parameter) =>
        matrix.Correlation[parameter].Where((rho, other) => other != parameter && double.IsFinite(rho)).Select(Math.Abs)
            .DefaultIfEmpty(0).Max();

    /// <summary>A chain of parameters: the strongest pair first, then whichever is correlated most with one of the ends.</summary>
    private static int[] Chain(CovarianceDocument matrix, List<int> left)
    {
        LinkedList<int> chain = [];
        if (left.Count > 0)
        {
            chain.AddFirst(left[0]);
            left.RemoveAt(0);
        }

        while (left.Count > 0)
        {
            (int first, int last) = (chain.First!.Value, chain.Last!.Value);
            int toFirst = left.MaxBy(i => Size(matrix, first, i));
            int toLast = left.MaxBy(i => Size(matrix, last, i));
            bool isFirst = Size(matrix, first, toFirst) > Size(matrix, last, toLast);
            _ = isFirst ? chain.AddFirst(toFirst) : chain.AddLast(toLast);
            left.Remove(isFirst ? toFirst : toLast);
        }

        return [.. chain];
    }

    private static double Size(CovarianceDocument matrix, int i, int j) =>
        matrix.Correlation[i][j] is var rho && double.IsFinite(rho) ? Math.Abs(rho) : 0;

    private static PlotTrace Squares(CovarianceDocument matrix, int[] shown, bool isPositive)
    {
        (int Row, int Column, double Rho)[] cells =
        [
            .. shown.SelectMany((p, row) => shown.Select((q, column) => (row, column, matrix.Correlation[p][q])))
                .Where(cell => isPositive ? cell.Item3 > 0 : cell.Item3 < 0),
        ];
        return new PlotTrace
        {
            Name = isPositive ? "ρ > 0" : "ρ < 0",
            X = PlotNumber.Of(cells.Select(cell => (double)cell.Column)),
            Y = PlotNumber.Of(cells.Select(cell => (double)cell.Row)),
            Mode = "markers",
            Marker = new PlotMarker(isPositive ? PlotColor.Signal : PlotColor.Background, Symbol: "square")
            {
                Shares = PlotNumber.Of(cells.Select(cell => Math.Abs(cell.Rho))),
            },
            Text =
            [
                .. cells.Select(cell => PlotText.Of(
                    $"{matrix.Parameters[shown[cell.Row]]} and {matrix.Parameters[shown[cell.Column]]}: ρ = {cell.Rho:F3}")),
            ],
        };
    }
}
