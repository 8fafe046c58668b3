using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>Errors from the curvature of twice a negative log likelihood, and what it does not determine.</summary>
internal sealed class HessianErrors
{
    // H_ii (H⁻¹)_ii = 1/(1 − ρ²), ρ the correlation of a parameter with all others: above this the parameter is another's shadow.
    private const double LargestInflation = 1e12;

    private HessianErrors(double[]? covariance, double[] errors, FlatDirections? flat) =>
        (Covariance, Errors, Flat) = (covariance, errors, flat);

    /// <summary>2 H⁻¹ over the free parameters, 0 elsewhere; shape [n × n]; null where H is not positive definite.</summary>
    public double[]? Covariance { get; }

    /// <summary>Standard errors; 0 for fixed parameters, NaN for those that the function does not determine. Length n.</summary>
    public double[] Errors { get; }

    /// <summary>Directions among the free parameters along which the function does not change; null where there is none.</summary>
    public FlatDirections? Flat { get; }

    /// <summary>Errors at a minimum.</summary>
    /// <param name="twiceNll">−2 ln L.</param>
    /// <param name="point">All parameters at the minimum.</param>
    /// <param name="free">Indices of the free ones.</param>
    public static HessianErrors At(ISmoothFunction twiceNll, ReadOnlySpan<double> point, ReadOnlySpan<int> free)
    {
        int size = point.Length;
        double[] hessian = new double[size * size];
        twiceNll.Evaluate(point, new double[size], hessian);
        double[] reduced = Half(hessian, size, free);
        double[]? inverse = free.Length == 0 ? [] : LinearSystem.InverseOfPositiveDefinite(reduced, free.Length);
        for (int i = 0; inverse is not null && i < free.Length; i++)
        {
            int diagonal = i * (free.Length + 1);
            inverse = inverse[diagonal] * reduced[diagonal] < LargestInflation ? inverse : null;
        }

        FlatDirections? flat = inverse is null ? FlatDirections.Of(reduced, Select(point, free)) : null;
        double[] errors = new double[size];
        for (int i = 0; i < free.Length; i++)
        {
            errors[free[i]] = Math.Sqrt(inverse?[i * (free.Length + 1)] ?? flat?.Variances[i] ?? double.NaN);
        }

        return new HessianErrors(inverse is null ? null : Spread(inverse, size, free), errors, flat);
    }

    private static double[] Half(double[] hessian, int size, ReadOnlySpan<int> free)
    {
        double[] reduced = new double[free.Length * free.Length];
        for (int row = 0; row < free.Length; row++)
        {
            for (int column = 0; column < free.Length; column++)
            {
                reduced[(row * free.Length) + column] = hessian[(free[row] * size) + free[column]] / 2;
            }
        }

        return reduced;
    }

    private static double[] Select(ReadOnlySpan<double> point, ReadOnlySpan<int> free)
    {
        double[] selected = new double[free.Length];
        for (int i = 0; i < free.Length; i++)
        {
            selected[i] = point[free[i]];
        }

        return selected;
    }

    private static double[] Spread(double[] inverse, int size, ReadOnlySpan<int> free)
    {
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
