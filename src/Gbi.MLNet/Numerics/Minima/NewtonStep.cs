using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics.Minima;

/// <summary>One damped Newton step inside a box, with the buffers it needs.</summary>
internal sealed class NewtonStep(int parameterCount)
{
    private const double FlatCurvature = 1e-10;

    // A curvature so small that Newton's step would be 10⁴ times the parameter counts as this share of its slope in damping.
    private const double CurvatureOfSlope = 1e-4;

    // Above this size eigenvalues take too long; damping alone then makes the matrix positive definite.
    private const int MostEigenvalues = 400;

    private readonly int[] _free = new int[parameterCount];
    private readonly int[] _moving = new int[parameterCount];
    private readonly double[] _factor = new double[parameterCount * parameterCount];
    private readonly double[] _solution = new double[parameterCount];
    private readonly double[] _scale = new double[parameterCount];
    private int _freeCount;
    private int _movingCount;

    /// <summary>The step p; 0 for fixed parameters and those that a bound holds.</summary>
    public double[] Direction { get; } = new double[parameterCount];

    /// <summary>½ gᵀ(H + κD)⁻¹g over the parameters that no bound holds: the distance to the minimum where κ = 0.</summary>
    public double Distance { get; private set; }

    /// <summary>Whether H + κD over the parameters that no bound holds was positive definite.</summary>
    public bool IsPositiveDefinite { get; private set; }

    /// <summary>Whether H itself was found to have a negative curvature there.</summary>
    public bool IsNegative { get; private set; }

    /// <summary>−gᵀp − ½ pᵀHp, what the quadratic model of the function promises.</summary>
    public double PredictedDecrease { get; private set; }

    /// <summary>Frees all parameters but the fixed ones and those at a bound that the gradient pushes outwards.</summary>
    public void HoldAtBounds(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper,
        ReadOnlySpan<bool> isFixed)
    {
        _freeCount = 0;
        for (int i = 0; i < point.Length; i++)
        {
            bool held = (!isFixed.IsEmpty && isFixed[i]) || lower[i] == upper[i]
                || (point[i] <= lower[i] && gradient[i] > 0) || (point[i] >= upper[i] && gradient[i] < 0);
            if (!held)
            {
                _free[_freeCount++] = i;
            }
        }
    }

