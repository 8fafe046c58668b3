using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Contours;

/// <summary>
/// The profile P of −2 ln L in the plane of two parameters, all others at their best: where it meets a value, and its slope. Positions are
/// given by all parameters; directions by their changes of both.
/// </summary>
internal sealed class ContourPlane
{
    private const int MostFits = 25;
    private const double Settled = 1e-9;
    private const double AcceptedDeviation = 1e-7;

    private readonly ISmoothFunction _twiceNll;
    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly bool[] _isFixed;
    private readonly BoundedNewton _minimiser;
    private readonly PlaneLine _line;
    private readonly JointCrossing _joint;
    private readonly double[] _gradient;

    public ContourPlane(ProfileLikelihood fits, int second, double height)
    {
        (_twiceNll, First, Second) = (ScaledRise.Of(fits, second), fits.ParameterOfInterest, second);
        IReadOnlyList<FitParameter> parameters = fits.Parameters;
        _lower = [.. parameters.Select(parameter => parameter.Lower)];
        _upper = [.. parameters.Select(parameter => parameter.Upper)];
        _isFixed = [.. parameters.Select((parameter, i) => parameter.IsFixed || i == First || i == second)];
        _minimiser = new BoundedNewton(parameters.Count);
        _line = new PlaneLine(_twiceNll, First, second);
        (double[] lower, double[] upper) = ([.. _lower], [.. _upper]);
        (lower[First], upper[First]) = (double.NegativeInfinity, double.PositiveInfinity);
        _joint = new JointCrossing(
            _line, First, [.. Enumerable.Range(0, parameters.Count).Where(i => i == First || !_isFixed[i])], lower, upper);
        _gradient = new double[parameters.Count];
        (Height, Target) = (height, fits.Best.Value + height);
    }

    /// <summary>Index of the first parameter.</summary>
    public int First { get; }

    /// <summary>Index of the second one.</summary>
    public int Second { get; }

    /// <summary>By how much the profile rises from its minimum to the contour.</summary>
    public double Height { get; }

    /// <summary>The value of the profile on the contour.</summary>
    public double Target { get; }

    /// <summary>Bounds of the first parameter, then those of the second.</summary>
    public (double Low, double High) BoundsOf(bool first) => first ? (_lower[First], _upper[First]) : (_lower[Second], _upper[Second]);

    /// <summary>Whether a position is within the bounds of both parameters.</summary>
    public bool Holds(double[] position) =>
        position[First] >= _lower[First] && position[First] <= _upper[First] && position[Second] >= _lower[Second]
            && position[Second] <= _upper[Second];

    /// <summary>All parameters and the profile where both parameters have given values; null where the fit fails.</summary>
    /// <param name="near">Where the fit starts.</param>
    /// <param name="first">The first parameter.</param>
    /// <param name="second">The second one.</param>
    public BoxMinimum? ProfileAt(double[] near, double first, double second)
    {
        double[] start = [.. near];
        (start[First], start[Second]) = (first, second);
        BoxMinimum minimum = _minimiser.Minimise(_twiceNll, start, _lower, _upper, _isFixed);
        return minimum.IsMinimum ? minimum : null;
    }

    /// <summary>∂P/∂first and ∂P/∂second: those of the function, as it does not change with the others at their best.</summary>
    public (double First, double Second) SlopeAt(double[] position)
    {
        _twiceNll.Evaluate(position, _gradient, []);
        return (_gradient[First], _gradient[Second]);
    }

    /// <summary>
    /// Where the profile meets the target on a line along which it rises; null where it is not found, or lies outside of the bounds.
    /// Joint Newton steps in all parameters first, then fits at points of the line.
    /// </summary>
    /// <param name="position">A position on the line near the meeting, with the others near their best.</param>
    /// <param name="direction">Of the line, √Height of them long to where the profile changes much.</param>
    public double[]? Meet(double[] position, (double First, double Second) direction)
    {
        _line.Lay((position[First], position[Second]), direction);
        double[] point = [.. position];
        point[First] = 0;
        double[]? met = _joint.TryFindFrom(point, Target, side: 1, Math.Sqrt(Height)) ? Lift(point) : null;
        bool isOnContour = met is not null && Math.Abs(_twiceNll.Evaluate(met, [], []) - Target) <= AcceptedDeviation * Height;
        met = isOnContour ? met : MeetByFits(position, direction);
        return met is not null && Holds(met) ? met : null;
    }

    private double[] Lift(double[] point)
    {
        double[] lifted = [.. point];
        (lifted[First], lifted[Second]) = _line.At(point[First]);
        return lifted;
    }

    /// <summary>Newton's method for √(P − minimum), which is close to a straight line.</summary>
    private double[]? MeetByFits(double[] position, (double First, double Second) direction)
    {
        double[] near = position;
        double s = 0;
        for (int fits = 0; fits < MostFits; fits++)
        {
            (double first, double second) = _line.At(s);
            if (ProfileAt(near, first, second) is not { } minimum)
            {
                return null;
            }

            near = [.. minimum.Parameters];
            double risen = minimum.Value - Target + Height;
            (double byFirst, double bySecond) = SlopeAt(near);
            double slope = (byFirst * direction.First) + (bySecond * direction.Second);
            double step = (Math.Sqrt(Height) - Math.Sqrt(risen)) * 2 * Math.Sqrt(risen) / slope;
            if (!(risen > 0) || !(slope > 0))
            {
                return null;
            }

            if (Math.Abs(step) <= Settled * Math.Sqrt(Height))
            {
                return near;
            }

            s += step;
        }

        return null;
    }
}
