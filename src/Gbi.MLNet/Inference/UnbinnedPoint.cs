using Gbi.Numerics;

namespace Gbi.Inference;

/// <summary>One evaluation's state: yields and shapes at the point, and the sums of every block. Reused from call to call.</summary>
internal sealed class UnbinnedPoint
{
    private readonly UnbinnedLikelihood _likelihood;
    private readonly Action<int> _block;
    private readonly double[] _blockSums;
    private readonly double[] _sums;
    private readonly int[] _undefined;
    private PassOrder _order;

    public UnbinnedPoint(UnbinnedLikelihood likelihood)
    {
        _likelihood = likelihood;
        Yields = [.. likelihood.Processes.Select(_ => new YieldPoint(likelihood.ParameterCount))];
        Shapes = [.. likelihood.Processes.Select(process => new ShapePoint(process))];
        int blocks = EventBlocks.CountOf(likelihood.Tiles.TileCount, UnbinnedLikelihood.TilesInBlock);
        _blockSums = new double[blocks * likelihood.Layout.Count];
        _sums = new double[likelihood.Layout.Count];
        _undefined = new int[blocks];
        _block = Block;
    }

    public YieldPoint[] Yields { get; }

    public ShapePoint[] Shapes { get; }

    /// <summary>The first event whose density is no positive number, or −1.</summary>
    public int FirstUndefined
    {
        get
        {
            foreach (int at in _undefined)
            {
                if (at >= 0)
                {
                    return at;
                }
            }

            return -1;
        }
    }

    /// <summary>Passes over the events at a point.</summary>
    public void Run(ReadOnlySpan<double> parameters, PassOrder order)
    {
        _order = order;
        for (int p = 0; p < Shapes.Length; p++)
        {
            CompiledProcess process = _likelihood.Processes[p];
            Yields[p].Set(process.Yield, process.Factors, parameters);
            Shapes[p].Set(parameters);
        }

        EventBlocks.ForEachIndex(_undefined.Length, _block);
        Array.Clear(_sums);
        int count = _sums.Length;
        for (int block = 0; block < _undefined.Length; block++)
        {
            for (int i = 0; i < count; i++)
            {
                _sums[i] += _blockSums[(block * count) + i];
            }
        }
    }

    /// <summary>Σ ν − Σ w ln f.</summary>
    public double Value()
    {
        double value = -_sums[SumLayout.Logs];
        foreach (YieldPoint yield in Yields)
        {
            value += yield.Value;
        }

        return value;
    }

    /// <summary>Adds the gradient Σ ∇ν − Σ_p (∇ν Σu + ν Σ u s).</summary>
    public void AddGradient(Span<double> gradient)
    {
        for (int p = 0; p < Yields.Length; p++)
        {
            YieldPoint yield = Yields[p];
            double density = _sums[_likelihood.Layout.Of(p).Density];
            for (int a = 0; a < gradient.Length; a++)
            {
                gradient[a] += yield.Gradient[a] * (1 - density);
            }

            int[] locals = _likelihood.Processes[p].ShapeParameters;
            for (int local = 0; local < locals.Length; local++)
            {
                gradient[locals[local]] -= yield.Value * SlopeSum(p, local);
            }
        }
    }

    /// <summary>
    /// Adds the Hessian Σ ∇∇ν − Σ_p [∇∇ν Σu + ∇ν (Σ u s)ᵀ + (Σ u s) ∇νᵀ + ν (Σ u s sᵀ + Σ u ∇s)] + Σ w v vᵀ, v = ∇f/f.
    /// </summary>
    public void AddHessian(Span<double> hessian)
    {
        int n = _likelihood.ParameterCount;
        for (int a = 0; a < n; a++)
        {
            for (int b = a; b < n; b++)
            {
                double sum = _sums[_likelihood.Layout.Scores + (a * n) + b];
                for (int p = 0; p < Yields.Length; p++)
                {
                    sum += OfProcess(p, a, b);
                }

                hessian[(a * n) + b] += sum;
                if (a != b)
                {
                    hessian[(b * n) + a] += sum;
                }
            }
        }
    }

    private double OfProcess(int p, int a, int b)
    {
        YieldPoint yield = Yields[p];
        SumLayout.ProcessSums layout = _likelihood.Layout.Of(p);
        int[] locals = _likelihood.Processes[p].ShapeParameters;
        double sum = yield.Hessian(a, b) * (1 - _sums[layout.Density]);
        int localA = Array.IndexOf(locals, a);
        int localB = Array.IndexOf(locals, b);
        if (localB >= 0)
        {
            sum -= yield.Gradient[a] * SlopeSum(p, localB);
        }

        if (localA >= 0)
        {
            sum -= yield.Gradient[b] * SlopeSum(p, localA);
        }

        if (localA >= 0 && localB >= 0)
        {
            sum -= yield.Value * (_sums[layout.Products + (localA * locals.Length) + localB] + CurvatureSum(p, localA, localB));
        }

        return sum;
    }

    /// <summary>Σ u s of a local parameter.</summary>
    private double SlopeSum(int p, int local)
    {
        SumLayout.ProcessSums layout = _likelihood.Layout.Of(p);
        ShapePoint shape = Shapes[p];
        double sum = 0;
        for (int term = 0; term < shape.ExponentCount; term++)
        {
            ShapePoint.ExponentSlope slope = shape.Slopes[term];
            double factor = (slope.First == local ? slope.FirstSlope : 0) + (slope.Second == local ? slope.SecondSlope : 0);
            sum += factor * _sums[layout.Exponents + term];
        }

        for (int pair = 0; pair < shape.PairCount; pair++)
        {
            sum += shape.Pairs[pair].Parameter == local ? _sums[layout.PairSlopes + pair] : 0;
        }

        return sum;
    }

    /// <summary>Σ u ∂s/∂ν of two local parameters.</summary>
    private double CurvatureSum(int p, int a, int b)
    {
        SumLayout.ProcessSums layout = _likelihood.Layout.Of(p);
        ShapePoint shape = Shapes[p];
        double sum = 0;
        for (int term = 0; term < shape.ExponentCount; term++)
        {
            ShapePoint.ExponentSlope slope = shape.Slopes[term];
            int second = slope.Second < 0 ? slope.First : slope.Second;
            bool matches = (slope.First == a && second == b) || (slope.First == b && second == a);
            sum += matches ? slope.Curvature * _sums[layout.Exponents + term] : 0;
        }

        for (int pair = 0; pair < shape.PairCount && a == b; pair++)
        {
            sum += shape.Pairs[pair].Parameter == a ? _sums[layout.PairCurvatures + pair] : 0;
        }

        return sum;
    }

    private void Block(int block)
    {
        TileWork work = _likelihood.RentWork();
        int first = block * UnbinnedLikelihood.TilesInBlock;
        int end = Math.Min(_likelihood.Tiles.TileCount, first + UnbinnedLikelihood.TilesInBlock);
        int count = _sums.Length;
        _undefined[block] = work.Run(this, _order, first, end, _blockSums.AsSpan(block * count, count));
        _likelihood.Return(work);
    }
}
