using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Numerics.Minima;

/// <summary>
/// What a singular symmetric matrix H of second derivatives determines and what not: the directions v with H v = 0, and the variances of
/// the variables that take part in none of them.
/// </summary>
internal sealed class FlatDirections
{
    // Of the matrix scaled to unit diagonal, whose eigenvalues rounding moves by 1e-15 or so.
    internal const double FlatEigenvalue = 1e-11;

    // A variable whose change by its own size or 1 changes the function by less than its rounding has no effect.
    private const double NoEffect = 1e-20;

    // Eigenvectors of neighbouring eigenvalues mix by rounding over their distance.
    private const double Rounding = 1e-4;

    private FlatDirections(double[][] rows, double[] variances) => (Rows, Variances) = (rows, variances);

    /// <summary>
    /// A basis of the flat directions in reduced echelon form: each row moves one variable by its scale that no other row moves, so that
    /// directions which share no variable stay apart. Shape [directions][n].
    /// </summary>
    public IReadOnlyList<double[]> Rows { get; }

    /// <summary>The diagonal of H⁻¹ on the other directions; NaN for variables that a flat direction moves. Length n.</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>The flat directions of H [n × n, row-major] at a point; null where H has a negative curvature, or none that is
    /// flat.</summary>
    public static FlatDirections? Of(ReadOnlySpan<double> matrix, ReadOnlySpan<double> point)
    {
        int size = point.Length;
        double[] scale = new double[size];
        for (int i = 0; i < size; i++)
        {
            scale[i] = ScaleOf(matrix[i * (size + 1)], point[i]);
        }

        if (size == 0 || scale.AsSpan().Contains(double.NaN))
        {
            return null;
        }

        var scaled = Matrix<double>.Build.Dense(size, size);
        for (int i = 0; i < size * size; i++)
        {
            scaled[i / size, i % size] = matrix[i] * scale[i / size] * scale[i % size];
        }

        return Of(scaled, [.. scale.Select(value => value == 0 ? 1 : value)]);
    }

    private static FlatDirections? Of(Matrix<double> scaled, double[] scale)
    {
        var eigen = scaled.Evd(Symmetricity.Symmetric);
        double[] values = [.. eigen.EigenValues.Select(value => value.Real)];
        double[][] flat =
        [
            .. Enumerable.Range(0, scale.Length).Where(k => IsFlat(values[k])).Select(k => eigen.EigenVectors.Column(k).ToArray())
        ];
        return flat.Length == 0 || values.Min() < -FlatEigenvalue ? null : Of(flat, scale, (i, unit) => unit * unit
            * Enumerable.Range(0, scale.Length)
                .Where(k => values[k] > FlatEigenvalue)
                .Sum(k => Math.Pow(eigen.EigenVectors[i, k], 2) / values[k]));
    }

    /// <summary>Whether an eigenvalue of the matrix scaled to unit diagonal is 0 within rounding, or negative.</summary>
    internal static bool IsFlat(double eigenvalue) => eigenvalue <= FlatEigenvalue;

    /// <summary>The change of a variable that changes the function by 1; 0 where none does, NaN where the curvature is
    /// negative.</summary>
    internal static double ScaleOf(double diagonal, double value)
    {
        double unit = 1 + Math.Abs(value);
        return Math.Abs(diagonal) * unit * unit <= NoEffect ? 0 : 1 / Math.Sqrt(diagonal);
    }

    /// <summary>Flat directions of orthonormal vectors in units of scales, with a variance of the other variables.</summary>
    internal static FlatDirections Of(double[][] flat, double[] scale, Func<int, double, double> variance)
    {
        Reduce(flat);
        double[] variances =
            [.. scale.Select((unit, i) => Array.Exists(flat, row => row[i] != 0) ? double.NaN : variance(i, unit))];
        return new FlatDirections([.. flat.Select(row => row.Zip(scale, (entry, unit) => entry * unit).ToArray())], variances);
    }

    /// <summary>Gauss and Jordan's elimination with the largest entry left as the next pivot.</summary>
    private static void Reduce(double[][] rows)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            (int best, int pivot) = (from r in Enumerable.Range(row, rows.Length - row)
                                     from column in Enumerable.Range(0, rows[r].Length)
                                     select (r, column)).MaxBy(at => Math.Abs(rows[at.r][at.column]));
            (rows[row], rows[best]) = (rows[best], rows[row]);
            double largest = rows[row][pivot];
            rows[row] = [.. rows[row].Select(entry => entry / largest)];
            for (int other = 0; other < rows.Length; other++)
            {
                double factor = rows[other][pivot];
                if (other != row)
                {
                    rows[other] = [.. rows[other].Zip(rows[row], (entry, subtracted) => entry - (factor * subtracted))];
                }
            }
        }

        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = [.. rows[row].Select(entry => Math.Abs(entry) < Rounding ? 0 : entry)];
        }
    }
}
