using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics;

/// <summary>
/// The values at one point of a smooth function of several variables, from scattered noisy points around it: a weighted straight line
/// y_i ≈ a + Σ_p s_p d_ip by least squares, d_i being the distance of point i.
/// </summary>
/// <param name="Value">a, one for each function.</param>
/// <param name="Slopes">s, shape [variables × functions], row-major.</param>
/// <param name="Covariance">That of a by the scatter about the line, Σ l_i² e_i e_iᵀ with a = Σ l_i y_i; shape [functions × functions].</param>
/// <remarks>Fan and Gijbels, Local Polynomial Modelling and Its Applications (1996), section 3.</remarks>
internal sealed record LocalLine(double[] Value, double[] Slopes, double[] Covariance)
{
    /// <summary>The line through points.</summary>
    /// <param name="distances">d of each point.</param>
    /// <param name="weights">Weight of each point.</param>
    /// <param name="values">y of each point.</param>
    public static LocalLine Fit(IReadOnlyList<double[]> distances, IReadOnlyList<double> weights, IReadOnlyList<double[]> values)
    {
        int functions = values[0].Length;
        Matrix<double> design = Matrix<double>.Build.Dense(distances.Count, distances[0].Length + 1, (i, p) => p == 0 ? 1 : distances[i][p - 1]);
        Matrix<double> weighted = Matrix<double>.Build.Dense(design.RowCount, design.ColumnCount, (i, p) => weights[i] * design[i, p]);
        Matrix<double> known = Matrix<double>.Build.Dense(design.RowCount, functions, (i, f) => values[i][f]);
        Matrix<double> inverse = weighted.TransposeThisAndMultiply(design).Inverse();
        Matrix<double> line = inverse * weighted.TransposeThisAndMultiply(known);
        Matrix<double> residuals = known - (design * line);
        Vector<double> shares = weighted * inverse.Column(0);
        Matrix<double> scaled = Matrix<double>.Build.Dense(design.RowCount, functions, (i, f) => shares[i] * residuals[i, f]);
        return new LocalLine(
            line.Row(0).ToArray(),
            [.. Enumerable.Range(1, line.RowCount - 1).SelectMany(p => line.Row(p))],
            scaled.TransposeThisAndMultiply(scaled).ToRowMajorArray());
    }
}
