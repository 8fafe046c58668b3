using System.Collections.Concurrent;
using Gbi.Events;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>An unbinned channel with parameters and columns by number, and what all likelihoods of it share.</summary>
internal sealed class CompiledChannel
{
    private readonly ColumnList _columns = new();
    private readonly IdlePool<TileWork> _work = new();
    private readonly ConcurrentQueue<WeakReference<EventTiles>> _arranged = [];
    private readonly Lazy<ReferenceSample> _reference;

    public CompiledChannel(UnbinnedChannel channel, ParameterNumbers parameters)
    {
        Channel = channel;
        ParameterCount = parameters.Count;
        Processes = [.. channel.Processes.Select(process => new CompiledProcess(process, parameters, _columns))];
        Layout = new SumLayout(Processes, ParameterCount);
        _reference = new(() => new ReferenceSample(this, channel.Reference ?? throw new FitException(
            $"Channel '{channel.Name}' has no reference sample, which Asimov data and toys are made of; give it one.")));
    }

    public UnbinnedChannel Channel { get; }

    public int ParameterCount { get; }

    public CompiledProcess[] Processes { get; }

    public SumLayout Layout { get; }

    public int ColumnCount => _columns.Count;

    /// <summary>The reference sample, arranged when it is first needed.</summary>
    /// <exception cref="FitException">There is none.</exception>
    public ReferenceSample Reference => _reference.Value;

    /// <summary>Whether shapes are normalised on the reference.</summary>
    public bool NormalisesShapes => Channel.Reference is not null && Channel.NormalisesShapes;

    /// <summary>The columns of a table in tiles; those of a table with the same columns are not made twice.</summary>
    /// <exception cref="DataException">A column is missing, or a value of it cannot be.</exception>
    public EventTiles Arrange(EventTable events)
    {
        foreach (WeakReference<EventTiles> known in _arranged)
        {
            if (known.TryGetTarget(out EventTiles? tiles) && _columns.AreThoseOf(tiles, events))
            {
                return tiles;
            }
        }

        EventTiles arranged = _columns.Arrange(events, Channel.Name);
        _arranged.Enqueue(new(arranged));
        while (_arranged.Count > 2 * Environment.ProcessorCount && _arranged.TryDequeue(out _))
        {
        }

        return arranged;
    }

    public TileWork RentWork() => _work.TryRent(out TileWork? work) ? work : new TileWork(this);

    public void Return(TileWork work) => _work.Return(work);
}

/// <summary>A process with parameters and columns by number.</summary>
internal sealed class CompiledProcess
{
    private readonly string _user;

    public CompiledProcess(Process process, ParameterNumbers parameters, ColumnList columns)
    {
        Process = process;
        _user = $"Process '{process.Name}'";
        Factors = [.. process.YieldFactors.Select(factor => (Find(factor.Parameter), factor))];
        RatioColumn = AddRatio(process, columns);
        ShapeParameters = [.. process.ShapeVariations.SelectMany(shape => shape.Parameters).Select(Find).Distinct().Order()];
        Exponents = [.. process.ShapeVariations.OfType<ExponentialVariation>().SelectMany(shape => shape.Terms).Select(term =>
            new ExponentColumn(
                columns.Add(Entry(term.Column, ColumnRange.Finite, ColumnForm.AsIs, 0)),
                Local(term.Factors[0]),
                term.Factors.Count > 1 ? Local(term.Factors[1]) : -1))];
        Pairs = [.. process.ShapeVariations.OfType<UpDownVariation>().Select(shape =>
            new PairColumns(AddPair(shape, columns), Local(shape.Parameter), shape.Law))];

        int Find(string name) => parameters.Of(name);

        int Local(string name) => Array.IndexOf(ShapeParameters, Find(name));
    }

    public Process Process { get; }

    /// <summary>The nominal yield.</summary>
    public double Yield => Process.ExpectedYield;

