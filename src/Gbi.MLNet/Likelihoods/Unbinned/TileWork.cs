using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>The highest derivative that a pass computes.</summary>
internal enum PassOrder
{
    Value,
    Gradient,
    Hessian,
}

/// <summary>One thread's buffers for the passes over a tile, and the sums of its block so far.</summary>
/// <remarks>Compiled for speed at once, as the kernels are: a fit is over before the runtime would think of it.</remarks>
internal sealed unsafe class TileWork
{
    private const int Size = TileKernels.Size;
    private const int Lanes = TileKernels.Lanes;

    private readonly CompiledChannel _channel;
    private readonly double[] _room;
    private readonly double* _density;
    private readonly double* _inverse;
    private readonly double* _ones;
    private readonly double* _scores;
    private readonly double* _sums;
    private readonly long* _exponents;
    private readonly ProcessTile[] _processes;

    public TileWork(CompiledChannel channel)
    {
        _channel = channel;
        int ahead = channel.ColumnCount * Size;
        int parameters = channel.ParameterCount;
        int arrays = 4 + parameters + channel.Processes.Sum(ProcessTile.ArraysOf);
        int sums = channel.Layout.Count + 1;
        _room = GC.AllocateArray<double>((arrays * Size) + (sums * Lanes) + Lanes, pinned: true);
        nuint address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(_room, 0);
        double* next = (double*)((address + 63) / 64 * 64);
        _density = next;
        _inverse = next + Size;
        double* scratch = next + (2 * Size);
        _ones = next + (3 * Size);
        TileKernels.Fill(_ones, 1);
        _scores = next + (4 * Size);
        next += (4 + parameters) * Size;
        _processes = new ProcessTile[channel.Processes.Length];
        for (int p = 0; p < _processes.Length; p++)
        {
            _processes[p] = new ProcessTile(channel.Processes[p], next, scratch, ahead);
            next += ProcessTile.ArraysOf(channel.Processes[p]) * Size;
        }

        _sums = next;
        _exponents = (long*)(_sums + (channel.Layout.Count * Lanes));
    }

    /// <summary>Sums over a block's tiles at a point. Returns the first event whose density is no positive number, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run(UnbinnedPoint point, PassOrder order, int firstTile, int endTile, Span<double> sums)
    {
        EventSet events = point.Events;
        Clear();
        for (int tile = firstTile; tile < endTile; tile++)
        {
            float* columns = events.Tiles.Tile(tile);
            Shapes(point.Shapes, columns, order, variedOnly: false);
            Densities(point.Densities, LengthOf(events, tile));
            if (!TileKernels.AreNormal(_density))
            {
                return (tile * Size) + FirstUndefined();
            }

            AddLogs(events.WeightsOf(tile));
            if (order >= PassOrder.Gradient)
            {
                Shares(events.WeightsOf(tile));
                AddGradient(point.Shapes, columns, order, variedOnly: false);
            }

            if (order == PassOrder.Hessian)
            {
                AddHessian(point.Shapes, columns, variedOnly: false);
                AddScoreProducts(point, point.SquaresWeights ? null : events.InverseWeightsOf(tile));
            }
        }

        Collect(sums);
        return -1;
    }

