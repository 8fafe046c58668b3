using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gbi.Numerics;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>How many derivatives a pass is asked for.</summary>
internal enum PassOrder
{
    Value,
    Gradient,
    Hessian,
}

/// <summary>One thread's room for the passes over a tile, and the sums of its block so far.</summary>
/// <remarks>Compiled for speed at once, as the kernels are: a fit is over before the runtime would think of it.</remarks>
internal sealed unsafe class TileWork
{
    private const int Size = TileKernels.Size;
    private const int Lanes = TileKernels.Lanes;

    private readonly CompiledChannel _channel;
    private readonly double[] _room;
    private readonly int _ahead;
    private readonly double* _density;
    private readonly double* _inverse;
    private readonly double* _scratch;
    private readonly double* _ones;
    private readonly double* _scores;
    private readonly double* _sums;
    private readonly long* _exponents;
    private readonly ProcessRoom[] _processes;

    public TileWork(CompiledChannel channel)
    {
        _channel = channel;
        _ahead = channel.ColumnCount * Size;
        int parameters = channel.ParameterCount;
        int arrays = 4 + parameters + channel.Processes.Sum(ProcessRoom.ArraysOf);
        int sums = channel.Layout.Count + 1;
        _room = GC.AllocateArray<double>((arrays * Size) + (sums * Lanes) + Lanes, pinned: true);
        nuint address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(_room, 0);
        double* next = (double*)((address + 63) / 64 * 64);
        _density = next;
        _inverse = next + Size;
        _scratch = next + (2 * Size);
        _ones = next + (3 * Size);
        TileKernels.Fill(_ones, 1);
        _scores = next + (4 * Size);
        next += (4 + parameters) * Size;
        _processes = new ProcessRoom[channel.Processes.Length];
        for (int p = 0; p < _processes.Length; p++)
        {
            _processes[p] = new ProcessRoom(channel.Processes[p], next);
            next += ProcessRoom.ArraysOf(channel.Processes[p]) * Size;
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
                AddScoreProducts(point, events.InverseWeightsOf(tile));
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

    private bool IsLeftOut(int p, bool variedOnly) => variedOnly && _processes[p].ShapeCount == 0;

    /// <summary>e = r h of every process, and the slopes of its pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shapes(ShapePoint[] shapes, float* columns, PassOrder order, bool variedOnly)
    {
        // Where a Hessian follows, its loop over the same columns calls for the next tile: memory is slower than this one alone.
        int ahead = order == PassOrder.Hessian ? 0 : _ahead;
        for (int p = 0; p < _processes.Length; p++)
        {
            if (IsLeftOut(p, variedOnly))
            {
                continue;
            }

            ShapePoint shape = shapes[p];
            ProcessRoom room = _processes[p];
            if (shape.ExponentCount > 0)
            {
                TileKernels.Combine(columns, shape.Columns, shape.Factors, ahead, room.Shape);
                TileKernels.Exp(room.Shape);
            }
            else
            {
                TileKernels.Fill(room.Shape, 1);
            }

            int ratio = _channel.Processes[p].RatioColumn;
            if (ratio >= 0)
            {
                TileKernels.Multiply(room.Shape, columns + (ratio * Size), _ahead);
            }

            Pairs(shape.Pairs, columns, room, order);
        }
    }

    /// <summary>Multiplies the pairs φ into e; where asked, φ′/φ and φ″/φ − (φ′/φ)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pairs(ReadOnlySpan<ShapePoint.ActivePair> pairs, float* columns, ProcessRoom room, PassOrder order)
    {
        for (int j = 0; j < pairs.Length; j++)
        {
            ref readonly ShapePoint.ActivePair pair = ref pairs[j];
            float* four = columns + (pair.Column * Size);
            TileKernels.LinearForm(four, pair.Basis.Value, _ahead, _scratch);
            TileKernels.Multiply(room.Shape, _scratch, room.Shape);
            if (order == PassOrder.Value)
            {
                continue;
            }

            double* slope = room.PairSlopes + (j * Size);
            TileKernels.LinearForm(four, pair.Basis.First, 0, slope);
            TileKernels.Divide(slope, _scratch, slope);
            if (order == PassOrder.Hessian)
            {
                double* curvature = room.PairCurvatures + (j * Size);
                TileKernels.LinearForm(four, pair.Basis.Second, 0, curvature);
                TileKernels.Divide(curvature, _scratch, curvature);
                TileKernels.SubtractSquare(slope, curvature);
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
            new Span<double>(_processes[p].Shape + length, Size - length).Clear();
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
            TileKernels.AddWeightedLogs(_density, weights, logs);
        }
        else
        {
            TileKernels.AddLogs(_density, logs, _exponents);
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
            if (IsLeftOut(p, variedOnly))
            {
                continue;
            }

            ProcessRoom room = _processes[p];
            SumLayout.ProcessSums sums = _channel.Layout.Of(p);
            TileKernels.Multiply(room.Shape, _inverse, room.Share);
            TileKernels.AddSum(room.Share, At(sums.Density));
            if (order >= PassOrder.Gradient)
            {
                TileKernels.AddMoments(room.Share, columns, shapes[p].Columns, At(sums.Exponents));
                TileKernels.AddMoments(room.Share, room.PairSlopes, shapes[p].PairCount, At(sums.PairSlopes));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddHessian(ShapePoint[] shapes, float* columns, bool variedOnly)
    {
        for (int p = 0; p < _processes.Length; p++)
        {
            if (IsLeftOut(p, variedOnly))
            {
                continue;
            }

            ProcessRoom room = _processes[p];
            SumLayout.ProcessSums sums = _channel.Layout.Of(p);
            TileKernels.AddMoments(room.Share, room.PairCurvatures, shapes[p].PairCount, At(sums.PairCurvatures));
            Slopes(shapes[p], columns, room);
            TileKernels.AddProducts(room.Share, room.Slopes, room.ShapeCount, At(sums.Products));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddScoreProducts(UnbinnedPoint point, double* inverseWeights)
    {
        int parameters = _channel.ParameterCount;
        new Span<double>(_scores, parameters * Size).Clear();
        for (int p = 0; p < _processes.Length; p++)
        {
            AddScores(point.Densities[p], _channel.Processes[p].ShapeParameters, _processes[p]);
        }

        // The scores w v hold w already, so that w v vᵀ is theirs divided by it; an event of weight 0 has none.
        TileKernels.AddProducts(inverseWeights == null ? _ones : inverseWeights, _scores, parameters, At(_channel.Layout.Scores));
    }

    /// <summary>s = ∇ ln e by the local parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Slopes(ShapePoint shape, float* columns, ProcessRoom room)
    {
        for (int a = 0; a < room.ShapeCount; a++)
        {
            TileKernels.Combine(columns, shape.SlopeColumns(a), shape.SlopeFactors(a), _ahead, room.Slopes + (a * Size));
        }

        for (int j = 0; j < shape.PairCount; j++)
        {
            TileKernels.AddMultiple(1, room.PairSlopes + (j * Size), room.Slopes + (shape.Pairs[j].Parameter * Size));
        }
    }

    /// <summary>w ∇f/f, of which this process has Σ u (∇ν + ν s).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddScores(YieldPoint yield, ReadOnlySpan<int> shapeParameters, ProcessRoom room)
    {
        int local = 0;
        for (int a = 0; a < _channel.ParameterCount; a++)
        {
            double* score = _scores + (a * Size);
            if (local < shapeParameters.Length && shapeParameters[local] == a)
            {
                TileKernels.AddProduct(room.Share, yield.Gradient[a], yield.Value, room.Slopes + (local * Size), score);
                local++;
            }
            else if (yield.Gradient[a] != 0)
            {
                TileKernels.AddMultiple(yield.Gradient[a], room.Share, score);
            }
        }
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

    /// <summary>A process's arrays of one tile: e, u, s and the pairs' slopes and curvatures.</summary>
    private readonly struct ProcessRoom(CompiledProcess process, double* first)
    {
        public readonly int ShapeCount = process.ShapeParameters.Length;
        public readonly double* Shape = first;
        public readonly double* Share = first + Size;
        public readonly double* Slopes = first + (2 * Size);
        public readonly double* PairSlopes = first + ((2 + process.ShapeParameters.Length) * Size);
        public readonly double* PairCurvatures = first + ((2 + process.ShapeParameters.Length + process.Pairs.Length) * Size);

        public static int ArraysOf(CompiledProcess process) => 2 + process.ShapeParameters.Length + (2 * process.Pairs.Length);
    }
}
