using System.Numerics.Tensors;

namespace Gbi.Numerics.Minima;

/// <summary>Newton steps of a function whose second derivatives have the shape of an arrow.</summary>
internal sealed class ArrowStep(ArrowLayout layout) : StepSolver(layout.Count)
{
    private readonly ArrowFactor _factor = new(layout);
    private readonly bool[] _isFree = new bool[layout.Count];
    private readonly bool[] _isMoving = new bool[layout.Count];
    private readonly double[] _added = new double[layout.Count];
    private readonly double[] _solution = new double[layout.Count];
    private readonly double[] _bent = new double[layout.Count];
    private ArrowMatrix _hessian = new(layout);
    private ArrowMatrix _trial = new(layout);

    public override double Evaluate(ISmoothFunction function, ReadOnlySpan<double> point, Span<double> gradient) =>
        ((IArrowFunction)function).Evaluate(point, gradient, _trial);

    public override void Accept() => (_hessian, _trial) = (_trial, _hessian);

    public override void HoldAtBounds(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper,
        ReadOnlySpan<bool> isFixed)
    {
        for (int i = 0; i < _isFree.Length; i++)
        {
            _isFree[i] = !IsHeld(i, point, gradient, lower, upper, isFixed);
        }
    }

    public override bool TrySolve(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double damping)
    {
        Direction.AsSpan().Clear();
        _isFree.CopyTo(_isMoving, 0);
        FillDamping(point, gradient, damping);
        bool isFirst = true;
        do
        {
            if (!_factor.TryFactorise(_hessian, _added, _isMoving))
            {
                return false;
            }

            // What parameters that already stopped at a bound take along: H p.
            _bent.AsSpan().Clear();
            if (!isFirst)
            {
                _hessian.Multiply(Direction, _bent);
            }

            for (int i = 0; i < _solution.Length; i++)
            {
                _solution[i] = _isMoving[i] ? -gradient[i] - _bent[i] : 0;
            }

            _factor.Solve(_solution);
            if (isFirst)
            {
                (Distance, IsPositiveDefinite, IsNegative) = (-TensorPrimitives.Dot(gradient, _solution) / 2, true, false);
                isFirst = false;
            }
        }
        while (StopAtBounds(point, lower, upper));

        _hessian.Multiply(Direction, _bent);
        PredictedDecrease = -TensorPrimitives.Dot(gradient, Direction) - (TensorPrimitives.Dot<double>(Direction, _bent) / 2);
        return true;
    }

    public override int? IndexOfUndefined(ReadOnlySpan<double> gradient)
    {
        for (int i = 0; i < _isFree.Length; i++)
        {
            if (_isFree[i] && !(double.IsFinite(gradient[i]) && double.IsFinite(_hessian.Diagonal(i))))
            {
                return i;
            }
        }

        return null;
    }

    private void FillDamping(ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, double damping)
    {
        double largest = 0;
        for (int i = 0; i < _added.Length; i++)
        {
            largest = _isFree[i] ? Math.Max(largest, Math.Abs(_hessian.Diagonal(i))) : largest;
        }

        for (int i = 0; i < _added.Length; i++)
        {
            _added[i] = _isFree[i] ? damping * ScaleOf(_hessian.Diagonal(i), largest, gradient[i], point[i]) : 0;
        }
    }

    /// <summary>Takes over the solution; parameters that it sends out of the box stop at the bound. True where some did and others still
    /// move.</summary>
    private bool StopAtBounds(ReadOnlySpan<double> point, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        bool stopped = false;
        bool moves = false;
        for (int i = 0; i < _isMoving.Length; i++)
        {
            double end = point[i] + _solution[i];
            if (_isMoving[i] && (end < lower[i] || end > upper[i]))
            {
                Direction[i] = Math.Clamp(end, lower[i], upper[i]) - point[i];
                _isMoving[i] = false;
                stopped = true;
            }

            moves |= _isMoving[i];
        }

        for (int i = 0; i < _isMoving.Length && !stopped; i++)
        {
            Direction[i] = _isMoving[i] ? _solution[i] : Direction[i];
        }

        return stopped && moves;
    }
}
