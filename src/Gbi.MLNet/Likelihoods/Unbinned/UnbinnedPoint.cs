using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>One evaluation's state over one set of events: yields and shapes at the point, and sums over the events.</summary>
internal sealed class UnbinnedPoint
{
    private readonly CompiledChannel _channel;
    private readonly BlockSums _pass;
    private readonly ShapeMoments[] _moments;
    private readonly NormalisationPoint? _normalisation;
    private PassOrder _order;

    public UnbinnedPoint(CompiledChannel channel, EventSet events)
    {
        (_channel, Events) = (channel, events);
        Yields = [.. channel.Processes.Select(_ => new YieldPoint(channel.ParameterCount))];
        Shapes = [.. channel.Processes.Select(process => new ShapePoint(process))];
        _moments = [.. channel.Processes.Select((process, p) => new ShapeMoments(process, channel.Layout.Of(p)))];
        _normalisation = channel.NormalisesShapes ? new NormalisationPoint(channel, channel.Reference) : null;
        Densities = _normalisation is null ? Yields : [.. channel.Processes.Select(_ => new YieldPoint(channel.ParameterCount))];
        _pass = new BlockSums(events, channel.Layout.Count, Block);
    }

    public EventSet Events { get; }

    /// <summary>ν of each process.</summary>
    public YieldPoint[] Yields { get; }

    /// <summary>What multiplies r h of each process: ν, over the mean of r h on the reference where shapes are normalised.</summary>
    public YieldPoint[] Densities { get; }

    public ShapePoint[] Shapes { get; }

    /// <summary>Whether a pass sums w² v vᵀ in place of w v vᵀ.</summary>
    public bool SquaresWeights { get; private set; }

    /// <summary>Passes over the events at a point; returns the first one whose density is no positive number, or −1.</summary>
    public int Run(ReadOnlySpan<double> parameters, PassOrder order)
    {
        _order = order;
        SetFactors(parameters, order);
        int undefined = _pass.Run();
        for (int p = 0; p < _moments.Length && undefined < 0; p++)
        {
            _moments[p].Set(_pass.Sums, Shapes[p], order);
        }

        return undefined;
    }

    /// <summary>Yields, shapes and normalisations at a point, without a pass over the events.</summary>
    public void SetFactors(ReadOnlySpan<double> parameters, PassOrder order)
    {
        for (int p = 0; p < Shapes.Length; p++)
        {
            CompiledProcess process = _channel.Processes[p];
            Yields[p].Set(process.Yield, process.Factors, parameters);
            Shapes[p].Set(parameters);
        }

        _normalisation?.Run(Shapes, order);
        for (int p = 0; p < Shapes.Length && _normalisation is not null; p++)
        {
            Densities[p].SetNormalised(
                Yields[p], _normalisation.WeightSum, _normalisation.Moments[p], _channel.Processes[p].ShapeParameters, order);
        }
    }

    /// <summary>Σ ν − Σ w ln f.</summary>
    public double Value()
    {
        double value = -_pass.Sums[SumLayout.Logs];
        foreach (YieldPoint yield in Yields)
        {
            value += yield.Value;
        }

        return value;
    }

    /// <summary>Adds the gradient Σ ∇ν − Σ_p (∇ν′ Σu + ν′ Σ u s), ν′ what multiplies the density.</summary>
    public void AddGradient(Span<double> gradient)
    {
        for (int p = 0; p < Yields.Length; p++)
        {
            ReadOnlySpan<double> yield = Yields[p].Gradient;
            ReadOnlySpan<double> density = Densities[p].Gradient;
            for (int a = 0; a < gradient.Length; a++)
            {
                gradient[a] += yield[a] - (density[a] * _moments[p].Value);
            }

            int[] locals = _channel.Processes[p].ShapeParameters;
            for (int local = 0; local < locals.Length; local++)
            {
                gradient[locals[local]] -= Densities[p].Value * _moments[p].First(local);
            }
        }
    }

    /// <summary>
    /// Adds the Hessian Σ ∇∇ν − Σ_p [∇∇ν′ Σu + ∇ν′ (Σ u s)ᵀ + (Σ u s) ∇ν′ᵀ + ν′ Σ u (s sᵀ + ∇s)] + Σ w v vᵀ, v = ∇f/f.
    /// </summary>
    public void AddHessian(Span<double> hessian)
    {
        int n = _channel.ParameterCount;
        for (int a = 0; a < n; a++)
        {
            for (int b = a; b < n; b++)
            {
                double sum = _pass.Sums[_channel.Layout.Scores + (a * n) + b];
                for (int p = 0; p < Yields.Length; p++)
                {
                    sum += Yields[p].Hessian(a, b) - (Densities[p].Hessian(a, b) * _moments[p].Value);
                }

                hessian[(a * n) + b] += sum;
                hessian[(b * n) + a] += a == b ? 0 : sum;
            }
        }

        for (int p = 0; p < Yields.Length; p++)
        {
            SubtractShape(hessian, p);
        }
    }

