using System.Runtime.InteropServices;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Unbinned;

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
