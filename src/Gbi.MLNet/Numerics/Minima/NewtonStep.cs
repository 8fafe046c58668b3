using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics.Minima;

/// <summary>Newton steps of a function of few parameters, whose second derivatives are a plain matrix.</summary>
internal sealed class NewtonStep(int parameterCount) : StepSolver(parameterCount)
{
    // Above this size eigenvalues take too long; damping alone then makes the matrix positive definite.
    private const int MostEigenvalues = 400;

    private readonly int[] _free = new int[parameterCount];
    private readonly int[] _moving = new int[parameterCount];
    private readonly double[] _factor = new double[parameterCount * parameterCount];
    private readonly double[] _solution = new double[parameterCount];
    private readonly double[] _scale = new double[parameterCount];
    private double[] _hessian = new double[parameterCount * parameterCount];
    private double[] _trialHessian = new double[parameterCount * parameterCount];
    private int _freeCount;
    private int _movingCount;

    public override double Evaluate(ISmoothFunction function, ReadOnlySpan<double> point, Span<double> gradient) =>
        function.Evaluate(point, gradient, _trialHessian);

    public override void Accept() => (_hessian, _trialHessian) = (_trialHessian, _hessian);

    public override void HoldAtBounds(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper,
        ReadOnlySpan<bool> isFixed)
    {
        _freeCount = 0;
        for (int i = 0; i < point.Length; i++)
        {
            if (!IsHeld(i, point, gradient, lower, upper, isFixed))
            {
                _free[_freeCount++] = i;
            }
        }
    }

    public override bool TrySolve(
        ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double damping)
    {
        ReadOnlySpan<double> hessian = _hessian;
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

    public override int? IndexOfUndefined(ReadOnlySpan<double> gradient)
    {
        for (int k = 0; k < _freeCount; k++)
        {
            int row = _free[k];
            bool isFinite = double.IsFinite(gradient[row]);
            for (int j = 0; j < _freeCount; j++)
            {
                isFinite &= double.IsFinite(_hessian[(row * gradient.Length) + _free[j]]);
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

            _scale[row] = ScaleOf(target[row], largest, gradient[i], point[i]);
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
