namespace Gbi.Numerics.Minima;

/// <summary>A smooth convex function: fills gradient [n] and Hessian [n × n] and returns the value, or +∞ outside its domain.</summary>
public delegate double ConvexFunction(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian);

/// <summary>Where a minimisation ended.</summary>
/// <param name="X">The minimum.</param>
/// <param name="Hessian">Second derivatives there, row-major.</param>
/// <param name="InverseHessian">Its inverse, or null where it is singular.</param>
/// <param name="Iterations">Newton steps taken.</param>
/// <param name="Converged">Whether the estimated distance to the minimum, ½ gᵀH⁻¹g, fell below the tolerance.</param>
public sealed record ConvexMinimum(double[] X, double[] Hessian, double[]? InverseHessian, int Iterations, bool Converged);

/// <summary>Newton's method with halved steps, for convex functions of a few parameters.</summary>
public static class ConvexNewton
{
    /// <summary>Minimises <paramref name="function"/> from a point of its domain.</summary>
    /// <param name="function">A convex function.</param>
    /// <param name="start">A point where the function is finite.</param>
    /// <param name="tolerance">Accepted distance to the minimum, in units of the function.</param>
    /// <param name="maxIterations">Newton steps after which to give up.</param>
    public static ConvexMinimum Minimise(
        ConvexFunction function, ReadOnlySpan<double> start, double tolerance = 1e-9, int maxIterations = 200)
    {
        ArgumentNullException.ThrowIfNull(function);
        int size = start.Length;
        double[] x = start.ToArray();
        double[] gradient = new double[size];
        double[] hessian = new double[size * size];
        double value = function(x, gradient, hessian);
        for (int iteration = 0; iteration < maxIterations; iteration++)
        {
            double[]? inverse = LinearSystem.InverseOfPositiveDefinite(hessian, size);
            if (inverse is null)
            {
                return new ConvexMinimum(x, hessian, null, iteration, Converged: false);
            }

            double[] step = Multiply(inverse, gradient);
            double decrement = Dot(step, gradient);
            if (decrement / 2 <= tolerance)
            {
                return new ConvexMinimum(x, hessian, inverse, iteration, Converged: true);
            }

            if (!TryStep(function, ref x, ref value, step, decrement, gradient, hessian))
            {
                // No step lowers the value: rounding is reached where the distance is tiny, a failure elsewhere.
                return new ConvexMinimum(x, hessian, inverse, iteration, decrement <= 1e-9 * (1 + Math.Abs(value)));
            }
        }

        return new ConvexMinimum(x, hessian, LinearSystem.InverseOfPositiveDefinite(hessian, size), maxIterations, Converged: false);
    }

    private static bool TryStep(
        ConvexFunction function, ref double[] x, ref double value, double[] step, double decrement, double[] gradient, double[] hessian)
    {
        for (double length = 1; length > 1e-10; length /= 2)
        {
            double[] tried = new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                tried[i] = x[i] - (length * step[i]);
            }

            double found = function(tried, gradient, hessian);
            if (found <= value - (1e-4 * length * decrement))
            {
                x = tried;
                value = found;
                return true;
            }
        }

        function(x, gradient, hessian);
        return false;
    }

    private static double[] Multiply(double[] matrix, double[] vector)
    {
        double[] product = new double[vector.Length];
        for (int i = 0; i < product.Length; i++)
        {
            product[i] = Dot(matrix.AsSpan(i * vector.Length, vector.Length), vector);
        }

        return product;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
