using Gbi.Events;
using Gbi.Posteriors.Models;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures.Posteriors;

/// <summary>Draws of a posterior: each parameter on the diagonal, each pair of them below it.</summary>
internal static class CornerFigure
{
    /// <summary>Parameters that are drawn, at most: more panels would be too small to read.</summary>
    public const int MostParameters = 10;

    private const int CellsOfOne = 40;
    private const int MostValues = 20;

    // Ends of the axes: the draws beyond are counted in no cell.
    private const double OutermostShare = 0.001;

    private static readonly (double Probability, string Name, string Color)[] Regions =
        [(0.95, "95 %", PlotColor.BackgroundArea), (0.68, "68 %", PlotColor.BackgroundError)];

    /// <summary>The figure.</summary>
    /// <param name="draws">Draws, a column a parameter.</param>
    /// <param name="summary">Their intervals.</param>
    /// <param name="truth">True values of the parameters; empty where nobody knows them.</param>
    public static PlotFigure Of(EventTable draws, PosteriorSummary summary, IReadOnlyDictionary<string, double> truth)
    {
        ParameterSummary[] parameters = [.. summary.Parameters.Take(MostParameters)];
        double?[] truths = [.. parameters.Select(one => truth.TryGetValue(one.Name, out double value) ? value : (double?)null)];
        GridAxis[] ones = [.. parameters.Select((one, k) => AxisOf(one.Name, draws[one.Name], truths[k], CellsOfOne))];
        int cellsOfTwo = Math.Clamp((int)Math.Sqrt(draws.Count / 15.0), 8, 24);
        GridAxis[] pairs = [.. parameters.Select((one, k) => AxisOf(one.Name, draws[one.Name], truths[k], cellsOfTwo))];
        List<PlotTrace> traces = [];
        List<PlotShape> shapes = [];
        List<PlotAxis> xs = [], ys = [];
        for (int row = 0; row < parameters.Length; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                string panel = xs.Count == 0 ? "" : Text($"{xs.Count + 1}");
                bool isDiagonal = row == column;
                GridDensity density = isDiagonal
                    ? GridDensity.OfDraws(draws, ones[row])
                    : GridDensity.OfDraws(draws, pairs[column], pairs[row]);
                traces.AddRange(isDiagonal
                    ? [Histogram(density, panel)]
                    : Cells(density, panel, truths[column], truths[row], isFirst: (row, column) == (1, 0)));
                if (isDiagonal)
                {
                    shapes.AddRange(Intervals(parameters[row], truths[row], panel));
                }

                double most = isDiagonal ? 1.1 * density.Densities.Max() : pairs[row].High;
                xs.Add(Placed(
                    row == parameters.Length - 1 ? parameters[column].Name : "", ones[column].Low, ones[column].High,
                    column, parameters.Length, "y" + panel) with
                { Showticklabels = row == parameters.Length - 1 });
                ys.Add(Placed(
                    column == 0 && !isDiagonal ? parameters[row].Name : "", isDiagonal ? 0 : pairs[row].Low, most,
                    parameters.Length - 1 - row, parameters.Length, "x" + panel) with
                { Showticklabels = column == 0 && !isDiagonal });
            }
        }

