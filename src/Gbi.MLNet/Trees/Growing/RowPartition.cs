using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Gbi.Numerics;
using Gbi.Trees.Binning;

namespace Gbi.Trees.Growing;

/// <summary>
/// The events of a data set, sorted by the leaves of a growing tree: each leaf is a range of one of two buffers, and a cut writes
/// it to the other. The order within a range has no meaning, as sums do not depend on it.
/// </summary>
internal sealed unsafe class RowPartition(BinnedEvents data)
{
    // Fewer events than this in a part are sorted before another thread has woken up.
    private const int LeastEventsOfAPart = 1 << 14;

    private readonly int[][] _buffers = [GC.AllocateUninitializedArray<int>(data.Count), GC.AllocateUninitializedArray<int>(data.Count)];
    private readonly int[] _lefts = new int[EventBlocks.MaxThreads];

    /// <summary>All events in one range; returns it.</summary>
    public RowRange Reset()
    {
        EventBlocks.ForEach(data.Count, (start, length) =>
        {
            Span<int> block = _buffers[0].AsSpan(start, length);
            for (int i = 0; i < block.Length; i++)
            {
                block[i] = start + i;
            }
        });
        return new RowRange(0, 0, data.Count);
    }

    /// <summary>Numbers of the events in a range.</summary>
    public ReadOnlySpan<int> Rows(RowRange range) => _buffers[range.Buffer].AsSpan(range.Start, range.Count);

    /// <summary>Cuts a range in two: the events that go left, and the others behind them.</summary>
    public (RowRange Left, RowRange Right) Cut(RowRange range, Split split)
    {
        int parts = Math.Clamp(range.Count / LeastEventsOfAPart, 1, _lefts.Length);
        if (parts == 1)
        {
            _lefts[0] = Sort(range, split);
        }
        else
        {
            EventBlocks.ForEachIndex(parts, part =>
            {
                (int from, int to) = range.Part(part, parts);
                _lefts[part] = Sort(new RowRange(range.Buffer, range.Start + from, to - from), split);
            });
        }

        int lefts = TensorPrimitives.Sum<int>(_lefts.AsSpan(0, parts));
        Gather(range, parts, lefts);
        int other = 1 - range.Buffer;
        return (new RowRange(other, range.Start, lefts), new RowRange(other, range.Start + lefts, range.Count - lefts));
    }

    /// <summary>
    /// Sorts a range into the same range of the other buffer: events that go left from its front on, the others from its end
    /// back; returns how many go left.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Sort(RowRange range, Split split)
    {
        // One comparison for both kinds of codes: where missing values go left, adding 1 makes theirs the lowest of all.
        int shift = split.MissingLeft ? 1 : 0;
        int highest = split.Code + shift;
        nint lefts = 0;
        nint last = range.Count - 1;
        fixed (byte* codes = data.Columns[split.Feature])
        fixed (int* from = &_buffers[range.Buffer][range.Start])
        fixed (int* to = &_buffers[1 - range.Buffer][range.Start])
        {
            for (nint i = 0; i <= last; i++)
            {
                int row = from[i];
                bool goesLeft = (byte)(codes[row] + shift) <= highest;

                // Written to both ends of what is still free, kept at one: no branch depends on the event.
                to[lefts] = row;
                to[last - (i - lefts)] = row;
                lefts += goesLeft ? 1 : 0;
            }
        }

        return (int)lefts;
    }

    /// <summary>Swaps events that go right out of the front of a sorted range for those that go left out of the rest.</summary>
    private void Gather(RowRange range, int parts, int lefts)
    {
        Span<int> rows = _buffers[1 - range.Buffer].AsSpan(range.Start, range.Count);
        int last = parts - 1;
        int left = _lefts[last];
        for (int part = 0; part < parts; part++)
        {
            (int from, int to) = range.Part(part, parts);
            for (int at = from + _lefts[part]; at < Math.Min(to, lefts);)
            {
                // The lefts that lie furthest back: those of the last part that has some, from their end.
                int count = Math.Min(left, Math.Min(to, lefts) - at);
                left -= count;
                Span<int> found = rows.Slice(range.Part(last, parts).From + left, count);
                Span<int> wrong = rows.Slice(at, count);
                for (int i = 0; i < count; i++)
                {
                    (wrong[i], found[i]) = (found[i], wrong[i]);
                }

                at += count;
                if (left == 0 && last > 0)
                {
                    left = _lefts[--last];
                }
            }
        }
    }
}

/// <summary>A range of one of two buffers.</summary>
internal readonly record struct RowRange(int Buffer, int Start, int Count)
{
    /// <summary>Where one of so many parts of about equal length begins and ends, counted from the start of the range.</summary>
    public (int From, int To) Part(int part, int parts) =>
        ((int)((long)Count * part / parts), (int)((long)Count * (part + 1) / parts));
}
