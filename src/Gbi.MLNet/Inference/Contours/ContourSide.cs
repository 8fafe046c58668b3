using Gbi.Numerics.Minima;

namespace Gbi.Inference.Contours;

/// <summary>A bound of one of both parameters, which the edge of a region follows counter-clockwise.</summary>
/// <param name="OfFirst">Whether it bounds the first parameter.</param>
/// <param name="IsUpper">Whether it is the upper bound.</param>
/// <param name="Value">The bound.</param>
internal sealed record ContourSide(bool OfFirst, bool IsUpper, double Value)
{
    /// <summary>The change of both parameters on the way along it, of length 1 in the metric.</summary>
    public (double First, double Second) Forwards(ContourMetric metric)
    {
        // Up the right side, leftwards on the upper one, down the left one, rightwards on the lower one.
        double sign = OfFirst == IsUpper ? 1 : -1;
        (double first, double second) = OfFirst ? (0.0, sign) : (sign, 0.0);
        (double x, double y) = metric.Unit((first, second));
        double length = Math.Sqrt((x * x) + (y * y));
        return (first / length, second / length);
    }

    /// <summary>The same on the way back.</summary>
    public (double First, double Second) Backwards(ContourMetric metric)
    {
        (double first, double second) = Forwards(metric);
        return (-first, -second);
    }

    /// <summary>Moves a position onto the bound exactly.</summary>
    public void Project(ContourPlane plane, double[] position) => position[OfFirst ? plane.First : plane.Second] = Value;

    /// <summary>The profile at a point of the bound.</summary>
    public BoxMinimum? ProfileAt(ContourPlane plane, double[] near, double first, double second) =>
        plane.ProfileAt(near, OfFirst ? Value : first, OfFirst ? second : Value);

    /// <summary>How many times a direction leads to the first bound, and which that is; +∞ and null where there is none.</summary>
    /// <param name="plane">The bounds.</param>
    /// <param name="position">Where the direction starts.</param>
    /// <param name="direction">Change of both parameters.</param>
    /// <param name="along">The bound that the direction follows, if any.</param>
    public static (double Distance, ContourSide? Side) Ahead(
        ContourPlane plane, double[] position, (double First, double Second) direction, ContourSide? along = null)
    {
        (double Distance, ContourSide? Side) nearest = (double.PositiveInfinity, null);
        foreach (bool ofFirst in (bool[])[true, false])
        {
            double change = ofFirst ? direction.First : direction.Second;
            (double low, double high) = plane.BoundsOf(ofFirst);
            double bound = change > 0 ? high : low;
            double distance = (bound - position[ofFirst ? plane.First : plane.Second]) / change;
            if (change != 0 && double.IsFinite(bound) && along?.OfFirst != ofFirst && distance < nearest.Distance)
            {
                nearest = (Math.Max(0, distance), new ContourSide(ofFirst, change > 0, bound));
            }
        }

        return nearest;
    }
}
