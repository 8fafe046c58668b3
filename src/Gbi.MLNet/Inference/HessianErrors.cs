using Gbi.Numerics;

namespace Gbi.Inference;

/// <summary>Errors from the curvature of twice a negative log likelihood.</summary>
internal static class HessianErrors
{
    /// <summary>2 H⁻¹ over the free parameters, 0 elsewhere; shape [n × n]; null where H is not positive definite.</summary>
    public static double[]? Covariance(ISmoothFunction twiceNll, ReadOnlySpan<double> point, ReadOnlySpan<int> free)
    {
        int size = point.Length;
        double[] gradient = new double[size];
        double[] hessian = new double[size * size];
        twiceNll.Evaluate(point, gradient, hessian);
        double[] reduced = new double[free.Length * free.Length];
        for (int row = 0; row < free.Length; row++)
        {
            for (int column = 0; column < free.Length; column++)
            {
                reduced[(row * free.Length) + column] = hessian[(free[row] * size) + free[column]] / 2;
            }
        }

        double[]? inverse = LinearSystem.InverseOfPositiveDefinite(reduced, free.Length);
        if (inverse is null)
        {
            return null;
        }

        double[] covariance = new double[size * size];
        for (int row = 0; row < free.Length; row++)
        {
            for (int column = 0; column < free.Length; column++)
            {
                covariance[(free[row] * size) + free[column]] = inverse[(row * free.Length) + column];
            }
        }

        return covariance;
    }
}
