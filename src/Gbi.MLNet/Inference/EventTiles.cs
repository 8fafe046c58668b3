using Gbi.Numerics;

namespace Gbi.Inference;

/// <summary>
/// Columns of events in tiles: the values of all columns for <see cref="TileKernels.Size"/> events lie together, so that a pass reads
/// memory from one end to the other. The last tile is filled up with each column's neutral value.
/// </summary>
internal sealed unsafe class EventTiles
{
    private const int CacheLine = 64;

    private readonly float[] _values;
    private readonly float* _first;

    private EventTiles(int count, int columns)
    {
        (Count, ColumnCount) = (count, columns);
        TileCount = (count + TileKernels.Size - 1) / TileKernels.Size;

        // Pinned, so that the address stays, and a cache line longer, so that it can be aligned.
        long length = ((long)TileCount * TileKernels.Size * columns) + (CacheLine / sizeof(float));
        _values = GC.AllocateUninitializedArray<float>(checked((int)length), pinned: true);
        nuint address = (nuint)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0);
        _first = (float*)((address + CacheLine - 1) / CacheLine * CacheLine);
    }

    /// <summary>Events.</summary>
    public int Count { get; }

    public int TileCount { get; }

    public int ColumnCount { get; }

    /// <summary>Bytes that one pass reads.</summary>
    public long Bytes => (long)TileCount * TileKernels.Size * ColumnCount * sizeof(float);

    public float* Tile(int tile) => _first + ((long)tile * TileKernels.Size * ColumnCount);

    /// <summary>The columns that a likelihood collects before it knows how many they are.</summary>
    public sealed class Builder
    {
        private readonly List<(ReadOnlyMemory<float> Values, bool TakesLog, float Neutral)> _columns = [];

        /// <summary>Adds a column and returns its number; the same column a second time is not stored twice.</summary>
        /// <param name="values">One an event.</param>
        /// <param name="neutral">What fills up the last tile.</param>
        /// <param name="takesLog">Whether to store ln of the values.</param>
        public int Add(ReadOnlyMemory<float> values, float neutral, bool takesLog = false)
        {
            int known = _columns.FindIndex(column => column.Values.Equals(values) && column.TakesLog == takesLog);
            if (known >= 0)
            {
                return known;
            }

            _columns.Add((values, takesLog, neutral));
            return _columns.Count - 1;
        }

        /// <summary>Adds columns that must follow one another.</summary>
        public int AddGroup(ReadOnlySpan<(ReadOnlyMemory<float> Values, float Neutral, bool TakesLog)> group)
        {
            foreach ((ReadOnlyMemory<float> values, float neutral, bool takesLog) in group)
            {
                _columns.Add((values, takesLog, neutral));
            }

            return _columns.Count - group.Length;
        }

        public EventTiles Build(int count)
        {
            var tiles = new EventTiles(count, _columns.Count);
            EventBlocks.ForEachIndex(tiles.TileCount, tile => Fill(tiles, tile));
            return tiles;
        }

        private void Fill(EventTiles tiles, int tile)
        {
            int start = tile * TileKernels.Size;
            int length = Math.Min(TileKernels.Size, tiles.Count - start);
            for (int column = 0; column < _columns.Count; column++)
            {
                (ReadOnlyMemory<float> values, bool takesLog, float neutral) = _columns[column];
                var target = new Span<float>(tiles.Tile(tile) + (column * TileKernels.Size), TileKernels.Size);
                target[length..].Fill(neutral);
                ReadOnlySpan<float> source = values.Span.Slice(start, length);
                for (int i = 0; i < length; i++)
                {
                    target[i] = takesLog ? (float)Math.Log(source[i]) : source[i];
                }
            }
        }
    }
}
