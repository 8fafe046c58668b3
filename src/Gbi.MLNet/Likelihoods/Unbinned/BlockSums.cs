using Gbi.Numerics;

namespace Gbi.Likelihoods.Unbinned;

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
