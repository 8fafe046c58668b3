using static Gbi.Numerics.InvariantText;

namespace Gbi.Numerics.Minima;

/// <summary>When a minimisation in a box ends.</summary>
internal sealed record BoundedNewtonOptions
{
    /// <summary>½ gᵀH⁻¹g, in units of the function, at which it has converged. Range: above 0.</summary>
    /// <remarks>For twice a negative log likelihood it is the squared distance in standard errors: 1e-18 leaves 1e-9 of an error.</remarks>
    public double Tolerance
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(Tolerance), value, "Tolerance must be above 0: it bounds the EDM.");
    } = 1e-18;

    /// <summary>Steps after which to give up. Range: 1 or more.</summary>
    public int MaxIterations
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxIterations), value, "MaxIterations must be 1 or more: it counts steps.");
    } = 500;
}

/// <summary>
/// Minimises a smooth function in a box l ≤ x ≤ u by Newton steps p of (H + κ D) p = −g, D = |diag H|: κ is 0 where the function follows
/// its quadratic model, and grows until it does elsewhere, which turns the step towards steepest descent. Where H is not positive
/// definite, absolute values of its eigenvalues stand for them (<see cref="AbsoluteCurvature"/>). A step that leaves the box is cut at
/// the bounds it meets and solved again for the other parameters.
/// </summary>
/// <remarks>
/// Holds the buffers of one minimisation at a time and no more: a thread needs one of its own. Levenberg and Marquardt's damping with
/// the active set of Bertsekas, SIAM J. Control Optim. 20 (1982) 221.
/// </remarks>
internal sealed class BoundedNewton
{
    private const double FirstDamping = 1e-4;
    private const double LeastDamping = 1e-9;
    private const double LargestDamping = 1e12;

    // Value changes below this share of the value are rounding; the gradient decides then.
    private const double ValueRounding = 1e-12;

    // A step from x to a bound ends within this share of x of it.
    private const double StepRounding = 4e-16;

    // Where rounding stops the steps, this distance still counts as converged.
    private const double AcceptedDistance = 1e-10;

    // A function that falls below this, or whose parameters move this much farther than they are large, has no minimum.
    private const double Bottomless = -1e100;
    private const double Runaway = 1e10;

    private readonly BoundedNewtonOptions _options;
    private readonly StepSolver _step;
    private readonly double[] _trial;
    private readonly double[] _point;
    private readonly double[] _unboundedBelow;
    private readonly double[] _unboundedAbove;
    private double[] _trialGradient;
    private double[] _gradient;
    private CancellationToken _cancellation;

