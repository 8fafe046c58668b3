using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Belts;

/// <summary>Why an interval from a belt ends where it does.</summary>
public enum BeltEndKind
{
    /// <summary>The next value of μ is rejected; the end lies between, by linear interpolation.</summary>
    Crossing,

    /// <summary>The last value is accepted and is the parameter's bound.</summary>
    Bound,

    /// <summary>The last value that was tried is accepted: the true end lies beyond it.</summary>
    Grid,
}

/// <summary>One end of an interval from a belt.</summary>
/// <param name="Value">Its μ.</param>
/// <param name="Error">Its standard error from the number of toys; 0 where it is no crossing.</param>
/// <param name="Kind">Why it is there.</param>
public readonly record struct BeltEnd(double Value, double Error, BeltEndKind Kind);

/// <summary>An interval from a belt: from the lowest to the highest accepted μ, gaps between them included.</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="ConfidenceLevel">Probability with which such intervals hold the true value.</param>
public sealed record BeltInterval(BeltEnd Lower, BeltEnd Upper, double ConfidenceLevel)
{
    /// <summary>Whether a value lies inside, ends included.</summary>
    public bool Contains(double value) => value >= Lower.Value && value <= Upper.Value;
}

/// <summary>One μ of a belt and by how much it is accepted.</summary>
/// <param name="Mu">μ.</param>
/// <param name="Excess">Above 0 where accepted.</param>
/// <param name="Error">Standard error of the excess.</param>
internal readonly record struct BeltPoint(double Mu, double Excess, double Error)
{
    /// <summary>The interval of points in ascending order of μ.</summary>
    /// <param name="points">The points.</param>
    /// <param name="lower">Lower bound of μ.</param>
    /// <param name="upper">Upper bound of μ.</param>
    /// <param name="confidenceLevel">Of the interval.</param>
    /// <exception cref="FitException">No point is accepted.</exception>
    public static BeltInterval Invert(IReadOnlyList<BeltPoint> points, double lower, double upper, double confidenceLevel)
    {
        int first = 0;
        int last = points.Count - 1;
        while (first <= last && !(points[first].Excess > 0))
        {
            first++;
        }

        while (last >= first && !(points[last].Excess > 0))
        {
            last--;
        }

        return first <= last
            ? new BeltInterval(End(points, first, -1, lower), End(points, last, 1, upper), confidenceLevel)
            : throw new FitException(Text(
                $"None of {points.Count} values of the parameter from {points[0].Mu:G5} to {points[^1].Mu:G5} is accepted at a confidence "
                    + $"level of {confidenceLevel:G4}; try others, or more closely spaced ones."));
    }

    private static BeltEnd End(IReadOnlyList<BeltPoint> points, int at, int step, double bound)
    {
        int next = at + step;
        if (next < 0 || next >= points.Count)
        {
            return new BeltEnd(points[at].Mu, 0, points[at].Mu == bound ? BeltEndKind.Bound : BeltEndKind.Grid);
        }

        (BeltPoint inside, BeltPoint outside) = (points[at], points[next]);
        double fall = inside.Excess - outside.Excess;
        double length = outside.Mu - inside.Mu;

        // x = μ_in + length · e_in/(e_in − e_out): its derivatives by both excesses.
        double byInside = -length * outside.Excess / (fall * fall);
        double byOutside = length * inside.Excess / (fall * fall);
        return new BeltEnd(
            outside.Excess == 0 ? outside.Mu : inside.Mu + (length * inside.Excess / fall),
            Math.Sqrt((byInside * byInside * inside.Error * inside.Error) + (byOutside * byOutside * outside.Error * outside.Error)),
            BeltEndKind.Crossing);
    }
}
