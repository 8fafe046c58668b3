using Gbi.Numerics;

namespace Gbi.Generators.Spectra;

/// <summary>Gives the values of functions at a point.</summary>
internal delegate void BasisFunctions(double mass, Span<double> values);

/// <summary>
/// Functions ψ = T φ that are orthonormal over an interval, T lower triangular, by the modified Gram–Schmidt process, applied twice.
/// </summary>
internal sealed class OrthogonalFunctions
{
    private readonly int _size;
    private readonly double[] _rows;

    private OrthogonalFunctions(int size) => (_size, _rows) = (size, new double[size * size]);

    /// <summary>Orthogonalises functions over [low, high].</summary>
    public static OrthogonalFunctions Of(BasisFunctions functions, int size, double low, double high)
    {
        var result = new OrthogonalFunctions(size);
        Quadrature rule = Quadrature.OnInterval(low, high, 128);
        double[][] values = [.. Enumerable.Range(0, size).Select(_ => new double[rule.Nodes.Length])];
        double[] at = new double[size];
        for (int node = 0; node < rule.Nodes.Length; node++)
        {
            functions(rule.Nodes[node], at);
            for (int k = 0; k < size; k++)
            {
                values[k][node] = at[k];
            }
        }

        for (int k = 0; k < size; k++)
        {
            result._rows[(k * size) + k] = 1;
            for (int j = 0; j < 2 * k; j++)
            {
                result.Add(values, k, j % k, -Product(rule.Weights, values[k], values[j % k]));
            }

            double norm = 1 / Math.Sqrt(Product(rule.Weights, values[k], values[k]));
            result.Add(values, k, k, norm - 1);
        }

        return result;
    }

    /// <summary>φ to ψ.</summary>
    public void Transform(Span<double> values)
    {
        for (int k = _size - 1; k >= 0; k--)
        {
            double sum = 0;
            for (int j = 0; j <= k; j++)
            {
                sum += _rows[(k * _size) + j] * values[j];
            }

            values[k] = sum;
        }
    }

    /// <summary>Coefficients of φ, Tᵀ c, from those of ψ.</summary>
    public double[] Natural(ReadOnlySpan<double> coefficients)
    {
        double[] natural = new double[_size];
        for (int k = 0; k < _size; k++)
        {
            for (int j = 0; j <= k; j++)
            {
                natural[j] += _rows[(k * _size) + j] * coefficients[k];
            }
        }

        return natural;
    }

    /// <summary>Tᵀ V T.</summary>
    public double[] NaturalCovariance(ReadOnlySpan<double> covariance)
    {
        double[] natural = new double[_size * _size];
        for (int k = 0; k < _size; k++)
        {
            double[] row = Natural(covariance.Slice(k * _size, _size));
            for (int i = 0; i <= k; i++)
            {
                for (int j = 0; j < _size; j++)
                {
                    natural[(i * _size) + j] += _rows[(k * _size) + i] * row[j];
                }
            }
        }

        return natural;
    }

    /// <summary>Adds a multiple of function j to function k.</summary>
    private void Add(double[][] values, int k, int j, double factor)
    {
        for (int node = 0; node < values[k].Length; node++)
        {
            values[k][node] += factor * values[j][node];
        }

        for (int column = 0; column < _size; column++)
        {
            _rows[(k * _size) + column] += factor * _rows[(j * _size) + column];
        }
    }

    private static double Product(double[] weights, double[] left, double[] right)
    {
        double sum = 0;
        for (int node = 0; node < weights.Length; node++)
        {
            sum += weights[node] * left[node] * right[node];
        }

        return sum;
    }
}