    /// <summary>Adds Σ w² v vᵀ by a pass of its own; returns the first event whose density is no positive number, or −1.</summary>
    public int AddScoreCovariance(ReadOnlySpan<double> parameters, Span<double> covariance)
    {
        SquaresWeights = true;
        int undefined = Run(parameters, PassOrder.Hessian);
        SquaresWeights = false;
        int n = _channel.ParameterCount;
        for (int a = 0; a < n && undefined < 0; a++)
        {
            for (int b = a; b < n; b++)
            {
                double sum = _pass.Sums[_channel.Layout.Scores + (a * n) + b];
                covariance[(a * n) + b] += sum;
                covariance[(b * n) + a] += a == b ? 0 : sum;
            }
        }

        return undefined;
    }

    private void SubtractShape(Span<double> hessian, int p)
    {
        int n = _channel.ParameterCount;
        ReadOnlySpan<double> density = Densities[p].Gradient;
        int[] locals = _channel.Processes[p].ShapeParameters;
        for (int local = 0; local < locals.Length; local++)
        {
            int a = locals[local];
            double slope = _moments[p].First(local);
            for (int b = 0; b < n; b++)
            {
                hessian[(a * n) + b] -= slope * density[b];
                hessian[(b * n) + a] -= slope * density[b];
            }

            for (int other = 0; other < locals.Length; other++)
            {
                hessian[(a * n) + locals[other]] -= Densities[p].Value * _moments[p].Second(local, other);
            }
        }
    }

    private int Block(int firstTile, int endTile, Span<double> sums)
    {
        TileWork work = _channel.RentWork();
        int undefined = work.Run(this, _order, firstTile, endTile, sums);
        _channel.Return(work);
        return undefined;
    }
}

/// <summary>A process's yield at one point, with its derivatives by all parameters of the model.</summary>
internal sealed class YieldPoint(int parameters)
{
    private readonly double[] _gradient = new double[parameters];
    private readonly double[] _hessian = new double[parameters * parameters];

    public double Value { get; private set; }

    public ReadOnlySpan<double> Gradient => _gradient;

    public double Hessian(int a, int b) => _hessian[(a * parameters) + b];

    /// <summary>Multiplies the factors by the product rule, one after another, so that a factor of 0 is no special case.</summary>
    public void Set(double nominal, ReadOnlySpan<(int Parameter, YieldFactor Factor)> factors, ReadOnlySpan<double> point)
    {
        Array.Clear(_gradient);
        Array.Clear(_hessian);
        Value = nominal;
        foreach ((int a, YieldFactor factor) in factors)
        {
            ValueWithDerivatives f = factor.At(point[a]);
            for (int i = 0; i < _hessian.Length; i++)
            {
                _hessian[i] *= f.Value;
            }

            for (int b = 0; b < parameters; b++)
            {
                _hessian[(a * parameters) + b] += f.First * _gradient[b];
                _hessian[(b * parameters) + a] += f.First * _gradient[b];
            }

            _hessian[(a * parameters) + a] += f.Second * Value;
            for (int b = 0; b < parameters; b++)
            {
                _gradient[b] *= f.Value;
            }

            _gradient[a] += f.First * Value;
            Value *= f.Value;
        }
    }

    /// <summary>ν W/N, N = Σ w r h over the reference sample and W = Σ w.</summary>
    public void SetNormalised(YieldPoint yield, double weightSum, ShapeMoments norm, ReadOnlySpan<int> locals, PassOrder order)
    {
        double scale = weightSum / norm.Value;
        Value = yield.Value * scale;
        if (order == PassOrder.Value)
        {
            return;
        }

        for (int a = 0; a < parameters; a++)
        {
            _gradient[a] = yield._gradient[a] * scale;
        }

        for (int i = 0; i < _hessian.Length && order == PassOrder.Hessian; i++)
        {
            _hessian[i] = yield._hessian[i] * scale;
        }

        for (int local = 0; local < locals.Length; local++)
        {
            double slope = -norm.First(local) / norm.Value;
            _gradient[locals[local]] += Value * slope;
            if (order == PassOrder.Hessian)
            {
                AddNormalisedRow(yield, scale, norm, locals, local, slope);
            }
        }
    }

    /// <summary>With g = W/N: ∇ν ∇gᵀ + ∇g ∇νᵀ + ν ∇∇g, the part of one local parameter; ∇∇g = g (2 ∇N ∇Nᵀ/N² − ∇∇N/N).</summary>
    private void AddNormalisedRow(YieldPoint yield, double scale, ShapeMoments norm, ReadOnlySpan<int> locals, int local, double slope)
    {
        int a = locals[local];
        for (int b = 0; b < parameters; b++)
        {
            double mixed = yield._gradient[b] * scale * slope;
            _hessian[(a * parameters) + b] += mixed;
            _hessian[(b * parameters) + a] += mixed;
        }

        for (int other = 0; other < locals.Length; other++)
        {
            double curvature = (-2 * slope * norm.First(other) / norm.Value) - (norm.Second(local, other) / norm.Value);
            _hessian[(a * parameters) + locals[other]] += Value * curvature;
        }
    }
}
