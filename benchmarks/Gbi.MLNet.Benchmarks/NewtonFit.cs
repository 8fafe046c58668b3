using Gbi.Numerics;

namespace Gbi.Benchmarks;

/// <summary>Plain Newton steps on a likelihood that is convex near its minimum, with some parameters held: for timings and references.</summary>
internal sealed class NewtonFit(ISmoothFunction function)
{
    private readonly double[] _gradient = new double[function.ParameterCount];
    private readonly double[] _hessian = new double[function.ParameterCount * function.ParameterCount];

    /// <summary>Steps from a point to the minimum, in place, until the estimated distance in the function is below 1e-12.</summary>
    /// <param name="point">The start, then the minimum.</param>
    /// <param name="held">How many parameters at the front stay as they are.</param>
    /// <returns>The value at the last but negligible step, and the inverse Hessian of the free parameters.</returns>
    public (double Value, double[] Covariance, int Calls) Minimise(double[] point, int held = 0)
    {
        int free = point.Length - held;
        for (int calls = 1; ; calls++)
        {
            double value = function.Evaluate(point, _gradient, _hessian);
            double[] inverse = LinearSystem.InverseOfPositiveDefinite(Block(held), free)
                ?? throw new InvalidOperationException("The Hessian is not positive definite.");
            double distance = 0;
            for (int a = 0; a < free; a++)
            {
                double step = 0;
                for (int b = 0; b < free; b++)
                {
                    step += inverse[(a * free) + b] * _gradient[held + b];
                }

                point[held + a] -= step;
                distance += 0.5 * step * _gradient[held + a];
            }

            if (distance < 1e-12 || calls == 50)
            {
                return (value - distance, inverse, calls);
            }
        }
    }

    /// <summary>The value of the first parameter at which the profile lies a given rise above the minimum.</summary>
    /// <param name="minimum">The minimum.</param>
    /// <param name="value">The value there.</param>
    /// <param name="covariance">The inverse Hessian there.</param>
    /// <param name="side">−1 or +1.</param>
    /// <param name="rise">0.5 for one standard deviation.</param>
    public (double Crossing, int Calls) Crossing(double[] minimum, double value, double[] covariance, int side, double rise = 0.5)
    {
        // One step moves all parameters: with the others profiled in the quadratic approximation, m(δ) = m + gδ + hδ²/2 meets the rise.
        int n = minimum.Length;
        double shift = side * Math.Sqrt(2 * rise * covariance[0]);
        double[] point = [.. minimum.Select((at, a) => at + (covariance[a] / covariance[0] * shift))];
        for (int calls = 1; calls <= 50; calls++)
        {
            double found = function.Evaluate(point, _gradient, _hessian);
            double[] inverse = LinearSystem.InverseOfPositiveDefinite(Block(1), n - 1)
                ?? throw new InvalidOperationException("The Hessian is not positive definite.");
            double[] byFirst = Multiply(inverse, Enumerable.Range(1, n - 1).Select(a => _hessian[a]));
            double[] byGradient = Multiply(inverse, _gradient.Skip(1));
            double slope = _gradient[0] - byFirst.Zip(_gradient.Skip(1), (x, y) => x * y).Sum();
            double curvature = _hessian[0] - byFirst.Select((x, a) => x * _hessian[a + 1]).Sum();
            double missing = value + rise - found + (byGradient.Zip(_gradient.Skip(1), (x, y) => x * y).Sum() / 2);
            double step = 2 * missing / (slope + (side * Math.Sqrt((slope * slope) + (2 * curvature * missing))));
            point[0] += step;
            for (int a = 1; a < n; a++)
            {
                point[a] -= byGradient[a - 1] + (byFirst[a - 1] * step);
            }

            // The next step would be of the order of this one's square.
            if (Math.Abs(step) < 1e-5 * Math.Abs(shift))
            {
                return (point[0], calls);
            }
        }

        throw new InvalidOperationException("The profile did not cross.");
    }

    private static double[] Multiply(double[] matrix, IEnumerable<double> vector)
    {
        double[] values = [.. vector];
        return [.. values.Select((_, a) => values.Select((value, b) => matrix[(a * values.Length) + b] * value).Sum())];
    }

    private double[] Block(int held)
    {
        int n = function.ParameterCount;
        int free = n - held;
        double[] block = new double[free * free];
        for (int a = 0; a < free; a++)
        {
            _hessian.AsSpan(((held + a) * n) + held, free).CopyTo(block.AsSpan(a * free));
        }

        return block;
    }
}
