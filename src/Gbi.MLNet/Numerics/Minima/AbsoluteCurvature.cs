using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics.Minima;

/// <summary>
/// Newton's step where the matrix of second derivatives H is not positive definite: with the eigenvalues λ and eigenvectors v of
/// D^(−½) H D^(−½), p = −D^(−½) Σ v (vᵀ D^(−½) g)/(|λ| + κ). Along a negative curvature it goes at least one unit of the scaled variable
/// for κ = 0, on the side where the function falls, so that a saddle point is left and not crept away from.
/// </summary>
/// <remarks>
/// Dauphin et al., arXiv:1406.2572, equation 4; the least distance along negative curvatures is that of Moré and Sorensen's hard case,
/// SIAM J. Sci. Stat. Comput. 4 (1983) 553, section 3.
/// </remarks>
internal static class AbsoluteCurvature
{
    // Of the scaled matrix, whose eigenvalues rounding moves by 1e-15 or so.
    private const double FlatEigenvalue = 1e-11;

    // A flat direction is followed as if it had this curvature: a long way, to a bound if there is one.
    private const double CurvatureOfFlat = 1e-8;

    // A curvature this much below 0 leads away from a point whose gradient vanishes.
    private const double NegativeEigenvalue = -1e-9;

    /// <summary>Solves for a step.</summary>
    /// <param name="scaled">D^(−½) H D^(−½).</param>
    /// <param name="scale">D^(½), above 0.</param>
    /// <param name="damping">κ.</param>
    /// <param name="vector">−g, replaced by p.</param>
    /// <returns>½ Σ (vᵀ D^(−½) g)²/(|λ| + κ), and whether a curvature is negative.</returns>
    public static (double Distance, bool IsNegative) Solve(Matrix<double> scaled, double[] scale, double damping, Span<double> vector)
    {
        int size = scale.Length;
        var eigen = scaled.Evd(Symmetricity.Symmetric);
        double[] downhill = new double[size];
        for (int i = 0; i < size; i++)
        {
            downhill[i] = vector[i] / scale[i];
            vector[i] = 0;
        }

        double distance = 0;
        bool isNegative = false;
        for (int k = 0; k < size; k++)
        {
            double curvature = eigen.EigenValues[k].Real;
            double curved = Math.Abs(curvature) > FlatEigenvalue ? Math.Abs(curvature) : CurvatureOfFlat;
            double slope = 0;
            for (int i = 0; i < size; i++)
            {
                slope += eigen.EigenVectors[i, k] * downhill[i];
            }

            distance += slope * slope / (curved + damping) / 2;
            if (curvature < NegativeEigenvalue)
            {
                isNegative = true;
                slope = Math.CopySign(Math.Max(Math.Abs(slope), curved), slope);
            }

            for (int i = 0; i < size; i++)
            {
                vector[i] += slope / (curved + damping) * eigen.EigenVectors[i, k] / scale[i];
            }
        }

        return (distance, isNegative);
    }
}
