using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>The events of a data set in the order of a tree's leaves; each leaf is a stretch, in the order of the file.</summary>
internal sealed unsafe class RowPartition
{
    // Fewer events than this in a part are sorted before another thread has woken up.
    private const int LeastEventsOfAPart = 1 << 14;

    private readonly BinnedEvents _data;
    private readonly int[] _order;
    private readonly int[] _rights;
    private readonly int[] _lefts = new int[EventBlocks.MaxThreads];

    /// <summary>All events in one leaf.</summary>
    public RowPartition(BinnedEvents data)
    {
        _data = data;
        _order = GC.AllocateUninitializedArray<int>(data.Count);
        _rights = GC.AllocateUninitializedArray<int>(data.Count);
    }

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
        int parts = Math.Clamp(count / LeastEventsOfAPart, 1, _lefts.Length);
        int First(int part) => start + (int)((long)count * part / parts);
        if (parts == 1)
        {
            int few = Sort(start, count, split);
            _rights.AsSpan(start, count - few).CopyTo(_order.AsSpan(start + few));
            return few;
        }

        EventBlocks.ForEachIndex(parts, part => _lefts[part] = Sort(First(part), First(part + 1) - First(part), split));
        int lefts = 0;
        for (int part = 0; part < parts; part++)
        {
            _order.AsSpan(First(part), _lefts[part]).CopyTo(_order.AsSpan(start + lefts));
            lefts += _lefts[part];
        }

        int at = start + lefts;
        for (int part = 0; part < parts; part++)
        {
            int rights = First(part + 1) - First(part) - _lefts[part];
            _rights.AsSpan(First(part), rights).CopyTo(_order.AsSpan(at));
            at += rights;
        }

        return lefts;
    }

    /// <summary>
    /// Sorts a stretch: events that go left to its front, the others to the same place of a second array; returns how many go left.
    /// </summary>
    private int Sort(int start, int length, Split split)
    {
        // One comparison for both kinds of codes: where missing values go left, adding 1 makes theirs the lowest of all.
        int shift = split.MissingLeft ? 1 : 0;
        int highest = split.Code + shift;
        int lefts = 0;
        fixed (byte* codes = _data.Columns[split.Feature])
        fixed (int* order = &_order[start])
        fixed (int* rights = &_rights[start])
        {
            for (int i = 0; i < length; i++)
            {
                int row = order[i];
                bool goesLeft = (byte)(codes[row] + shift) <= highest;

                // Written to both, kept at one: no branch depends on the event.
                order[lefts] = row;
                rights[i - lefts] = row;
                lefts += goesLeft ? 1 : 0;
            }
        }

        return lefts;
    }
}
