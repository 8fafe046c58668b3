using System.Collections.Concurrent;
using Gbi.Numerics;
using Gbi.Systematics;

namespace Gbi.Inference;

/// <summary>
/// The negative log of the extended unbinned likelihood relative to the reference,
/// NLL(θ) = Σ_p ν_p(θ) − Σᵢ wᵢ ln Σ_p ν_p(θ) r_p(xᵢ) h_p(xᵢ|ν) + constraints, with gradient and Hessian in one pass over the events.
/// </summary>
/// <remarks>
/// Barlow, NIM A 297 (1990) 496, with p(x) = r(x) p_ref(x). The columns are copied once, in tiles that a pass reads from one end to the
/// other; arithmetic is in double. Results do not depend on the number of threads, and one object may be evaluated on several threads at
/// once. After the first call an evaluation takes no memory beyond what the runtime's parallel loop takes.
/// </remarks>
public sealed unsafe class UnbinnedLikelihood : ISmoothFunction
{
    internal const int TilesInBlock = EventBlocks.DefaultSize / TileKernels.Size;

    private readonly ConcurrentBag<TileWork> _work = [];
    private readonly ConcurrentBag<UnbinnedPoint> _points = [];
    private readonly Constraint[] _constraints;
    private readonly double[]? _weights;
    private readonly double[]? _inverseWeights;

    /// <summary>Arranges the events of a model for evaluation.</summary>
    /// <exception cref="ArgumentException">The model has no process, no event column, columns of different lengths, a name twice, a name that
    /// is not among the parameters, or a parameter that nothing depends on.</exception>
    public UnbinnedLikelihood(UnbinnedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Parameters = model.Parameters;
        int count = ModelChecks.CountEvents(model);
        IReadOnlyDictionary<string, int> numbers = ModelChecks.Number(Parameters);
        var columns = new EventTiles.Builder();
        Processes = [.. model.Processes.Select(process => new CompiledProcess(process, numbers, columns))];
        ModelChecks.RequireConnected(model);
        Tiles = columns.Build(count);
        Layout = new SumLayout(Processes, ParameterCount);
        _constraints = [.. model.FreeParameters.Select(_ => Constraint.None), .. model.Nuisances.Select(nuisance => nuisance.Constraint)];
        if (!model.Weights.IsEmpty)
        {
            _weights = GC.AllocateArray<double>(Tiles.TileCount * TileKernels.Size, pinned: true);
            model.Weights.Span.CopyTo(_weights);
            _inverseWeights = GC.AllocateArray<double>(_weights.Length, pinned: true);
            for (int i = 0; i < count; i++)
            {
                _inverseWeights[i] = _weights[i] == 0 ? 0 : 1 / _weights[i];
            }
        }
    }

    /// <summary>Names of the parameters, in the order of their values.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <inheritdoc/>
    public int ParameterCount => Parameters.Count;

    /// <summary>Number of events.</summary>
    public int EventCount => Tiles.Count;

    /// <summary>Bytes of event columns that one evaluation reads.</summary>
    public long BytesRead => Tiles.Bytes + (_weights is null ? 0 : (long)_weights.Length * sizeof(double));

    internal IReadOnlyList<CompiledProcess> Processes { get; }

    internal EventTiles Tiles { get; }

    internal SumLayout Layout { get; }

    /// <inheritdoc/>
    /// <remarks>+∞ where a parameter is no number, or the density of an event is not positive, or a constraint forbids the point;
    /// <see cref="FirstUndefinedEvent"/> tells the event.</remarks>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        RequireLengths(parameters, gradient, hessian);
        double penalty = 0;
        gradient.Clear();
        hessian.Clear();
        for (int a = 0; a < _constraints.Length; a++)
        {
            ValueWithDerivatives constraint = _constraints[a].At(parameters[a]);
            penalty += constraint.Value;
            if (!gradient.IsEmpty)
            {
                gradient[a] = constraint.First;
            }

            if (!hessian.IsEmpty)
            {
                hessian[(a * ParameterCount) + a] = constraint.Second;
            }
        }

        if (!IsFinite(parameters) || !double.IsFinite(penalty))
        {
            return double.PositiveInfinity;
        }

        UnbinnedPoint point = RentPoint();
        point.Run(parameters, !hessian.IsEmpty ? PassOrder.Hessian : !gradient.IsEmpty ? PassOrder.Gradient : PassOrder.Value);
        double value = point.FirstUndefined >= 0 ? double.PositiveInfinity : point.Value() + penalty;
        if (double.IsFinite(value))
        {
            if (!gradient.IsEmpty)
            {
                point.AddGradient(gradient);
            }

            if (!hessian.IsEmpty)
            {
                point.AddHessian(hessian);
            }
        }

        _points.Add(point);
        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    /// <summary>
    /// The number of the first event whose expected density at a point is negative, 0, infinite or no number, so that the likelihood is
    /// not defined there; null where every density is a positive number.
    /// </summary>
    public int? FirstUndefinedEvent(ReadOnlySpan<double> parameters)
    {
        RequireLengths(parameters, default, default);
        if (!IsFinite(parameters))
        {
            throw new ArgumentException("A parameter is not a finite number, so that no event has a density.", nameof(parameters));
        }

        UnbinnedPoint point = RentPoint();
        point.Run(parameters, PassOrder.Value);
        int at = point.FirstUndefined;
        _points.Add(point);
        return at < 0 ? null : at;
    }

    internal double* WeightsOf(int tile) => PointerTo(_weights, tile);

    internal double* InverseWeightsOf(int tile) => PointerTo(_inverseWeights, tile);

    internal TileWork RentWork() => _work.TryTake(out TileWork? work) ? work : new TileWork(this);

    internal void Return(TileWork work) => _work.Add(work);

    private static double* PointerTo(double[]? pinned, int tile) => pinned is null
        ? null
        : (double*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, tile * TileKernels.Size);

    private static bool IsFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private UnbinnedPoint RentPoint() => _points.TryTake(out UnbinnedPoint? point) ? point : new UnbinnedPoint(this);

    private void RequireLengths(ReadOnlySpan<double> parameters, ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian)
    {
        int n = ParameterCount;
        if (parameters.Length != n || (!gradient.IsEmpty && gradient.Length != n) || (!hessian.IsEmpty && hessian.Length != n * n))
        {
            throw new ArgumentException(
                $"There are {parameters.Length} values, {gradient.Length} places for the gradient and {hessian.Length} for the Hessian; "
                + $"the likelihood has {n} parameters: {string.Join(", ", Parameters)}.");
        }
    }
}
