namespace Gbi.Likelihoods.Unbinned;

/// <summary>
/// Σ u of a process over a pass's events with its shape e = r h in u, and what its derivatives by the local parameters need: Σ u s and
/// Σ u (s sᵀ + ∇s), s = ∇ ln e.
/// </summary>
internal sealed class ShapeMoments(CompiledProcess process, SumLayout.ProcessSums layout)
{
    private readonly int _count = process.ShapeParameters.Length;
    private readonly double[] _first = new double[process.ShapeParameters.Length];
    private readonly double[] _second = new double[process.ShapeParameters.Length * process.ShapeParameters.Length];

    /// <summary>Σ u.</summary>
    public double Value { get; private set; }

    /// <summary>Σ u s of a local parameter.</summary>
    public double First(int local) => _first[local];

    /// <summary>Σ u (s sᵀ + ∇s) of two local parameters.</summary>
    public double Second(int local, int other) => _second[(local * _count) + other];

    public void Set(ReadOnlySpan<double> sums, ShapePoint shape, PassOrder order)
    {
        Value = sums[layout.Density];
        if (order >= PassOrder.Gradient)
        {
            SetFirst(sums, shape);
        }

        if (order == PassOrder.Hessian)
        {
            SetSecond(sums, shape);
        }
    }

    private void SetFirst(ReadOnlySpan<double> sums, ShapePoint shape)
    {
        Array.Clear(_first);
        for (int term = 0; term < shape.ExponentCount; term++)
        {
            ref readonly ShapePoint.ExponentSlope slope = ref shape.Slopes[term];
            _first[slope.First] += slope.FirstSlope * sums[layout.Exponents + term];
            if (slope.Second >= 0)
            {
                _first[slope.Second] += slope.SecondSlope * sums[layout.Exponents + term];
            }
        }

        for (int pair = 0; pair < shape.PairCount; pair++)
        {
            _first[shape.Pairs[pair].Parameter] += sums[layout.PairSlopes + pair];
        }
    }

    private void SetSecond(ReadOnlySpan<double> sums, ShapePoint shape)
    {
        for (int a = 0; a < _count; a++)
        {
            for (int b = a; b < _count; b++)
            {
                _second[(a * _count) + b] = _second[(b * _count) + a] = sums[layout.Products + (a * _count) + b];
            }
        }

        for (int term = 0; term < shape.ExponentCount; term++)
        {
            ref readonly ShapePoint.ExponentSlope slope = ref shape.Slopes[term];
            Add(slope.First, slope.Second < 0 ? slope.First : slope.Second, slope.Curvature * sums[layout.Exponents + term]);
        }

        for (int pair = 0; pair < shape.PairCount; pair++)
        {
            int local = shape.Pairs[pair].Parameter;
            Add(local, local, sums[layout.PairCurvatures + pair]);
        }
    }

    private void Add(int a, int b, double value)
    {
        _second[(a * _count) + b] += value;
        if (a != b)
        {
            _second[(b * _count) + a] += value;
        }
    }
}