        string names = string.Join(", ", parameters.Select(one => one.Name));
        return new PlotFigure(
            $"Posterior of {names}", Caption(summary.Parameters.Count, truths.Any(value => value is not null)), traces,
            new PlotLayout { Xaxis = xs[0], Yaxis = ys[0], Xaxes = [.. xs.Skip(1)], Yaxes = [.. ys.Skip(1)], Shapes = shapes })
        {
            Wide = parameters.Length > 1,
            Square = parameters.Length > 1,
        };
    }

    private static string Caption(int count, bool hasTruth)
    {
        string pairs = count == 1 ? "" : " Below it: the cells of highest density that hold 68 % (dark) and 95 % (light) of the draws.";
        string more = count <= MostParameters ? "" : Text($" The first {MostParameters} of {Counted(count, "parameter")}.");
        return "Draws of the posterior. On the diagonal: histograms with the central intervals of 68 % (dark) and 95 % (light)." + pairs
            + (hasTruth ? count == 1 ? " Line: truth." : " Line and cross: truth." : "") + more;
    }

    private static PlotTrace Histogram(GridDensity density, string panel)
    {
        GridAxis axis = density.Axes[0];
        return new PlotTrace
        {
            X = PlotNumber.Of(Enumerable.Range(0, axis.CellCount + 1).Select(edge => axis.Low + (edge * axis.CellWidth))),
            Y = PlotNumber.Of([.. density.Densities, density.Densities[^1]]),
            Line = new PlotLine(PlotColor.Background, 1.4, Shape: "hv"),
            Xaxis = "x" + panel,
            Yaxis = "y" + panel,
        };
    }

    private static IEnumerable<PlotShape> Intervals(ParameterSummary parameter, double? truth, string panel)
    {
        foreach (CredibleInterval interval in parameter.Central.Reverse())
        {
            yield return new PlotShape(
                "rect", "x" + panel, $"y{panel} domain", PlotNumber.Of(interval.Low), PlotNumber.Of(interval.High), 0, 1)
            {
                Fillcolor = PlotColor.BackgroundArea,
                Line = new PlotLine(PlotColor.BackgroundArea, 0),
            };
        }

        if (truth is { } value)
        {
            yield return new PlotShape("line", "x" + panel, $"y{panel} domain", PlotNumber.Of(value), PlotNumber.Of(value), 0, 1)
            {
                Line = new PlotLine(PlotColor.Signal, 2),
                Layer = "above",
            };
        }
    }

    private static IEnumerable<PlotTrace> Cells(GridDensity density, string panel, double? x, double? y, bool isFirst)
    {
        foreach ((double probability, string name, string color) in Regions)
        {
            (IReadOnlyList<double?> xs, IReadOnlyList<double?> ys) = Outline(density, density.DensityOfRegion(probability));
            yield return new PlotTrace
            {
                Name = isFirst ? name : null,
                X = xs,
                Y = ys,
                Fill = "toself",
                Fillcolor = color,
                Line = new PlotLine(color, 0),
                Xaxis = "x" + panel,
                Yaxis = "y" + panel,
            };
        }

        if (x is { } first && y is { } second)
        {
            yield return new PlotTrace
            {
                Name = isFirst ? "truth" : null,
                X = PlotNumber.Of([first]),
                Y = PlotNumber.Of([second]),
                Mode = "markers",
                Marker = new PlotMarker(PlotColor.Signal, 9, "x"),
                Xaxis = "x" + panel,
                Yaxis = "y" + panel,
            };
        }
    }

    /// <summary>
    /// The cells with a density or more, a rectangle for each run of them along the first axis; null parts the rectangles.
    /// </summary>
    private static (IReadOnlyList<double?> X, IReadOnlyList<double?> Y) Outline(GridDensity density, double least)
    {
        (GridAxis first, GridAxis second) = (density.Axes[0], density.Axes[1]);
        List<double?> xs = [], ys = [];
        for (int j = 0; j < second.CellCount; j++)
        {
            for (int i = 0, end; i < first.CellCount; i = end + 1)
            {
                end = i;
                while (end < first.CellCount && density.Densities[(end * second.CellCount) + j] is > 0 and var value && value >= least)
                {
                    end++;
                }

                if (end > i)
                {
                    double?[] across = [.. PlotNumber.Of([first.Low + (i * first.CellWidth), first.Low + (end * first.CellWidth)])];
                    double?[] up = [.. PlotNumber.Of([second.Low + (j * second.CellWidth), second.Low + ((j + 1) * second.CellWidth)])];
                    xs.AddRange([across[0], across[1], across[1], across[0], across[0], null]);
                    ys.AddRange([up[0], up[0], up[1], up[1], up[0], null]);
                }
            }
        }

        return (xs, ys);
    }

    /// <summary>
    /// Cells for the draws of a parameter: one a value where the values are few, else equal ones between the outermost draws.
    /// </summary>
    private static GridAxis AxisOf(string name, ReadOnlySpan<float> draws, double? truth, int cells)
    {
        float[] sorted = draws.ToArray();
        Array.Sort(sorted);
        float[] values = [.. sorted.Distinct().Take(MostValues + 1)];
        if (values.Length == 1)
        {
            double half = Math.Max(1e-3 * Math.Abs(values[0]), 1e-6);
            return With(truth, new GridAxis(name, values[0] - half, values[0] + half, 1));
        }

        if (values.Length <= MostValues)
        {
            double step = values.Zip(values.Skip(1), (low, high) => (double)high - low).Min();
            double count = Math.Round((values[^1] - values[0]) / step) + 1;
            if (count <= CellsOfOne)
            {
                return With(truth, new GridAxis(name, values[0] - (step / 2), values[0] + ((count - 0.5) * step), (int)count));
            }
        }

        int outside = (int)(OutermostShare * sorted.Length);
        (double from, double to) = (sorted[outside], sorted[^(outside + 1)]);
        if (!(from < to))
        {
            (from, to) = (sorted[0], sorted[^1]);
        }

        double margin = 0.03 * (to - from);
        return With(truth, new GridAxis(name, from - margin, to + margin, cells));
    }

    /// <summary>
    /// The axis, with more cells of the same width where the truth lies beyond; with wider ones where it lies far beyond.
    /// </summary>
    private static GridAxis With(double? truth, GridAxis axis)
    {
        if (truth is not { } value || !double.IsFinite(value) || (value >= axis.Low && value <= axis.High))
        {
            return axis;
        }

        double margin = 0.05 * (Math.Max(axis.High, value) - Math.Min(axis.Low, value));
        (double low, double high) = (Math.Min(axis.Low, value - margin), Math.Max(axis.High, value + margin));
        int cells = (int)Math.Min(4.0 * CellsOfOne, Math.Ceiling((high - low) / axis.CellWidth));
        return new GridAxis(axis.Parameter, low, high, cells);
    }

    private static PlotAxis Placed(string title, double low, double high, int at, int count, string anchor)
    {
        double gap = 0.12 / count;
        return PlotAxis.Of(title, low, high) with
        {
            Domain = PlotNumber.Of([(double)at / count, ((at + 1.0) / count) - gap]),
            Anchor = anchor,
            Nticks = count > 5 ? 3 : 4,
        };
    }
}
