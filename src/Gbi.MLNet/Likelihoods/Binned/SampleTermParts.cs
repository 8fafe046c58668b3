using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

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
internal readonly ref struct SymmetricSum(Span<double> matrix, int size)
{
    private readonly Span<double> _matrix = matrix;

    /// <summary>Adds to the entries (p, q) and (q, p); for p = q twice, as two different dependences on one parameter need it.</summary>
    public void Add(int p, int q, double value)
    {
        _matrix[(p * size) + q] += value;
        _matrix[(q * size) + p] += value;
    }

    public void AddDiagonal(int p, double value) => _matrix[p * (size + 1)] += value;
}
