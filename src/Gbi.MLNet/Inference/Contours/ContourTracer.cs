using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Contours;

/// <summary>A corner of the traced line.</summary>
/// <param name="Position">All parameters.</param>
/// <param name="U">The point in the metric.</param>
/// <param name="Heading">Unit vector of the metric along the line.</param>
/// <param name="Side">The bound that the line follows from here on; null where it follows the contour.</param>
/// <param name="IsKink">Whether the line comes to a bound here, leaves it, or turns from one to another.</param>
internal sealed record ContourVertex(
    double[] Position, (double X, double Y) U, (double X, double Y) Heading, ContourSide? Side, bool IsKink);

/// <summary>
/// Follows the edge of {P ≤ target} within the bounds of both parameters, counter-clockwise: along the contour by steps on its tangent
/// that joint Newton steps bring back to it, and along bounds where they cut it off. Steps that lead far from the contour, or find
/// nothing, are halved.
/// </summary>
internal sealed class ContourTracer
{
    private const int SmallestShare = 1024;
    private const int BoundShare = 64;
    private const int MostStepsOfPoint = 50;
    private const double LargestCorrection = 0.25;
    private const double SmallCorrection = 0.05;

    private readonly ContourPlane _plane;
    private readonly ContourMetric _metric;
    private readonly double _longest;
    private readonly int _mostSteps;
    private readonly List<ContourVertex> _vertices = [];
    private double _step;

    public ContourTracer(ContourPlane plane, ContourMetric metric, int points)
    {
        (_plane, _metric) = (plane, metric);
        _longest = _step = 2 * Math.PI * Math.Sqrt(plane.Height) / points;
        _mostSteps = MostStepsOfPoint * points;
    }

    /// <summary>The corners in order; the last one is followed by the first where the line closed.</summary>
    public IReadOnlyList<ContourVertex> Vertices => _vertices;

    /// <summary>Why the line did not close; null where it did.</summary>
    public string? Lost { get; private set; }

    /// <summary>Follows the line once around.</summary>
    /// <param name="minimum">All parameters at the minimum.</param>
    /// <exception cref="FitException">No point of the contour was found.</exception>
    public void Trace(double[] minimum)
    {
        _vertices.Add(Start(minimum));
        for (int steps = 0; !IsClosed(); steps++)
        {
            if (steps == _mostSteps || !(_vertices[^1].Side is { } side ? TryFollow(side) : TryStep()))
            {
                double[] last = _vertices[^1].Position;
                Lost = Text(
                    $"The contour was lost at ({last[_plane.First]:G6}, {last[_plane.Second]:G6}) after {steps} steps: no fit found "
                        + $"its continuation.");
                return;
            }
        }
    }

    private ContourVertex Start(double[] minimum)
    {
        foreach ((double X, double Y) u in ((double, double)[])[(1, 0), (0, 1), (-1, 0), (0, -1)])
        {
            (double First, double Second) direction = _metric.Direction(u);
            (double distance, ContourSide? side) = ContourSide.Ahead(_plane, minimum, direction);
            if (!(distance > 1e-3 * Math.Sqrt(_plane.Height)))
            {
                continue;
            }

            double first = Math.Min(Math.Sqrt(_plane.Height), 0.9 * distance);
            double[] near = [.. minimum];
            near[_plane.First] += first * direction.First;
            near[_plane.Second] += first * direction.Second;
            if (_plane.Meet(near, direction) is { } met)
            {
                return Vertex(met, null, isKink: false);
            }

            (double boundFirst, double boundSecond) =
                (minimum[_plane.First] + (distance * direction.First), minimum[_plane.Second] + (distance * direction.Second));
            if (side is not null && side.ProfileAt(_plane, minimum, boundFirst, boundSecond) is { } atBound
                && atBound.Value < _plane.Target)
            {
                return Vertex([.. atBound.Parameters], side, isKink: false);
            }
        }

        throw new FitException(
            "No point of the contour was found from the minimum in any of four directions; the likelihood hardly depends on the "
                + "parameters, or bounds leave no room.");
    }

