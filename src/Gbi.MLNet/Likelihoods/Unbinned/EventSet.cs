using System.Runtime.InteropServices;
using Gbi.Events;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>Events in tiles with their weights.</summary>
internal sealed unsafe class EventSet
{
    private readonly double[]? _weights;
    private readonly double[]? _inverseWeights;

    public EventSet(CompiledChannel channel, EventTable events)
    {
        DataChecks.RequireWeights(events.Weights, channel.Channel.Name);
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
            }
        }
    }

    public EventTable Events { get; }

    public EventTiles Tiles { get; }

    /// <summary>Bytes of columns and weights that one pass reads.</summary>
    public long Bytes => Tiles.Bytes + (_weights is null ? 0 : (long)_weights.Length * sizeof(double));

    /// <summary>w of a tile's events, 0 behind the last one; null where all are 1.</summary>
    public double* WeightsOf(int tile) => PointerTo(_weights, tile);

    /// <summary>1/w, 0 where w is.</summary>
    public double* InverseWeightsOf(int tile) => PointerTo(_inverseWeights, tile);

    private static double* PointerTo(double[]? pinned, int tile) =>
        pinned is null ? null : (double*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, tile * TileKernels.Size);
}
