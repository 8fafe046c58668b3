using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>Fills histograms [features × codes] of statistics over the events of a leaf.</summary>
internal sealed class HistogramBuilder<TSum, TEvent>(BinnedEvents data)
    where TSum : unmanaged, IStatisticsSum<TSum, TEvent>
    where TEvent : unmanaged
{
    // Parts are cut by the number of events alone, so that sums are rounded alike for every number of threads.
    private const int EventsPerPart = 32_768;
    private const int MaxParts = 16;

    private readonly TSum[]?[] _parts = new TSum[MaxParts][];

    /// <summary>Entries of one histogram.</summary>
    public int Size { get; } = data.Width * FeatureBins.CodeCount;

    /// <summary>Sums the statistics of the given events into <paramref name="target"/>.</summary>
    public void Build(int[] rows, int start, int count, TEvent[] statistics, TSum[] target)
    {
        int parts = Math.Clamp(count / EventsPerPart, 1, MaxParts);
        if (parts == 1)
        {
            Accumulate(rows.AsSpan(start, count), statistics, target);
            return;
        }

        EventBlocks.ForEachIndex(parts, part =>
        {
            int from = (int)((long)count * part / parts);
            int to = (int)((long)count * (part + 1) / parts);
            TSum[] sums = part == 0 ? target : _parts[part] ??= new TSum[Size];
            Accumulate(rows.AsSpan(start + from, to - from), statistics, sums);
        });
        for (int part = 1; part < parts; part++)
        {
            TSum[] sums = _parts[part]!;
            for (int i = 0; i < sums.Length; i++)
            {
                target[i] += sums[i];
            }
        }
    }

    private void Accumulate(ReadOnlySpan<int> rows, TEvent[] statistics, TSum[] sums)
    {
        Array.Clear(sums);
        int width = data.Width;
        ref byte firstCode = ref MemoryMarshal.GetArrayDataReference(data.Codes);
        ref TSum firstSum = ref MemoryMarshal.GetArrayDataReference(sums);
        ref TEvent firstEvent = ref MemoryMarshal.GetArrayDataReference(statistics);
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            int ahead = rows[Math.Min(i + Prefetch.Distance, rows.Length - 1)];
            Prefetch.Read(ref Unsafe.Add(ref firstCode, (nint)ahead * width));
            Prefetch.Read(ref Unsafe.Add(ref firstEvent, ahead));
            TEvent values = Unsafe.Add(ref firstEvent, row);
            ref byte codes = ref Unsafe.Add(ref firstCode, (nint)row * width);
            ref TSum feature = ref firstSum;
            for (int f = 0; f < width; f++)
            {
                // In bounds: a code is one byte, and every feature has 256 entries.
                TSum.Add(ref Unsafe.Add(ref feature, (nint)Unsafe.Add(ref codes, f)), values);
                feature = ref Unsafe.Add(ref feature, FeatureBins.CodeCount);
            }
        }
    }
}