    /// <summary>The sums of u = w r h in place of w r h/f: what shapes are normalised by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void RunShapes(
        EventSet events, ShapePoint[] shapes, PassOrder order, bool variedOnly, int firstTile, int endTile, Span<double> sums)
    {
        Clear();
        for (int tile = firstTile; tile < endTile; tile++)
        {
            float* columns = events.Tiles.Tile(tile);
            Shapes(shapes, columns, order, variedOnly);
            ClearBehind(LengthOf(events, tile));
            TileKernels.Fill(_density, 1);
            Shares(events.WeightsOf(tile));
            AddGradient(shapes, columns, order, variedOnly);
            if (order == PassOrder.Hessian)
            {
                AddHessian(shapes, columns, variedOnly);
            }
        }

        Collect(sums);
    }

    /// <summary>f of a tile's events at a point, put where they lie among all.</summary>
    public void Densities(UnbinnedPoint point, int tile, double[] densities)
    {
        int length = LengthOf(point.Events, tile);
        Shapes(point.Shapes, point.Events.Tiles.Tile(tile), PassOrder.Value, variedOnly: false);
        Densities(point.Densities, length);
        new ReadOnlySpan<double>(_density, length).CopyTo(densities.AsSpan(tile * Size));
    }

    private static int LengthOf(EventSet events, int tile) => Math.Min(Size, events.Tiles.Count - (tile * Size));

    private void Clear() => new Span<double>(_sums, (_channel.Layout.Count + 1) * Lanes).Clear();

    private bool IsLeftOut(int p, bool variedOnly) => variedOnly && !_processes[p].IsVaried;

    /// <summary>The shapes of all processes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shapes(ShapePoint[] shapes, float* columns, PassOrder order, bool variedOnly)
    {
        for (int p = 0; p < _processes.Length; p++)
        {
            if (!IsLeftOut(p, variedOnly))
            {
                _processes[p].SetShape(shapes[p], columns, order);
            }
        }
    }

    /// <summary>f = Σ ν e; 1, and shapes of 0, behind the last event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Densities(YieldPoint[] yields, int length)
    {
        TileKernels.Fill(_density, 0);
        for (int p = 0; p < _processes.Length; p++)
        {
            TileKernels.AddMultiple(yields[p].Value, _processes[p].Shape, _density);
        }

        ClearBehind(length);
        new Span<double>(_density + length, Size - length).Fill(1);
    }

    private void ClearBehind(int length)
    {
        for (int p = 0; p < _processes.Length && length < Size; p++)
        {
            _processes[p].ClearBehind(length);
        }
    }

    private int FirstUndefined()
    {
        int i = 0;
        while (double.IsNormal(_density[i]) && _density[i] > 0)
        {
            i++;
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLogs(double* weights)
    {
        double* logs = _sums + (SumLayout.Logs * Lanes);
        if (weights != null)
        {
            TileSums.AddWeightedLogs(_density, weights, logs);
        }
        else
        {
            TileSums.AddLogs(_density, logs, _exponents);
        }
    }

    /// <summary>w/f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shares(double* weights)
    {
        TileKernels.Invert(_density, _inverse);
        if (weights != null)
        {
            TileKernels.Multiply(_inverse, weights, _inverse);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddGradient(ShapePoint[] shapes, float* columns, PassOrder order, bool variedOnly)
    {
        for (int p = 0; p < _processes.Length; p++)
        {
            if (!IsLeftOut(p, variedOnly))
            {
                _processes[p].AddGradient(shapes[p], columns, _inverse, order, _channel.Layout.Of(p), _sums);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddHessian(ShapePoint[] shapes, float* columns, bool variedOnly)
    {
        for (int p = 0; p < _processes.Length; p++)
        {
            if (!IsLeftOut(p, variedOnly))
            {
                _processes[p].AddHessian(shapes[p], columns, _channel.Layout.Of(p), _sums);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddScoreProducts(UnbinnedPoint point, double* inverseWeights)
    {
        int parameters = _channel.ParameterCount;
        new Span<double>(_scores, parameters * Size).Clear();
        for (int p = 0; p < _processes.Length; p++)
        {
            _processes[p].AddScores(point.Densities[p], _scores);
        }

        // The scores w v hold w already: their product is w² v vᵀ, and divided by w it is w v vᵀ; an event of weight 0 has none.
        TileSums.AddProducts(inverseWeights == null ? _ones : inverseWeights, _scores, parameters, At(_channel.Layout.Scores));
    }

    private double* At(int sum) => _sums + (sum * Lanes);

    private void Collect(Span<double> sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            double sum = 0;
            for (int lane = 0; lane < Lanes; lane++)
            {
                sum += _sums[(i * Lanes) + lane];
            }

            sums[i] = sum;
        }

        long exponent = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            exponent += _exponents[lane];
        }

        sums[SumLayout.Logs] += exponent * Math.Log(2);
    }
}
