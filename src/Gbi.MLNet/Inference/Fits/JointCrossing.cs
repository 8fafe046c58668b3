using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>
/// Where a profile of −2 ln L rises to a value, by Newton's method in all parameters at once: at each point the others are profiled in
/// the quadratic approximation, m(δ) = m + gδ + hδ²/2, and δ is where m(δ) meets the value.
/// </summary>
internal sealed class JointCrossing(ISmoothFunction twiceNll, int parameterOfInterest, int[] free, double[] lower, double[] upper)
{
    private const int MostSteps = 8;

    // The step after one of this size, relative, is of the order of its square.
    private const double Settled = 1e-5;

    private readonly int[] _others = [.. free.Where(parameter => parameter != parameterOfInterest)];
    private readonly double[] _gradient = new double[lower.Length];
    private readonly double[] _hessian = new double[lower.Length * lower.Length];

    /// <summary>Looks for the crossing.</summary>
    /// <param name="minimum">All parameters at the minimum.</param>
    /// <param name="target">The value to rise to.</param>
    /// <param name="errors">How many standard errors away the crossing of a parabola is; its sign is the side.</param>
    /// <param name="covariance">At the minimum, shape [n × n].</param>
    /// <param name="mu">The crossing.</param>
    public bool TryFind(double[] minimum, double target, double errors, double[] covariance, out double mu)
    {
        int size = minimum.Length;
        double variance = covariance[(parameterOfInterest * size) + parameterOfInterest];
        double shift = errors * Math.Sqrt(variance);
        double[] point = [.. minimum];
        foreach (int parameter in free)
        {
            point[parameter] += covariance[(parameter * size) + parameterOfInterest] / variance * shift;
        }

        bool found = TryFindFrom(point, target, Math.Sign(errors), Math.Abs(shift));
        mu = found ? point[parameterOfInterest] : double.NaN;
        return found;
    }

    /// <summary>Looks for the crossing near a point.</summary>
    /// <param name="point">All parameters; moved to the crossing, or to anywhere where there is none.</param>
    /// <param name="target">The value of the profile there.</param>
    /// <param name="side">The sign of the profile's slope there.</param>
    /// <param name="scale">Distance over which the profile changes much.</param>
    public bool TryFindFrom(double[] point, double target, int side, double scale)
    {
        for (int steps = 0; steps < MostSteps && IsInside(point); steps++)
        {
            double value = twiceNll.Evaluate(point, _gradient, _hessian);
            if (!TryStep(point, target - value, side, out double step))
            {
                return false;
            }

            if (Math.Abs(step) < Settled * scale)
            {
                return IsInside(point);
            }
        }

        return false;
    }

    private bool TryStep(double[] point, double missing, int side, out double step)
    {
        int size = point.Length;
        step = double.NaN;
        if (!double.IsFinite(missing) || Inverse(size) is not { } inverse)
        {
            return false;
        }

        double[] byInterest = Multiply(inverse, parameter => _hessian[(parameter * size) + parameterOfInterest]);
        double[] byGradient = Multiply(inverse, parameter => _gradient[parameter]);
        double slope = _gradient[parameterOfInterest];
        double curvature = _hessian[(parameterOfInterest * size) + parameterOfInterest];
        for (int i = 0; i < _others.Length; i++)
        {
            double gradient = _gradient[_others[i]];
            slope -= byInterest[i] * gradient;
            curvature -= byInterest[i] * _hessian[(_others[i] * size) + parameterOfInterest];
            missing += byGradient[i] * gradient / 2;
        }

        step = 2 * missing / (slope + (side * Math.Sqrt((slope * slope) + (2 * curvature * missing))));
        if (!double.IsFinite(step))
        {
            return false;
        }

        point[parameterOfInterest] += step;
        for (int i = 0; i < _others.Length; i++)
        {
            point[_others[i]] -= byGradient[i] + (byInterest[i] * step);
        }

        return true;
    }

    private double[]? Inverse(int size)
    {
        double[] block = new double[_others.Length * _others.Length];
        for (int row = 0; row < _others.Length; row++)
        {
            for (int column = 0; column < _others.Length; column++)
            {
                block[(row * _others.Length) + column] = _hessian[(_others[row] * size) + _others[column]];
            }
        }

        return _others.Length == 0 ? [] : LinearSystem.InverseOfPositiveDefinite(block, _others.Length);
    }

    private double[] Multiply(double[] inverse, Func<int, double> vector)
    {
        double[] product = new double[_others.Length];
        for (int row = 0; row < product.Length; row++)
        {
            for (int column = 0; column < product.Length; column++)
            {
                product[row] += inverse[(row * product.Length) + column] * vector(_others[column]);
            }
        }

        return product;
    }

    /// <summary>Whether every free parameter is between its bounds: one that a bound holds does not follow the others.</summary>
    private bool IsInside(double[] point) =>
        Array.TrueForAll(free, parameter => point[parameter] > lower[parameter] && point[parameter] < upper[parameter]);
}
