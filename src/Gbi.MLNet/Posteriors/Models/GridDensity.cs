using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Models;

/// <summary>Equal cells of a parameter.</summary>
public sealed record GridAxis
{
    /// <summary>Cells from <paramref name="low"/> to <paramref name="high"/>.</summary>
    /// <param name="parameter">Name of the parameter.</param>
    /// <param name="low">Lower end of the first cell.</param>
    /// <param name="high">Upper end of the last cell, above <paramref name="low"/>.</param>
    /// <param name="cellCount">Number of cells. Range: 1 or more.</param>
    public GridAxis(string parameter, double low, double high, int cellCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellCount, 1);
        if (!double.IsFinite(low) || !double.IsFinite(high) || !(low < high))
        {
            throw new ArgumentException(
                Text($"The grid of '{parameter}' goes from {low} to {high}, expected two numbers in ascending order."));
        }

        (Parameter, Low, High, CellCount) = (parameter, low, high, cellCount);
    }

    /// <summary>Name of the parameter.</summary>
    public string Parameter { get; }

    /// <summary>Lower end of the first cell.</summary>
    public double Low { get; }

    /// <summary>Upper end of the last cell.</summary>
    public double High { get; }

    /// <summary>Number of cells.</summary>
    public int CellCount { get; }

    /// <summary>Width of a cell.</summary>
    public double CellWidth => (High - Low) / CellCount;

    /// <summary>Middle of a cell.</summary>
    public double Centre(int cell) => Low + ((cell + 0.5) * CellWidth);

    /// <summary>The cell of a value, the upper end in the last one; −1 outside.</summary>
    internal int CellOf(double value) => value >= Low && value <= High ? Math.Min((int)((value - Low) / CellWidth), CellCount - 1) : -1;
}

/// <summary>The density of one or two parameters on a grid, the same within each cell.</summary>
public sealed class GridDensity
{
    private readonly double[] _densities;

    private GridDensity(IReadOnlyList<GridAxis> axes, double[] densities)
    {
        Axes = axes;
        _densities = densities;
    }

    /// <summary>The grid, one axis a parameter.</summary>
    public IReadOnlyList<GridAxis> Axes { get; }

    /// <summary>Density of each cell; with two axes [cells of the first × cells of the second], row by row.</summary>
    public IReadOnlyList<double> Densities => _densities;

    /// <summary>Length or area of a cell.</summary>
    public double CellVolume => Axes.Aggregate(1.0, (volume, axis) => volume * axis.CellWidth);

    /// <summary>Probability within the grid: 1, or less where draws lie outside.</summary>
    public double Probability => _densities.Sum() * CellVolume;

    /// <summary>
    /// The marginal density of one or two parameters as a histogram of draws; the error of a cell with n draws is 1/√n of it.
    /// </summary>
    /// <param name="draws">Draws, a column a parameter.</param>
    /// <param name="axes">One or two parameters and their cells.</param>
    /// <exception cref="ArgumentException">There are no draws, or no axes or more than two, or two of one parameter.</exception>
    /// <exception cref="DataException">A parameter is no column.</exception>
    public static GridDensity OfDraws(EventTable draws, params IReadOnlyList<GridAxis> axes)
    {
        ArgumentNullException.ThrowIfNull(draws);
        RequireAxes(axes);
        if (draws.Count == 0)
        {
            throw new ArgumentException("There are no draws to make a histogram of.", nameof(draws));
        }

        double[] densities = new double[CellCountOf(axes)];
        ReadOnlySpan<float> first = draws[axes[0].Parameter];
        ReadOnlySpan<float> second = axes.Count == 2 ? draws[axes[1].Parameter] : default;
        double weight = 1 / (draws.Count * axes.Aggregate(1.0, (volume, axis) => volume * axis.CellWidth));
        for (int row = 0; row < draws.Count; row++)
        {
            int cell = axes[0].CellOf(first[row]);
            int other = axes.Count == 2 ? axes[1].CellOf(second[row]) : 0;
            if (cell >= 0 && other >= 0)
            {
                densities[(cell * (axes.Count == 2 ? axes[1].CellCount : 1)) + other] += weight;
            }
        }

        return new GridDensity([.. axes], densities);
    }

    /// <summary>
    /// The smallest density of the cells of highest density that hold a probability together: the cells with this density or more are the
    /// region; 0 where the whole grid holds less.
    /// </summary>
    /// <param name="probability">Probability of the region. Range: (0, 1).</param>
    public double DensityOfRegion(double probability)
    {
        if (!(probability is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability of a region is between 0 and 1.");
        }

        double held = 0;
        foreach (double density in _densities.OrderDescending())
        {
            // Sums of cells differ in their last digits from the probability that they hold exactly.
            held += density * CellVolume;
            if (held >= probability - 1e-12)
            {
                return density;
            }
        }

        return 0;
    }

    /// <summary>A density that is proportional to exp of the values at the middle of the cells, normalised over the grid.</summary>
    internal static GridDensity OfLogDensities(IReadOnlyList<GridAxis> axes, double[] logDensities)
    {
        double largest = logDensities.Max();
        if (!double.IsFinite(largest))
        {
            throw new DataException(
                $"The posterior has no density on the grid of {string.Join(" and ", axes.Select(axis => $"'{axis.Parameter}'"))} at the "
                    + "given values of the other parameters; choose a grid and values within the prior's range.");
        }

        double[] densities = Array.ConvertAll(logDensities, value => Math.Exp(value - largest));
        double sum = densities.Sum() * axes.Aggregate(1.0, (volume, axis) => volume * axis.CellWidth);
        return new GridDensity([.. axes], Array.ConvertAll(densities, density => density / sum));
    }

    /// <summary>Number of cells of a grid.</summary>
    internal static int CellCountOf(IReadOnlyList<GridAxis> axes) =>
        axes.Aggregate(1, (count, axis) => checked(count * axis.CellCount));

    /// <exception cref="ArgumentException">There are no axes or more than two, or two of one parameter.</exception>
    internal static void RequireAxes(IReadOnlyList<GridAxis> axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        if (axes.Count is not (1 or 2) || (axes.Count == 2 && axes[0].Parameter == axes[1].Parameter))
        {
            throw new ArgumentException(
                $"The grid is one of {string.Join(", ", axes.Select(axis => axis.Parameter))}, expected one or two different parameters; "
                    + "of more take draws.",
                nameof(axes));
        }
    }
}
