using System.Runtime.InteropServices;
using Gbi.Events;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>Events in tiles with their weights.</summary>
internal sealed unsafe class EventSet
{
    private readonly double[]? _weights;
    private readonly double[]? _inverseWeights;

    public EventSet(CompiledChannel channel, EventTable events)
    {
        RequireWeights(events.Weights, channel.Channel.Name);
        Tiles = channel.Arrange(events);
        Events = events;
        if (events.HasWeights)
        {
            _weights = GC.AllocateArray<double>(Tiles.TileCount * TileKernels.Size, pinned: true);
            events.Weights.CopyTo(_weights);
            _inverseWeights = GC.AllocateArray<double>(_weights.Length, pinned: true);
            for (int i = 0; i < events.Count; i++)
            {
                _inverseWeights[i] = _weights[i] == 0 ? 0 : 1 / _weights[i];
                HasOtherWeights |= _weights[i] is not (0 or 1);
            }
        }
    }

    public EventTable Events { get; }

    public EventTiles Tiles { get; }

    /// <summary>Whether an event has another weight than 1, or than 0, with which it counts as not there.</summary>
    public bool HasOtherWeights { get; }

    /// <summary>Bytes of columns and weights that one pass reads.</summary>
    public long Bytes => Tiles.Bytes + (_weights is null ? 0 : (long)_weights.Length * sizeof(double));

    /// <summary>w of a tile's events, 0 behind the last one; null where all are 1.</summary>
    public double* WeightsOf(int tile) => PointerTo(_weights, tile);

    /// <summary>1/w, 0 where w is.</summary>
    public double* InverseWeightsOf(int tile) => PointerTo(_inverseWeights, tile);

    /// <summary>A weight that is no finite number.</summary>
    private static void RequireWeights(ReadOnlySpan<double> weights, string channel)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (!double.IsFinite(weights[i]))
            {
                throw new DataException(
                    Text(
                        $"The weight of event {i} of channel '{channel}' is {weights[i]}, expected a finite number; mend or drop that "
                            + $"event."));
            }
        }
    }

    private static double* PointerTo(double[]? pinned, int tile) =>
        pinned is null ? null : (double*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, tile * TileKernels.Size);
}

/// <summary>
/// Columns of events in tiles: the values of all columns for <see cref="TileKernels.Size"/> events lie together, so that a pass reads
/// memory from one end to the other. The last tile is filled up with each column's neutral value.
/// </summary>
internal sealed unsafe class EventTiles
{
    private const int CacheLine = 64;

    private readonly float[] _values;
    private readonly float* _first;

    /// <summary>Room for columns, filled by the caller.</summary>
    /// <param name="sources">Where the columns come from.</param>
    /// <param name="count">Events.</param>
    public EventTiles(ReadOnlyMemory<float>[] sources, int count)
    {
        (Sources, Count) = (sources, count);
        TileCount = (count + TileKernels.Size - 1) / TileKernels.Size;

        // Pinned, so that the address stays, and a cache line longer, so that it can be aligned.
        long length = ((long)TileCount * TileKernels.Size * sources.Length) + (CacheLine / sizeof(float));
        if (length > Array.MaxLength)
        {
            throw new FitException(Text(
                $"{count:N0} events in {sources.Length} columns are more than one channel can hold ({Array.MaxLength:N0} numbers); split "
                    + $"the channel into several."));
        }

        _values = GC.AllocateUninitializedArray<float>((int)length, pinned: true);
        nuint address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0);
        _first = (float*)((address + CacheLine - 1) / CacheLine * CacheLine);
    }

    /// <summary>Where the columns come from.</summary>
    public ReadOnlyMemory<float>[] Sources { get; }

    /// <summary>Events.</summary>
    public int Count { get; }

    public int TileCount { get; }

    public int ColumnCount => Sources.Length;

    /// <summary>Bytes that one pass reads.</summary>
    public long Bytes => (long)TileCount * TileKernels.Size * ColumnCount * sizeof(float);

    public float* Tile(int tile) => _first + ((long)tile * TileKernels.Size * ColumnCount);

    public Span<float> Column(int tile, int column) => new(Tile(tile) + (column * TileKernels.Size), TileKernels.Size);
}

/// <summary>The sums of a pass over events: one row a block, joined in block order. Reused from call to call.</summary>
internal sealed class BlockSums
{
    private const int TilesInBlock = EventBlocks.DefaultSize / TileKernels.Size;

    private readonly EventSet _events;
    private readonly BlockPass _pass;
    private readonly Action<int> _block;
    private readonly double[] _blocks;
    private readonly double[] _sums;
    private readonly int[] _undefined;

    /// <summary>Room for a pass.</summary>
    /// <param name="events">The events.</param>
    /// <param name="count">Number of sums.</param>
    /// <param name="pass">Fills the sums of the tiles [first, end); returns the first event that has no density, or −1.</param>
    public BlockSums(EventSet events, int count, BlockPass pass)
    {
        (_events, _pass) = (events, pass);
        int blocks = EventBlocks.CountOf(events.Tiles.TileCount, TilesInBlock);
        (_blocks, _sums, _undefined) = (new double[blocks * count], new double[count], new int[blocks]);
        _block = Block;
    }

    public delegate int BlockPass(int firstTile, int endTile, Span<double> sums);

    public ReadOnlySpan<double> Sums => _sums;

    /// <summary>Passes over all events; returns the first one that has no density, or −1.</summary>
    public int Run()
    {
        EventBlocks.ForEachIndexAgain(_undefined.Length, _block);
        Array.Clear(_sums);
        int count = _sums.Length;
        for (int block = 0; block < _undefined.Length; block++)
        {
            if (_undefined[block] >= 0)
            {
                return _undefined[block];
            }

            for (int i = 0; i < count; i++)
            {
                _sums[i] += _blocks[(block * count) + i];
            }
        }

        return -1;
    }

    private void Block(int block)
    {
        int first = block * TilesInBlock;
        int end = Math.Min(_events.Tiles.TileCount, first + TilesInBlock);
        _undefined[block] = _pass(first, end, _blocks.AsSpan(block * _sums.Length, _sums.Length));
    }
}
