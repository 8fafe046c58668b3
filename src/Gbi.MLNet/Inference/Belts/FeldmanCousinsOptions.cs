using Gbi.Inference.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Belts;

/// <summary>How a Feldman–Cousins belt is built.</summary>
public sealed record FeldmanCousinsOptions
{
    /// <summary>Confidence levels of the intervals. Range: one or more, each in (0, 1).</summary>
    public IReadOnlyList<double> ConfidenceLevels
    {
        get;
        init => field = value is { Count: > 0 } && value.All(level => level is > 0 and < 1) ? [.. value] : throw new ArgumentException(
            "Feldman–Cousins needs one confidence level or more, each between 0 and 1.", nameof(ConfidenceLevels));
    } = [ConfidenceLevel.OneSigma, ConfidenceLevel.Usual];

    /// <summary>Toys at each value of μ. Range: 10 or more.</summary>
    public int ToyCount
    {
        get;
        init => field = value >= 10 ? value : throw new ArgumentOutOfRangeException(
            nameof(ToyCount), value, "ToyCount must be 10 or more: fewer toys have no quantiles.");
    } = 1000;

    /// <summary>
    /// Whether μ may be negative, down to its own lower bound. If not, μ ≥ 0 is the physical range wherever its bounds allow it: a signal
    /// is not negative, and a likelihood with less than none may have no toys, as some density is negative.
    /// </summary>
    public bool AllowsNegative { get; init; }

    /// <summary>The values of μ, ascending, two or more; null to look for them near the ends of the intervals.</summary>
    public IReadOnlyList<double>? Grid
    {
        get;
        init => field = value is null ? null : BeltGrid.Require(value);
    }

    /// <summary>How often the search halves the segment in which an interval ends, before it interpolates. Range: 0 or more.</summary>
    public int Halvings
    {
        get;
        init =>
            field = value >= 0
                ? value
                : throw new ArgumentOutOfRangeException(nameof(Halvings), value, "Halvings must be 0 or more: it counts steps.");
    } = 2;
}

/// <summary>Values of μ that a belt is built at.</summary>
internal static class BeltGrid
{
    /// <summary><paramref name="count"/> values from <paramref name="low"/> to <paramref name="high"/>, equally spaced, both ends
    /// exact.</summary>
    /// <param name="low">The first value; finite.</param>
    /// <param name="high">The last value; finite, above the first.</param>
    /// <param name="count">Range: 2 or more.</param>
    public static IReadOnlyList<double> Of(double low, double high, int count) =>
        count >= 2
            ? Require([.. Enumerable.Range(0, count).Select(i => i == count - 1 ? high : low + (i * (high - low) / (count - 1)))])
            : throw new ArgumentOutOfRangeException(nameof(count), count, "A grid needs two values or more.");

    internal static IReadOnlyList<double> Require(IReadOnlyList<double> grid)
    {
        for (int i = 0; i < grid.Count; i++)
        {
            if (!double.IsFinite(grid[i]) || (i > 0 && !(grid[i] > grid[i - 1])))
            {
                throw new ArgumentException(
                    Text($"Value {i} of the grid is {grid[i]}; expected finite values, each above the one before."), nameof(grid));
            }
        }

        return grid.Count >= 2
            ? [.. grid]
            : throw new ArgumentException($"The grid has {grid.Count} values, expected two or more.", nameof(grid));
    }
}
