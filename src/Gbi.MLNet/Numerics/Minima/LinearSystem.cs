using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics.Minima;

/// <summary>Small symmetric systems of equations, such as covariances of fits.</summary>
internal static class LinearSystem
{
    /// <summary>
    /// The inverse of a symmetric positive definite matrix [n × n, row-major], scaled to unit diagonal first so that parameters of
    /// different sizes do not harm each other; null where the matrix is not positive definite.
    /// </summary>
    public static double[]? InverseOfPositiveDefinite(ReadOnlySpan<double> matrix, int size)
    {
        if (matrix.Length != size * size)
        {
            throw new ArgumentException($"The matrix has {matrix.Length} entries, expected {size} × {size}.", nameof(matrix));
        }

        double[] scale = new double[size];
        for (int i = 0; i < size; i++)
        {
            double diagonal = matrix[(i * size) + i];
            if (!(diagonal > 0))
            {
                return null;
            }

            scale[i] = 1 / Math.Sqrt(diagonal);
        }

        var scaled = Matrix<double>.Build.Dense(size, size);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                scaled[i, j] = matrix[(i * size) + j] * scale[i] * scale[j];
            }
        }

        return InvertScaled(scaled, scale);
    }

    /// <summary>
    /// The inverse of a function's second derivatives at a point, [n × n] row-major; null where they are not positive definite.
    /// </summary>
    internal static double[]? InverseOfHessian(ISmoothFunction function, ReadOnlySpan<double> point)
    {
        double[] hessian = new double[point.Length * point.Length];
        function.Evaluate(point, new double[point.Length], hessian);
        return InverseOfPositiveDefinite(hessian, point.Length);
    }

    private static double[]? InvertScaled(Matrix<double> scaled, double[] scale)
    {
        int size = scale.Length;
        var eigen = scaled.Evd(Symmetricity.Symmetric);
        if (eigen.EigenValues.Enumerate().Any(value => !(value.Real > 1e-14)))
        {
            return null;
        }

        var inverse = scaled.Cholesky().Solve(Matrix<double>.Build.DenseIdentity(size));
        double[] result = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                result[(i * size) + j] = inverse[i, j] * scale[i] * scale[j];
            }
        }

        return result;
    }
}