    /// <summary>Finds a step with the least damping from <paramref name="damping"/> on that has one.</summary>
    /// <returns>The damping κ used.</returns>
    public double Solve(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian, ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper, double damping)
    {
        while (!TrySolve(point, gradient, hessian, lower, upper, damping))
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

    /// <summary>The step for one damping; false where H + κD is not positive definite and too large for its eigenvalues, or not
    /// finite.</summary>
    public bool TrySolve(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian, ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper, double damping)
    {
        Direction.AsSpan().Clear();
        _free.AsSpan(0, _freeCount).CopyTo(_moving);
        _movingCount = _freeCount;
        Distance = double.NaN;
        do
        {
            if (!TrySolveMoving(point, gradient, hessian, damping))
            {
                return false;
            }
        }
        while (StopAtBounds(point, lower, upper));

        PredictedDecrease = Predict(gradient, hessian);
        return true;
    }

    /// <summary>The first free parameter whose first or second derivatives are not finite; null where there is none.</summary>
    public int? IndexOfUndefined(ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian)
    {
        for (int k = 0; k < _freeCount; k++)
        {
            int row = _free[k];
            bool isFinite = double.IsFinite(gradient[row]);
            for (int j = 0; j < _freeCount; j++)
            {
                isFinite &= double.IsFinite(hessian[(row * gradient.Length) + _free[j]]);
            }

            if (!isFinite)
            {
                return row;
            }
        }

        return null;
    }

    private bool TrySolveMoving(ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian, double damping)
    {
        int size = gradient.Length;
        double largest = 0;
        for (int row = 0; row < _movingCount; row++)
        {
            largest = Math.Max(largest, Math.Abs(hessian[_moving[row] * (size + 1)]));
        }

        for (int row = 0; row < _movingCount; row++)
        {
            int i = _moving[row];
            ReadOnlySpan<double> line = hessian.Slice(i * size, size);
            Span<double> target = _factor.AsSpan(row * _movingCount, row + 1);
            for (int column = 0; column <= row; column++)
            {
                target[column] = line[_moving[column]];
            }

            double leastOfSlope = CurvatureOfSlope * Math.Abs(gradient[i]) / (1 + Math.Abs(point[i]));
            _scale[row] = Math.Max(
                Math.Max(Math.Abs(target[row]), FlatCurvature * largest), Math.Max(leastOfSlope, double.Epsilon * 1e16));
            target[row] += damping * _scale[row];

            // What parameters that already stopped at a bound take along: H p.
            _solution[row] = -gradient[i] - (_movingCount == _freeCount ? 0 : TensorPrimitives.Dot(line, Direction));
        }

        bool isFirst = double.IsNaN(Distance);
        if (!CholeskyFactor.TryFactorise(_factor, _movingCount))
        {
            return TrySolveByEigenvalues(hessian, size, damping, isFirst);
        }

        CholeskyFactor.Solve(_factor, _movingCount, _solution.AsSpan(0, _movingCount));
        if (isFirst)
        {
            (Distance, IsPositiveDefinite, IsNegative) = (Distances(gradient), true, false);
        }

        return true;
    }

    private bool TrySolveByEigenvalues(ReadOnlySpan<double> hessian, int size, double damping, bool isFirst)
    {
        if (_movingCount > MostEigenvalues)
        {
            return false;
        }

        double[] scale = [.. _scale.AsSpan(0, _movingCount).ToArray().Select(Math.Sqrt)];
        var scaled = Matrix<double>.Build.Dense(_movingCount, _movingCount);
        for (int row = 0; row < _movingCount; row++)
        {
            for (int column = 0; column < _movingCount; column++)
            {
                double value = hessian[(_moving[row] * size) + _moving[column]] / (scale[row] * scale[column]);
                if (!double.IsFinite(value) || !double.IsFinite(_solution[row]))
                {
                    return false;
                }

                scaled[row, column] = value;
            }
        }

        (double distance, bool isNegative) = AbsoluteCurvature.Solve(scaled, scale, damping, _solution.AsSpan(0, _movingCount));
        if (isFirst)
        {
            (Distance, IsPositiveDefinite, IsNegative) = (distance, false, isNegative);
        }

        return true;
    }

    private double Distances(ReadOnlySpan<double> gradient)
    {
        double sum = 0;
        for (int row = 0; row < _movingCount; row++)
        {
            sum -= gradient[_moving[row]] * _solution[row];
        }

        return sum / 2;
    }

    /// <summary>Takes over the solution; parameters that it sends out of the box stop at the bound. True where some did.</summary>
    private bool StopAtBounds(ReadOnlySpan<double> point, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        int kept = 0;
        for (int row = 0; row < _movingCount; row++)
        {
            int i = _moving[row];
            double inside = Math.Clamp(point[i] + _solution[row], lower[i], upper[i]) - point[i];
            if (point[i] + _solution[row] < lower[i] || point[i] + _solution[row] > upper[i])
            {
                Direction[i] = inside;
            }
            else
            {
                _moving[kept++] = i;
                _solution[kept - 1] = _solution[row];
            }
        }

        bool stopped = kept < _movingCount;
        _movingCount = kept;
        for (int row = 0; row < kept && !stopped; row++)
        {
            Direction[_moving[row]] = _solution[row];
        }

        return stopped && kept > 0;
    }

    private double Predict(ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian)
    {
        double sum = 0;
        for (int k = 0; k < _freeCount; k++)
        {
            int i = _free[k];
            double bent = TensorPrimitives.Dot(hessian.Slice(i * gradient.Length, gradient.Length), Direction);
            sum -= Direction[i] * (gradient[i] + (bent / 2));
        }

        return sum;
    }
}
