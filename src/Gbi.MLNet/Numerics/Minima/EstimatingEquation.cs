using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics.Minima;

/// <summary>A step towards the solution of m(θ) = y by Newton's method, and the covariance of the solution.</summary>
internal static class EstimatingEquation
{
    /// <summary>A⁻¹ (y − m) and the sandwich A⁻¹ V A⁻ᵀ, row-major; null where A has no inverse.</summary>
    /// <param name="jacobian">A = ∂m/∂θ, shape [n × n], row-major: A_ij = ∂m_i/∂θ_j.</param>
    /// <param name="variance">V, the covariance of y − m, shape [n × n].</param>
    /// <param name="missing">y − m, length n.</param>
    /// <remarks>Godambe, Ann. Math. Stat. 31 (1960) 1208; Huber, Proc. Fifth Berkeley Symp. 1 (1967) 221.</remarks>
    public static (double[] Change, double[] Covariance)? Step(double[] jacobian, double[] variance, double[] missing)
    {
        int size = missing.Length;
        Matrix<double> slopes = Matrix<double>.Build.Dense(size, size, (i, j) => jacobian[(i * size) + j]);
        if (slopes.Determinant() is 0 or double.NaN)
        {
            return null;
        }

        Matrix<double> inverse = slopes.Inverse();
        Matrix<double> covariance =
            inverse * Matrix<double>.Build.Dense(size, size, (i, j) => variance[(i * size) + j]) * inverse.Transpose();
        double[] change = (inverse * Vector<double>.Build.DenseOfArray(missing)).ToArray();
        return change.All(double.IsFinite) && covariance.Enumerate().All(double.IsFinite) ? (change, covariance.ToRowMajorArray()) : null;
    }
}
