using Gbi.Events;
using Gbi.Inference.Belts;
using Gbi.Inference.Toys;

namespace Gbi.Infer;

/// <summary>A point of a <see cref="LikelihoodRatioBelt"/> and an observation.</summary>
/// <param name="Statistic">−2 ln λ(θ) of the observation.</param>
/// <param name="Critical">The largest accepted statistic: a quantile of the toys at θ.</param>
/// <param name="P">P(statistic ≥ observed | θ): a share of the toys.</param>
/// <param name="PError">Binomial standard error of <paramref name="P"/>.</param>
public sealed record ConfidencePoint(double Statistic, ToyQuantile Critical, double P, double PError)
{
    /// <summary>Whether the point belongs to the set: its statistic is at most the critical value.</summary>
    public bool IsAccepted => Statistic <= Critical.Value;

    /// <param name="statistic">Of the observation.</param>
    /// <param name="toys">Statistics of the toys.</param>
    /// <param name="critical">Their quantile.</param>
    internal static ConfidencePoint Of(double statistic, double[] toys, ToyQuantile critical)
    {
        double p = (double)toys.Count(toy => toy >= statistic) / toys.Length;
        return new ConfidencePoint(statistic, critical, p, Math.Sqrt(p * (1 - p) / toys.Length));
    }
}

/// <summary>The points of a grid that an observation accepts.</summary>
public sealed class ConfidenceSet
{
    private readonly (double Low, double High) _range;

    internal ConfidenceSet(
        double confidenceLevel, EventTable grid, IReadOnlyList<ConfidencePoint> points, (double Low, double High) range) =>
        (ConfidenceLevel, Grid, Points, _range) = (confidenceLevel, grid, points, range);

    /// <summary>Probability with which such sets hold the true point.</summary>
    public double ConfidenceLevel { get; }

    /// <summary>All points of the grid.</summary>
    public EventTable Grid { get; }

    /// <summary>One a point of the grid.</summary>
    public IReadOnlyList<ConfidencePoint> Points { get; }

    /// <summary>The accepted points, a column a parameter.</summary>
    public EventTable Accepted => Grid.Select([.. Enumerable.Range(0, Points.Count).Where(point => Points[point].IsAccepted)]);

    /// <summary>
    /// The interval of the only parameter, from the lowest to the highest accepted point, its ends between points by linear interpolation
    /// of P.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are several parameters, whose set is no interval.</exception>
    public BeltInterval Interval()
    {
        if (Grid.ColumnNames is not [var name])
        {
            throw new InvalidOperationException(
                $"A set of {string.Join(", ", Grid.ColumnNames)} is no interval; take the accepted points.");
        }

        BeltPoint[] points = [.. Points
            .Select((point, row) => new BeltPoint(Grid[name][row], point.P - (1 - ConfidenceLevel), point.PError))
            .OrderBy(point => point.Mu)];
        return BeltPoint.Invert(points, _range.Low, _range.High, ConfidenceLevel);
    }
}
