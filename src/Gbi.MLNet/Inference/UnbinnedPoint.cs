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
                    sum += Yields[p].Hessian(a, b) * (1 - _sums[_likelihood.Layout.Of(p).Density]);
                }

                Add(hessian, a, b, sum);
            }
        }

        for (int p = 0; p < Yields.Length; p++)
        {
            SubtractSlopes(hessian, p);
            SubtractCurvatures(hessian, p);
        }
    }

    /// <summary>Subtracts ∇ν (Σ u s)ᵀ + (Σ u s) ∇νᵀ + ν Σ u s sᵀ.</summary>
    private void SubtractSlopes(Span<double> hessian, int p)
    {
        int n = _likelihood.ParameterCount;
        YieldPoint yield = Yields[p];
        SumLayout.ProcessSums layout = _likelihood.Layout.Of(p);
        int[] locals = _likelihood.Processes[p].ShapeParameters;
        for (int local = 0; local < locals.Length; local++)
        {
            int a = locals[local];
            double slope = SlopeSum(p, local);
            for (int b = 0; b < n; b++)
            {
                hessian[(a * n) + b] -= slope * yield.Gradient[b];
                hessian[(b * n) + a] -= slope * yield.Gradient[b];
            }

            for (int other = local; other < locals.Length; other++)
            {
                Add(hessian, a, locals[other], -yield.Value * _sums[layout.Products + (local * locals.Length) + other]);
            }
        }
    }

    /// <summary>Subtracts ν Σ u ∇s.</summary>
    private void SubtractCurvatures(Span<double> hessian, int p)
    {
        SumLayout.ProcessSums layout = _likelihood.Layout.Of(p);
        ShapePoint shape = Shapes[p];
        int[] locals = _likelihood.Processes[p].ShapeParameters;
        for (int term = 0; term < shape.ExponentCount; term++)
        {
            ref readonly ShapePoint.ExponentSlope slope = ref shape.Slopes[term];
            int second = slope.Second < 0 ? slope.First : slope.Second;
            Add(hessian, locals[slope.First], locals[second], -Yields[p].Value * slope.Curvature * _sums[layout.Exponents + term]);
        }

        for (int pair = 0; pair < shape.PairCount; pair++)
        {
            int a = locals[shape.Pairs[pair].Parameter];
            Add(hessian, a, a, -Yields[p].Value * _sums[layout.PairCurvatures + pair]);
        }
    }

    private void Add(Span<double> hessian, int a, int b, double value)
    {
        int n = _likelihood.ParameterCount;
        hessian[(a * n) + b] += value;
        if (a != b)
        {
            hessian[(b * n) + a] += value;
        }
    }

    /// <summary>Σ u s of a local parameter.</summary>
    private double SlopeSum(int p, int local)
    {
        SumLayout.ProcessSums layout = _likelihood.Layout.Of(p);
        ShapePoint shape = Shapes[p];
        double sum = 0;
        for (int term = 0; term < shape.ExponentCount; term++)
        {
            ref readonly ShapePoint.ExponentSlope slope = ref shape.Slopes[term];
            double factor = (slope.First == local ? slope.FirstSlope : 0) + (slope.Second == local ? slope.SecondSlope : 0);
            sum += factor * _sums[layout.Exponents + term];
        }

        for (int pair = 0; pair < shape.PairCount; pair++)
        {
            sum += shape.Pairs[pair].Parameter == local ? _sums[layout.PairSlopes + pair] : 0;
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
