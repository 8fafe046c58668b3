using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics.Minima;

/// <summary>
/// The flat directions of an <see cref="ArrowMatrix"/> H, by inverse iteration: (H + ε D)⁻¹ with H's diagonal D leaves little but them of
/// any vector.
/// </summary>
internal static class ArrowFlatness
{
    private const double Shift = 1e-9;
    private const int Iterations = 6;
    private const int FirstCount = 4;

    /// <summary>The flat directions of some variables; null where H has a negative curvature, or none that is flat.</summary>
    /// <param name="hessian">H.</param>
    /// <param name="used">The variables; rows of the result are in their order.</param>
    /// <param name="point">All variables; length n.</param>
    public static FlatDirections? Of(ArrowMatrix hessian, int[] used, ReadOnlySpan<double> point)
    {
        int size = hessian.Layout.Count;
        double[] scale = new double[size];
        double[] added = new double[size];
        bool[] isUsed = new bool[size];
        foreach (int i in used)
        {
            scale[i] = FlatDirections.ScaleOf(hessian.Diagonal(i), point[i]);
            if (double.IsNaN(scale[i]))
            {
                return null;
            }

            scale[i] = scale[i] == 0 ? 1 : scale[i];
            added[i] = Shift / (scale[i] * scale[i]);
            isUsed[i] = true;
        }

        var factor = new ArrowFactor(hessian.Layout);
        if (!factor.TryFactorise(hessian, added, isUsed))
        {
            return null;
        }

        for (int count = Math.Min(FirstCount, used.Length); count > 0; count = Math.Min(2 * count, used.Length))
        {
            double[][] basis = Iterated(factor, scale, used, count);
            (double[] values, double[][] vectors) = Ritz(hessian, scale, used, basis);
            int flat = values.Count(FlatDirections.IsFlat);
            if (flat < count || count == used.Length)
            {
                double[][] found = [.. vectors.Where((_, k) => FlatDirections.IsFlat(values[k]))];
                return flat == 0 || values.Min() < -FlatDirections.FlatEigenvalue
                    ? null
                    : FlatDirections.Of(found, [.. used.Select(i => scale[i])], (_, _) => double.NaN);
            }
        }

        return null;
    }

    /// <summary>Orthonormal vectors of the used variables, in units of their scales, that hold the flat directions.</summary>
    private static double[][] Iterated(ArrowFactor factor, double[] scale, int[] used, int count)
    {
        // Any start will do that no flat direction is orthogonal to.
        double[][] basis =
            [.. Enumerable.Range(0, count).Select(k => Array.ConvertAll(used, i => Math.Sin(1 + (1.7 * i) + (k * (2.3 + (0.37 * i))))))];
        double[] full = new double[scale.Length];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            foreach (double[] vector in basis)
            {
                full.AsSpan().Clear();
                for (int i = 0; i < used.Length; i++)
                {
                    full[used[i]] = vector[i] / scale[used[i]];
                }

                factor.Solve(full);
                for (int i = 0; i < used.Length; i++)
                {
                    vector[i] = full[used[i]] / scale[used[i]];
                }
            }

            Orthonormalise(basis);
        }

        return basis;
    }

    /// <summary>Gram and Schmidt's, each vector twice against rounding.</summary>
    private static void Orthonormalise(double[][] basis)
    {
        for (int k = 0; k < basis.Length; k++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int other = 0; other < k; other++)
                {
                    double part = TensorPrimitives.Dot<double>(basis[k], basis[other]);
                    TensorPrimitives.MultiplyAdd(basis[other], -part, basis[k], basis[k]);
                }

                TensorPrimitives.Divide(basis[k], TensorPrimitives.Norm<double>(basis[k]), basis[k]);
            }
        }
    }

    /// <summary>Eigenvalues and eigenvectors of the scaled matrix within a basis.</summary>
    private static (double[] Values, double[][] Vectors) Ritz(ArrowMatrix hessian, double[] scale, int[] used, double[][] basis)
    {
        double[] full = new double[scale.Length];
        double[] product = new double[scale.Length];
        var small = Matrix<double>.Build.Dense(basis.Length, basis.Length);
        for (int k = 0; k < basis.Length; k++)
        {
            for (int i = 0; i < used.Length; i++)
            {
                full[used[i]] = basis[k][i] * scale[used[i]];
            }

            hessian.Multiply(full, product);
            for (int other = 0; other < basis.Length; other++)
            {
                small[k, other] = used.Select((variable, i) => basis[other][i] * scale[variable] * product[variable]).Sum();
            }
        }

        var eigen = ((small + small.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        return (
            [.. eigen.EigenValues.Select(value => value.Real)],
            [.. Enumerable.Range(0, basis.Length).Select(k => Array.ConvertAll(
                [.. Enumerable.Range(0, used.Length)], i => basis.Select((vector, at) => vector[i] * eigen.EigenVectors[at, k]).Sum()))]);
    }
}
