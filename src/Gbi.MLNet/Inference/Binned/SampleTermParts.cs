namespace Gbi.Inference.Binned;

/// <summary>A shape variation at the last point: Δ_b = half_b α + bend_b t(α).</summary>
internal sealed class ShapeTerm
{
    private readonly int _parameter;
    private readonly ShapeLaw _law;

    public ShapeTerm(ShapeVariation variation, double[] nominal, int row)
    {
        (_parameter, _law, Row) = (variation.Parameter, variation.Law, row);
        (Half, Bend, SlopeOfBins) = (new double[nominal.Length], new double[nominal.Length], new double[nominal.Length]);
        for (int bin = 0; bin < nominal.Length; bin++)
        {
            Half[bin] = (variation.Up[bin] - variation.Down[bin]) / 2;
            Bend[bin] = ((variation.Up[bin] + variation.Down[bin]) / 2) - nominal[bin];
        }
    }

    public int Row { get; }

    public double[] Half { get; }

    public double[] Bend { get; }

    /// <summary>∂Δ_b/∂α; filled by the owner.</summary>
    public double[] SlopeOfBins { get; }

    public double Alpha { get; private set; }

    public (double Value, double Slope, double Curvature) Curve { get; private set; }

    public void MoveTo(ReadOnlySpan<double> parameters)
    {
        Alpha = parameters[_parameter];
        Curve = ShapeCurve.At(_law, Alpha);
    }
}

/// <summary>A factor of a whole sample at the last point.</summary>
internal sealed class FactorTerm
{
    private readonly int _parameter;
    private readonly FactorCurve? _curve;

    private FactorTerm(int parameter, FactorCurve? curve, int row) => (_parameter, _curve, Row) = (parameter, curve, row);

    public int Row { get; }

    public (double Value, double Slope, double Curvature) Curve { get; private set; }

    public static FactorTerm Of(SampleModifier modifier, Func<int, int> rowOf) => modifier switch
    {
        YieldVariation variation => new(variation.Parameter, new FactorCurve(variation), rowOf(variation.Parameter)),
        YieldFactor factor => new(factor.Parameter, null, rowOf(factor.Parameter)),
        _ => throw new ArgumentException($"A {modifier.GetType().Name} is no factor of a whole sample."),
    };

    public void MoveTo(ReadOnlySpan<double> parameters)
    {
        double value = parameters[_parameter];
        Curve = _curve?.At(value) ?? (value, 1, 0);
    }
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