    private bool TryStep()
    {
        ContourVertex last = _vertices[^1];
        (double X, double Y) heading = last.Heading;
        (double X, double Y) normal = (heading.Y, -heading.X);
        for (; _step >= _longest / SmallestShare; _step /= 2)
        {
            (double first, double second) = _metric.Direction((heading.X * _step, heading.Y * _step));
            double[] ahead = [.. last.Position];
            (ahead[_plane.First], ahead[_plane.Second]) = (last.Position[_plane.First] + first, last.Position[_plane.Second] + second);
            if (!_plane.Holds(ahead))
            {
                if (_step < _longest / BoundShare && TryReachBound(last.Position, (first, second)))
                {
                    return true;
                }
            }
            else if (_plane.Meet(ahead, _metric.Direction(normal)) is { } met)
            {
                ContourVertex found = Vertex(met, null, isKink: false);
                double correction = Math.Abs(((found.U.X - last.U.X) * normal.X) + ((found.U.Y - last.U.Y) * normal.Y)) / _step;
                if (correction < LargestCorrection)
                {
                    _vertices.Add(found);
                    _step = correction < SmallCorrection ? Math.Min(2 * _step, _longest) : _step;
                    return true;
                }
            }
        }

        return false;
    }

    private bool TryReachBound(double[] last, (double First, double Second) direction)
    {
        (_, ContourSide? side) = ContourSide.Ahead(_plane, last, direction);
        double[] position = [.. last];
        side?.Project(_plane, position);
        if (side is null || _plane.Meet(position, side.Backwards(_metric)) is not { } met)
        {
            return false;
        }

        side.Project(_plane, met);
        _vertices.Add(Vertex(met, side, isKink: true));
        _step = _longest;
        return true;
    }

    private bool TryFollow(ContourSide side)
    {
        ContourVertex last = _vertices[^1];
        (double First, double Second) forwards = side.Forwards(_metric);
        for (; _step >= _longest / SmallestShare; _step /= 2)
        {
            (double room, ContourSide? next) = ContourSide.Ahead(_plane, last.Position, forwards, side);
            double step = Math.Min(_step, room);
            (double first, double second) = (
                last.Position[_plane.First] + (step * forwards.First), last.Position[_plane.Second] + (step * forwards.Second));
            if (side.ProfileAt(_plane, last.Position, first, second) is not { } minimum)
            {
                continue;
            }

            double[] position = [.. minimum.Parameters];
            if (minimum.Value <= _plane.Target)
            {
                bool isCorner = step == room;
                _vertices.Add(Vertex(position, isCorner ? next! : side, isCorner));
                return true;
            }

            if (_plane.Meet(position, forwards) is { } met)
            {
                side.Project(_plane, met);
                _vertices.Add(Vertex(met, null, isKink: true));
                _step = _longest / BoundShare;
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the first corner lies within the next step, and the line continues there as it does here.</summary>
    private bool IsClosed()
    {
        if (_vertices.Count < 4)
        {
            return false;
        }

        ContourVertex start = _vertices[0], last = _vertices[^1];
        (double x, double y) = (start.U.X - last.U.X, start.U.Y - last.U.Y);
        double ahead = (x * last.Heading.X) + (y * last.Heading.Y);
        double across = Math.Abs((x * last.Heading.Y) - (y * last.Heading.X));
        double along = (last.Heading.X * start.Heading.X) + (last.Heading.Y * start.Heading.Y);

        // A step may end a little beyond the first corner.
        return ahead > -0.1 * _step && ahead <= _step && across <= _step / 2 && along > 0.5;
    }

    private ContourVertex Vertex(double[] position, ContourSide? side, bool isKink)
    {
        (double x, double y) = side is null ? _metric.Normal(_plane.SlopeAt(position)) : (0, 0);
        (double X, double Y) heading = side is null ? (-y, x) : _metric.Unit(side.Forwards(_metric));
        return new ContourVertex(position, _metric.At(position[_plane.First], position[_plane.Second]), heading, side, isKink);
    }
}
