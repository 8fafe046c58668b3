using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>The events of a data set in the order of a tree's leaves; each leaf is a stretch, in the order of the file.</summary>
internal sealed class RowPartition(BinnedEvents data)
{
    private const int BlockSize = 1 << 15;

    private readonly int[] _order = GC.AllocateUninitializedArray<int>(data.Count);
    private readonly int[] _scratch = GC.AllocateUninitializedArray<int>(data.Count);
    private readonly int[] _lefts = new int[EventBlocks.CountOf(data.Count, BlockSize)];

    /// <summary>Back to one leaf of all events.</summary>
    public void Reset() => EventBlocks.ForEach(_order.Length, (start, length) =>
    {
        Span<int> block = _order.AsSpan(start, length);
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = start + i;
        }
    });

    /// <summary>Numbers of the events in a stretch.</summary>
    public ReadOnlySpan<int> Rows(int start, int count) => _order.AsSpan(start, count);

    /// <summary>Moves the events that go left to the front of a stretch, each side in its old order; returns how many they are.</summary>
    public int Split(int start, int count, Split split)
    {
        if (count <= BlockSize)
        {
            int few = SortBlock(start, count, split);
            _scratch.AsSpan(start, count).CopyTo(_order.AsSpan(start));
            return few;
        }

        EventBlocks.ForEach(count, (from, length) => _lefts[from / BlockSize] = SortBlock(start + from, length, split), BlockSize);
        int lefts = 0;
        for (int block = 0; block < EventBlocks.CountOf(count, BlockSize); block++)
        {
            int before = lefts;
            lefts += _lefts[block];
            _lefts[block] = before;
        }

        EventBlocks.ForEach(count, (from, length) =>
        {
            int block = from / BlockSize;
            int leftsBefore = _lefts[block];
            int leftsHere = (from + length == count ? lefts : _lefts[block + 1]) - leftsBefore;
            ReadOnlySpan<int> sorted = _scratch.AsSpan(start + from, length);
            sorted[..leftsHere].CopyTo(_order.AsSpan(start + leftsBefore));
            sorted[leftsHere..].CopyTo(_order.AsSpan(start + lefts + from - leftsBefore));
        }, BlockSize);
        return lefts;
    }

    /// <summary>Sorts a stretch into the scratch, events that go left first; returns how many they are.</summary>
    private int SortBlock(int start, int length, Split split)
    {
        ref byte codes = ref MemoryMarshal.GetArrayDataReference(data.Columns[split.Feature]);
        ReadOnlySpan<int> rows = _order.AsSpan(start, length);
        Span<int> sorted = _scratch.AsSpan(start, length);
        ref int first = ref MemoryMarshal.GetReference(sorted);

        // One comparison for both kinds of codes: where missing values go left, adding 1 makes theirs the lowest of all.
        int shift = split.MissingLeft ? 1 : 0;
        int highest = split.Code + shift;
        int lefts = 0;
        int last = length - 1;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            bool goesLeft = (byte)(Unsafe.Add(ref codes, row) + shift) <= highest;

            // Written to both ends of what is still free, kept at one: no branch depends on the event. Rights pile up from the end.
            Unsafe.Add(ref first, lefts) = row;
            Unsafe.Add(ref first, last - (i - lefts)) = row;
            lefts += goesLeft ? 1 : 0;
        }

        sorted[lefts..].Reverse();
        return lefts;
    }
}
