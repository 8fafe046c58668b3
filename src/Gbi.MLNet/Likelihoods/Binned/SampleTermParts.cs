using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Likelihoods.Binned;

/// <summary>A shift of bins at the last point: Δ_b = half_b α + bend_b t(α).</summary>
internal sealed class ShapeTerm
{
    private readonly int _parameter;
    private readonly InterpolationLaw _law;

    public ShapeTerm(BinShift shift, int parameter, double[] nominal, int row)
    {
        (_parameter, _law, Row) = (parameter, shift.Law, row);
        (Half, Bend, SlopeOfBins) = (new double[nominal.Length], new double[nominal.Length], new double[nominal.Length]);
        for (int bin = 0; bin < nominal.Length; bin++)
        {
            Half[bin] = (shift.Up[bin] - shift.Down[bin]) / 2;
            Bend[bin] = ((shift.Up[bin] + shift.Down[bin]) / 2) - nominal[bin];
        }
    }

    public int Row { get; }

    public double[] Half { get; }

    public double[] Bend { get; }

    /// <summary>∂Δ_b/∂α; filled by the owner.</summary>
    public double[] SlopeOfBins { get; }

    public double Alpha { get; private set; }

    /// <summary>t(α).</summary>
    public ValueWithDerivatives Curve { get; private set; }

    public void MoveTo(ReadOnlySpan<double> parameters)
    {
        Alpha = parameters[_parameter];
        Curve = Interpolation.BendAt(_law, Alpha);
    }
}

/// <summary>A factor of a whole sample at the last point.</summary>
internal sealed class FactorTerm(YieldFactor factor, int parameter, int row)
{
    public int Row => row;

    public ValueWithDerivatives Curve { get; private set; }

    public void MoveTo(ReadOnlySpan<double> parameters) => Curve = factor.At(parameters[parameter]);
}

/// <summary>A symmetric matrix that sums are added to, both triangles at once.</summary>
internal readonly ref struct SymmetricSum
{
    private readonly Span<double> _matrix;
    private readonly int _size;
    private readonly ArrowMatrix? _arrow;

    /// <summary>Sums of a plain matrix, row-major; of none where it is empty.</summary>
    public SymmetricSum(Span<double> matrix, int size)
    {
        _matrix = matrix;
        _size = size;
    }

    /// <summary>Sums of a matrix of the shape of an arrow.</summary>
    public SymmetricSum(ArrowMatrix arrow) => _arrow = arrow;

    /// <summary>Whether nothing is to be summed.</summary>
    public bool IsEmpty => _arrow is null && _matrix.IsEmpty;

    /// <summary>Adds to the entries (p, q) and (q, p); for p = q twice, as two different dependences on one parameter need it.</summary>
    public void Add(int p, int q, double value)
    {
        if (_arrow is not null)
        {
            _arrow.Add(p, q, value);
            return;
        }

        _matrix[(p * _size) + q] += value;
        _matrix[(q * _size) + p] += value;
    }

    public void AddDiagonal(int p, double value)
    {
        if (_arrow is not null)
        {
            _arrow.AddDiagonal(p, value);
            return;
        }

        _matrix[p * (_size + 1)] += value;
    }
}
