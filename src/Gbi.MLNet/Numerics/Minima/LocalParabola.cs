using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics.Minima;

/// <summary>
/// The values at one point of a smooth function of several variables, from scattered noisy points around it: a weighted parabola
/// y_i ≈ a + Σ_p s_p d_ip + Σ_{p≤q} c_pq d_ip d_iq by least squares, d_i being the distance of point i.
/// </summary>
/// <param name="Value">a, one for each function.</param>
/// <param name="Slopes">s, shape [variables × functions], row-major.</param>
/// <param name="Covariance">That of a by the scatter about the parabola, Σ l_i² e_i e_iᵀ with a = Σ l_i y_i; shape [functions ×
/// functions].</param>
/// <remarks>
/// A straight line would be wrong by the mean of what the function bends, which at a peak is the whole of its drift. A product of distances
/// that depends linearly on the terms before it at these points, as the square where a variable has two values, is left out.
/// Fan and Gijbels, Local Polynomial Modelling and Its Applications (1996), section 3.
/// </remarks>
internal sealed record LocalParabola(double[] Value, double[] Slopes, double[] Covariance)
{
    // Share of a term's sum of squares that the terms before it must leave.
    private const double Distinct = 1e-6;

    /// <summary>The parabola through points.</summary>
    /// <param name="distances">d of each point.</param>
    /// <param name="weights">Weight of each point.</param>
    /// <param name="values">y of each point.</param>
    public static LocalParabola Fit(IReadOnlyList<double[]> distances, IReadOnlyList<double> weights, IReadOnlyList<double[]> values)
    {
        double[] roots = [.. weights.Select(Math.Sqrt)];
        Matrix<double> design = Matrix<double>.Build.DenseOfColumnVectors(Terms(distances, roots));
        Matrix<double> known = Matrix<double>.Build.Dense(roots.Length, values[0].Length, (i, f) => roots[i] * values[i][f]);
        Matrix<double> inverse = design.TransposeThisAndMultiply(design).Inverse();
        Matrix<double> parabola = inverse * design.TransposeThisAndMultiply(known);
        Matrix<double> residuals = known - (design * parabola);
        Vector<double> shares = design * inverse.Column(0);
        Matrix<double> scaled = Matrix<double>.Build.Dense(
            residuals.RowCount, residuals.ColumnCount, (i, f) => shares[i] * residuals[i, f]);
        return new LocalParabola(
            parabola.Row(0).ToArray(),
            [.. Enumerable.Range(1, distances[0].Length).SelectMany(p => parabola.Row(p))],
            scaled.TransposeThisAndMultiply(scaled).ToRowMajorArray());
    }

    /// <summary>√w times 1, each d_p, and those products that are linearly independent of the terms before.</summary>
    private static List<Vector<double>> Terms(IReadOnlyList<double[]> distances, double[] roots)
    {
        int size = distances[0].Length;
        List<Vector<double>> terms = [];
        List<Vector<double>> directions = [];
        Add(_ => 1, isNeeded: true);
        for (int p = 0; p < size; p++)
        {
            Add(distance => distance[p], isNeeded: true);
        }

        for (int p = 0; p < size; p++)
        {
            for (int q = p; q < size; q++)
            {
                Add(distance => distance[p] * distance[q], isNeeded: false);
            }
        }

        return terms;

        void Add(Func<double[], double> of, bool isNeeded)
        {
            Vector<double> term = Vector<double>.Build.Dense(roots.Length, i => roots[i] * of(distances[i]));
            Vector<double> rest = directions.Aggregate(term, (left, direction) => left - (left.DotProduct(direction) * direction));
            bool isDistinct = rest.L2Norm() > Math.Sqrt(Distinct) * term.L2Norm();
            if (isNeeded || isDistinct)
            {
                terms.Add(term);
            }

            if (isDistinct)
            {
                directions.Add(rest / rest.L2Norm());
            }
        }
    }
}
