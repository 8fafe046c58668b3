namespace Gbi.Numerics.Minima;

/// <summary>
/// One damped Newton step inside a box with the second derivatives that it needs, at the point reached and at the one tried, in buffers of
/// their shape.
/// </summary>
internal abstract class StepSolver(int parameterCount)
{
    // A curvature this much smaller than the largest, and one so small that Newton's step would be 10⁴ times the parameter, are replaced by
    // these shares of the largest curvature and of the slope in damping.
    private const double FlatCurvature = 1e-10;
    private const double CurvatureOfSlope = 1e-4;

    /// <summary>The step p; 0 for fixed parameters and those that a bound holds.</summary>
    public double[] Direction { get; } = new double[parameterCount];

    /// <summary>½ gᵀ(H + κD)⁻¹g over the parameters that no bound holds: the distance to the minimum where κ = 0.</summary>
    public double Distance { get; protected set; }

    /// <summary>Whether H + κD over the parameters that no bound holds was positive definite.</summary>
    public bool IsPositiveDefinite { get; protected set; }

    /// <summary>Whether H itself was found to have a negative curvature there.</summary>
    public bool IsNegative { get; protected set; }

    /// <summary>−gᵀp − ½ pᵀHp, what the quadratic model of the function promises.</summary>
    public double PredictedDecrease { get; protected set; }

    /// <summary>Evaluates the function with its derivatives at a point that is tried.</summary>
    public abstract double Evaluate(ISmoothFunction function, ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Takes the second derivatives of the last evaluation as those of the point reached.</summary>
    public abstract void Accept();

    /// <summary>Frees all parameters but the fixed ones and those at a bound that the gradient pushes outwards.</summary>
    public abstract void HoldAtBounds(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper,
        ReadOnlySpan<bool> isFixed);

    /// <summary>The step for one damping; false where there is none.</summary>
    public abstract bool TrySolve(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double damping);

    /// <summary>The first free parameter whose first or second derivatives are not finite; null where there is none.</summary>
    public abstract int? IndexOfUndefined(ReadOnlySpan<double> gradient);

    /// <summary>Finds a step with the least damping from <paramref name="damping"/> on that has one.</summary>
    /// <returns>The damping κ used.</returns>
    public double Solve(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double damping)
    {
        while (!TrySolve(point, gradient, lower, upper, damping))
        {
            damping = damping == 0 ? 1e-8 : damping * 10;
            if (damping > 1e12)
            {
                // Derivatives that are not finite leave nothing to step along.
                (Distance, PredictedDecrease) = (double.PositiveInfinity, 0);
                Direction.AsSpan().Clear();
                return damping;
            }
        }

        return damping;
    }

    /// <summary>Whether a parameter stays where it is: fixed, or at a bound that the gradient pushes it against.</summary>
    protected static bool IsHeld(
        int i, ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper,
        ReadOnlySpan<bool> isFixed) =>
        (!isFixed.IsEmpty && isFixed[i]) || lower[i] == upper[i]
            || (point[i] <= lower[i] && gradient[i] > 0) || (point[i] >= upper[i] && gradient[i] < 0);

    /// <summary>An entry of D.</summary>
    protected static double ScaleOf(double curvature, double largest, double slope, double value) => Math.Max(
        Math.Max(Math.Abs(curvature), FlatCurvature * largest),
        Math.Max(CurvatureOfSlope * Math.Abs(slope) / (1 + Math.Abs(value)), double.Epsilon * 1e16));
}
