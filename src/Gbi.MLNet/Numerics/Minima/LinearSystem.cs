using System.Numerics.Tensors;
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

/// <summary>Cholesky's A = L Lᵀ of small symmetric matrices in buffers of the caller, for loops that must not allocate.</summary>
internal static class CholeskyFactor
{
    /// <summary>Rounding below which a pivot counts as 0, relative to the diagonal it came from.</summary>
    private const double SmallestPivot = 1e-13;

    /// <summary>Replaces the lower triangle of A by L.</summary>
    /// <param name="matrix">A, shape [<paramref name="size"/> × <paramref name="size"/>], row-major; the upper triangle is not
    /// read.</param>
    /// <param name="size">Number of rows.</param>
    /// <returns>False where A is not positive definite within rounding; the buffer is then of no use.</returns>
    public static bool TryFactorise(Span<double> matrix, int size)
    {
        for (int i = 0; i < size; i++)
        {
            Span<double> row = matrix.Slice(i * size, i + 1);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> other = matrix.Slice(j * size, j + 1);
                row[j] = (row[j] - TensorPrimitives.Dot(row[..j], other[..j])) / other[j];
            }

            double diagonal = row[i];
            double pivot = diagonal - TensorPrimitives.Dot<double>(row[..i], row[..i]);
            if (!(pivot > SmallestPivot * Math.Abs(diagonal)) || !double.IsFinite(pivot))
            {
                return false;
            }

            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }

    /// <summary>ln |L| = ½ ln |A|.</summary>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int size)
    {
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            sum += Math.Log(factor[(i * size) + i]);
        }

        return sum;
    }

    /// <summary>Solves L x = b in place.</summary>
    /// <param name="factor">What <see cref="TryFactorise"/> left.</param>
    /// <param name="size">Number of rows.</param>
    /// <param name="vector">b, replaced by x; length <paramref name="size"/>.</param>
    public static void SolveLower(ReadOnlySpan<double> factor, int size, Span<double> vector)
    {
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<double> row = factor.Slice(i * size, i + 1);
            vector[i] = (vector[i] - TensorPrimitives.Dot<double>(row[..i], vector[..i])) / row[i];
        }
    }

    /// <summary>Solves L Lᵀ x = b in place.</summary>
    /// <param name="factor">What <see cref="TryFactorise"/> left.</param>
    /// <param name="size">Number of rows.</param>
    /// <param name="vector">b, replaced by x; length <paramref name="size"/>.</param>
    public static void Solve(ReadOnlySpan<double> factor, int size, Span<double> vector)
    {
        SolveLower(factor, size, vector);
        for (int i = size - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> row = factor.Slice(i * size, i + 1);
            vector[i] /= row[i];
            TensorPrimitives.MultiplyAdd(row[..i], -vector[i], vector[..i], vector[..i]);
        }
    }
}