    /// <summary>Buffers for functions of <paramref name="parameterCount"/> parameters.</summary>
    /// <param name="parameterCount">n.</param>
    /// <param name="options">When a minimisation ends; null for the usual.</param>
    /// <param name="layout">The shape of the second derivatives of an <see cref="IArrowFunction"/>; null for a plain matrix.</param>
    public BoundedNewton(int parameterCount, BoundedNewtonOptions? options = null, ArrowLayout? layout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameterCount);
        _options = options ?? new BoundedNewtonOptions();
        _step = layout is null ? new NewtonStep(parameterCount) : new ArrowStep(layout);
        (_point, _trial) = (new double[parameterCount], new double[parameterCount]);
        (_unboundedBelow, _unboundedAbove) = (new double[parameterCount], new double[parameterCount]);
        Array.Fill(_unboundedBelow, double.NegativeInfinity);
        Array.Fill(_unboundedAbove, double.PositiveInfinity);
        (_gradient, _trialGradient) = (new double[parameterCount], new double[parameterCount]);
    }

    /// <summary>Minimises <paramref name="function"/>.</summary>
    /// <param name="function">The function; its number of parameters n is that of the constructor.</param>
    /// <param name="start">Where to start, length n; moved into the box. A fixed parameter stays where it is, inside or outside.</param>
    /// <param name="lower">Lower bounds, length n; −∞ where there is none. Empty for none at all.</param>
    /// <param name="upper">Upper bounds, length n, each at least the lower one; +∞ where there is none. Empty for none at
    /// all.</param>
    /// <param name="isFixed">Which parameters stay at their start; length n, or empty for none.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>The lowest point with the reason why the search ended there; never an exception for a function that has no
    /// minimum.</returns>
    /// <exception cref="ArgumentException">A length is not n, or bounds are reversed; the message holds which.</exception>
    public BoxMinimum Minimise(
        ISmoothFunction function, ReadOnlySpan<double> start, ReadOnlySpan<double> lower = default, ReadOnlySpan<double> upper = default,
        ReadOnlySpan<bool> isFixed = default, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        _cancellation = cancellation;
        lower = lower.IsEmpty ? _unboundedBelow : lower;
        upper = upper.IsEmpty ? _unboundedAbove : upper;
        CheckShapes(function, start, lower, upper, isFixed);
        for (int i = 0; i < _point.Length; i++)
        {
            _point[i] = !isFixed.IsEmpty && isFixed[i] ? start[i] : Math.Clamp(start[i], lower[i], upper[i]);
        }

        double value = _step.Evaluate(function, _point, _gradient);
        _step.Accept();
        return double.IsFinite(value)
            ? Descend(function, value, start, lower, upper, isFixed)
            : Result(
                MinimumStatus.Undefined,
                $"The function is not finite where the minimisation starts. {function.WhyUndefined(_point)}".TrimEnd(), value, double.NaN,
                0);
    }

    private BoxMinimum Descend(
        ISmoothFunction function,
        double value,
        ReadOnlySpan<double> start,
        ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper,
        ReadOnlySpan<bool> isFixed)
    {
        double damping = 0;
        for (int iteration = 0; iteration < _options.MaxIterations; iteration++)
        {
            _cancellation.ThrowIfCancellationRequested();
            _step.HoldAtBounds(_point, _gradient, lower, upper, isFixed);
            damping = _step.Solve(_point, _gradient, lower, upper, damping);
            double distance = _step.Distance;
            if (!double.IsFinite(distance) && _step.IndexOfUndefined(_gradient) is int undefined)
            {
                return Result(
                    MinimumStatus.Undefined, $"The derivatives with respect to parameter {undefined} are not finite where the function is.",
                    value, double.NaN, iteration, undefined);
            }

            if (distance <= _options.Tolerance)
            {
                // Damping left over from earlier steps says nothing of the Hessian here.
                damping = _step.Solve(_point, _gradient, lower, upper, damping: 0);
                if (!_step.IsNegative)
                {
                    return Ended(value, damping, iteration);
                }
            }

            while (!TryAccept(function, lower, upper, ref value))
            {
                // Where rounding hides every gain, the point reached is the minimum to the accuracy of the function.
                if (distance <= AcceptedDistance && _step.PredictedDecrease <= ValueRounding * (1 + Math.Abs(value)))
                {
                    return Ended(value, _step.Solve(_point, _gradient, lower, upper, damping: 0), iteration);
                }

                damping = damping == 0 ? FirstDamping : damping * 10;
                if (damping > LargestDamping || !_step.TrySolve(_point, _gradient, lower, upper, damping))
                {
                    return Result(
                        MinimumStatus.NoProgress, "No step lowers the function although its gradient does not vanish.", value, distance,
                        iteration);
                }
            }

            if (value < Bottomless)
            {
                return RanAway(start, value, iteration)!;
            }

            // A long flat valley needs less damping than the first, which a step without any overshoots.
            damping = damping <= LeastDamping ? 0 : damping / 10;
        }

        return RanAway(start, value, _options.MaxIterations) ?? Result(
            MinimumStatus.IterationLimit, $"The minimum was not reached in {_options.MaxIterations} steps.", value, _step.Distance,
            _options.MaxIterations);
    }

    private bool TryAccept(ISmoothFunction function, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, ref double value)
    {
        for (int i = 0; i < _point.Length; i++)
        {
            // A fixed parameter may lie outside; a step to a bound must end on it exactly.
            double step = _step.Direction[i];
            _trial[i] = step == 0 ? _point[i] : InBox(_point[i] + step, Math.Abs(_point[i]), lower[i], upper[i]);
        }

        double found = _step.Evaluate(function, _trial, _trialGradient);
        double predicted = _step.PredictedDecrease;
        bool isRounding = Math.Abs(predicted) <= ValueRounding * (1 + Math.Abs(value));
        bool accepted = double.IsFinite(found)
            && (
                isRounding
                    ? found - value <= ValueRounding * (1 + Math.Abs(value)) && GradientFalls()
                    : predicted > 0 && value - found >= 1e-4 * predicted);
        if (accepted)
        {
            value = found;
            _trial.AsSpan().CopyTo(_point);
            (_gradient, _trialGradient) = (_trialGradient, _gradient);
            _step.Accept();
        }

        return accepted;
    }

    /// <summary>A value moved into the box, and onto the bound that it misses by no more than the rounding of the step that led to
    /// it.</summary>
    private static double InBox(double value, double from, double lower, double upper)
    {
        double rounding = StepRounding * from;
        return value - lower <= rounding ? lower : upper - value <= rounding ? upper : value;
    }

    /// <summary>What to say of a function without minimum; null where no parameter is far from its start and the value is not
    /// bottomless.</summary>
    private BoxMinimum? RanAway(ReadOnlySpan<double> start, double value, int iteration)
    {
        int farthest = 0;
        double distance = 0;
        for (int i = 0; i < start.Length; i++)
        {
            double moved = Math.Abs(_point[i] - start[i]) / (1 + Math.Abs(start[i]));
            (farthest, distance) = moved > distance ? (i, moved) : (farthest, distance);
        }

        return distance < Runaway && value >= Bottomless
            ? null
            : Result(
                MinimumStatus.Unbounded,
                Text($"The function falls without end: parameter {farthest} ran from {start[farthest]:G4} to {_point[farthest]:G4}."),
                value,
                double.NaN,
                iteration,
                farthest);
    }

    /// <summary>Whether the slope along the step is smaller at its end than at its start.</summary>
    private bool GradientFalls()
    {
        double before = 0;
        double after = 0;
        for (int i = 0; i < _point.Length; i++)
        {
            before += _step.Direction[i] * _gradient[i];
            after += _step.Direction[i] * _trialGradient[i];
        }

        return Math.Abs(after) < Math.Abs(before);
    }

    /// <summary>The minimum reached, after a step without damping where there is one.</summary>
    private BoxMinimum Ended(double value, double damping, int iteration) => damping == 0 && _step.IsPositiveDefinite
        ? Result(MinimumStatus.Converged, "Converged: the EDM is below the tolerance.", value, _step.Distance, iteration)
        : damping <= FirstDamping
            ? Result(
                MinimumStatus.Degenerate, "The gradient vanishes, but the function does not depend on some combination of the parameters.",
                value, double.NaN, iteration)
            : Result(MinimumStatus.NoProgress, "The gradient vanishes at a point that is no minimum.", value, double.NaN, iteration);

    private BoxMinimum Result(MinimumStatus status, string reason, double value, double distance, int iterations, int? culprit = null) =>
        new()
        {
            Status = status,
            Reason = reason,
            Parameters = _point.AsSpan().ToArray(),
            Value = value,
            EstimatedDistance = distance,
            Iterations = iterations,
            Culprit = culprit,
        };

    private void CheckShapes(
        ISmoothFunction function, ReadOnlySpan<double> start, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper,
        ReadOnlySpan<bool> isFixed)
    {
        int count = _point.Length;
        if (function.ParameterCount != count || start.Length != count || lower.Length != count || upper.Length != count
            || !(isFixed.IsEmpty || isFixed.Length == count))
        {
            throw new ArgumentException(
                $"The function has {function.ParameterCount} parameters, the start {start.Length}, the bounds {lower.Length} and "
                    + $"{upper.Length} and the mask {isFixed.Length}; expected {count} of each.");
        }

        for (int i = 0; i < count; i++)
        {
            if (!(lower[i] <= upper[i]))
            {
                throw new ArgumentException($"The bounds {lower[i]} and {upper[i]} of parameter {i} are reversed or NaN.");
            }
        }
    }
}
