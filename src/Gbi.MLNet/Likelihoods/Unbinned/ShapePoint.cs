using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>
/// What a process's shape is at one point: the columns of its exponent with their factors, and the pairs that lie in the range of
/// their linear form. A pair beyond it is one more column of the exponent.
/// </summary>
internal sealed class ShapePoint
{
    private readonly CompiledProcess _process;
    private readonly int[] _columns;
    private readonly double[] _factors;
    private readonly ExponentSlope[] _slopes;
    private readonly ActivePair[] _pairs;
    private readonly int[] _slopeColumns;
    private readonly double[] _slopeFactors;
    private readonly int[] _slopeStarts;

    public ShapePoint(CompiledProcess process)
    {
        _process = process;
        int most = process.Exponents.Length + process.Pairs.Length;
        _columns = new int[most];
        _factors = new double[most];
        _slopes = new ExponentSlope[most];
        _pairs = new ActivePair[process.Pairs.Length];
        _slopeColumns = new int[2 * most];
        _slopeFactors = new double[2 * most];
        _slopeStarts = new int[process.ShapeParameters.Length + 1];
    }

    /// <summary>Columns of the exponent.</summary>
    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, ExponentCount);

    /// <summary>What they are multiplied by.</summary>
    public ReadOnlySpan<double> Factors => _factors.AsSpan(0, ExponentCount);

    /// <summary>Derivatives of these factors.</summary>
    public ReadOnlySpan<ExponentSlope> Slopes => _slopes.AsSpan(0, ExponentCount);

    /// <summary>Pairs in the range of their linear form.</summary>
    public ReadOnlySpan<ActivePair> Pairs => _pairs.AsSpan(0, PairCount);

    public int ExponentCount { get; private set; }

    public int PairCount { get; private set; }

    /// <summary>The columns on which the derivative of the exponent by a local parameter depends.</summary>
    public ReadOnlySpan<int> SlopeColumns(int local) => _slopeColumns.AsSpan(_slopeStarts[local].._slopeStarts[local + 1]);

    /// <summary>What they are multiplied by.</summary>
    public ReadOnlySpan<double> SlopeFactors(int local) => _slopeFactors.AsSpan(_slopeStarts[local].._slopeStarts[local + 1]);

    public void Set(ReadOnlySpan<double> point)
    {
        (ExponentCount, PairCount) = (0, 0);
        foreach (CompiledProcess.ExponentColumn term in _process.Exponents)
        {
            double first = point[_process.ShapeParameters[term.First]];
            if (term.Second < 0)
            {
                Add(term.Column, first, new(term.First, 1, -1, 0, 0));
            }
            else if (term.Second == term.First)
            {
                Add(term.Column, first * first, new(term.First, 2 * first, -1, 0, 2));
            }
            else
            {
                double second = point[_process.ShapeParameters[term.Second]];
                Add(term.Column, first * second, new(term.First, second, term.Second, first, 1));
            }
        }

        foreach (CompiledProcess.PairColumns pair in _process.Pairs)
        {
            double alpha = point[_process.ShapeParameters[pair.Parameter]];
            if (!InterpolationBasis.IsExponential(pair.Law, alpha))
            {
                _pairs[PairCount++] = new(pair.Column, pair.Parameter, InterpolationBasis.At(pair.Law, alpha));
            }
            else if (alpha >= 0)
            {
                Add(pair.LogUp, alpha, new(pair.Parameter, 1, -1, 0, 0));
            }
            else
            {
                Add(pair.LogDown, -alpha, new(pair.Parameter, -1, -1, 0, 0));
            }
        }

        ListSlopes();
    }

    private void Add(int column, double factor, ExponentSlope slope)
    {
        (_columns[ExponentCount], _factors[ExponentCount], _slopes[ExponentCount]) = (column, factor, slope);
        ExponentCount++;
    }

    private void ListSlopes()
    {
        int at = 0;
        for (int local = 0; local < _process.ShapeParameters.Length; local++)
        {
            _slopeStarts[local] = at;
            for (int term = 0; term < ExponentCount; term++)
            {
                ExponentSlope slope = _slopes[term];
                if (slope.First == local || slope.Second == local)
                {
                    _slopeColumns[at] = _columns[term];
                    _slopeFactors[at++] = slope.First == local ? slope.FirstSlope : slope.SecondSlope;
                }
            }
        }

        _slopeStarts[^1] = at;
    }

    /// <summary>Derivatives of a factor by its one or two local parameters; the second derivative is the mixed one where there are
    /// two.</summary>
    internal readonly record struct ExponentSlope(int First, double FirstSlope, int Second, double SecondSlope, double Curvature);

    /// <summary>A pair's first column, its local parameter and its linear form.</summary>
    internal readonly record struct ActivePair(int Column, int Parameter, InterpolationBasis Basis);
}

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