    public (int Parameter, YieldFactor Factor)[] Factors { get; }

    /// <summary>The column of r, or −1 where r = 1.</summary>
    public int RatioColumn { get; }

    /// <summary>Parameters that the shape depends on, ascending; "local" numbers below count within these.</summary>
    public int[] ShapeParameters { get; }

    public ExponentColumn[] Exponents { get; }

    public PairColumns[] Pairs { get; }

    private int AddRatio(Process process, ColumnList columns) => process switch
    {
        { LogRatio: { } name } => columns.Add(Entry(name, ColumnRange.LogRatio, ColumnForm.Exponential, 1)),
        { Ratio: { } name } => columns.Add(Entry(name, ColumnRange.Ratio, ColumnForm.AsIs, 1)),
        _ => -1,
    };

    private int AddPair(UpDownVariation shape, ColumnList columns)
    {
        ColumnRange range = ColumnRange.Of(shape.Law);
        ColumnForm log = Interpolation.UsesLogs(shape.Law) ? ColumnForm.Log : ColumnForm.AsIs;
        float neutral = log == ColumnForm.Log ? 0 : 1;
        return columns.AddGroup(
        [
            Entry(shape.Up, range, ColumnForm.AsIs, 1), Entry(shape.Up, range, log, neutral),
            Entry(shape.Down, range, ColumnForm.AsIs, 1), Entry(shape.Down, range, log, neutral),
        ]);
    }

    private ColumnList.Entry Entry(string name, ColumnRange range, ColumnForm form, float neutral) =>
        new(name, range, form, neutral) { User = _user };

    /// <summary>A column of an exponent and the one or two local parameters whose product multiplies it.</summary>
    internal readonly record struct ExponentColumn(int Column, int First, int Second);

    /// <summary>Four columns U, ln U, D, ln D, and the local parameter that interpolates between them.</summary>
    internal readonly record struct PairColumns(int Column, int Parameter, InterpolationLaw Law)
    {
        public int LogUp => Column + 1;

        public int LogDown => Column + 3;
    }
}

/// <summary>Where each sum over events lies in the array that a block of events leaves behind.</summary>
internal sealed class SumLayout
{
    private readonly ProcessSums[] _processes;

    public SumLayout(CompiledProcess[] processes, int parameters)
    {
        int next = 1;
        _processes = [.. processes.Select(process =>
        {
            int exponents = process.Exponents.Length + process.Pairs.Length;
            int shapes = process.ShapeParameters.Length;
            int density = next;
            int slopes = density + 1 + exponents;
            int curvatures = slopes + process.Pairs.Length;
            int products = curvatures + process.Pairs.Length;
            next = products + (shapes * shapes);
            return new ProcessSums(density, density + 1, slopes, curvatures, products);
        })];
        Scores = next;
        Count = next + (parameters * parameters);
    }

    /// <summary>Number of sums.</summary>
    public int Count { get; }

    /// <summary>Σ w ln f, of which the exponents of two are apart.</summary>
    public static int Logs => 0;

    /// <summary>Σ w v_a v_b for b ≥ a, row by row of full length; v = ∇f/f.</summary>
    public int Scores { get; }

    public ProcessSums Of(int process) => _processes[process];

    /// <summary>The sums of a process, of u = w e/f with its shape e = r h.</summary>
    /// <param name="Density">Σ u.</param>
    /// <param name="Exponents">Σ u Δ of each active column of the exponent.</param>
    /// <param name="PairSlopes">Σ u φ′/φ of each active pair φ.</param>
    /// <param name="PairCurvatures">Σ u (φ″/φ − (φ′/φ)²) of each active pair.</param>
    /// <param name="Products">Σ u s_a s_b for b ≥ a, row by row of full length; s = ∇ ln e by the local parameters.</param>
    internal readonly record struct ProcessSums(int Density, int Exponents, int PairSlopes, int PairCurvatures, int Products);
}
