using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gbi.Trees.Binning;

namespace Gbi.Trees.Objectives;

/// <summary>
/// First and second derivative of each event's loss, 16 bits each in four bytes. A bin adds both in one 64-bit addition: the first
/// derivative in the upper half, the second in the lower one.
/// </summary>
internal sealed unsafe class GradientPairs(BinnedEvents data) : IEventSums
{
    /// <summary>Largest number that a derivative may be scaled to.</summary>
    public const int Limit = short.MaxValue;

    // As many numbers of 15 bits as cannot overflow half a cell.
    private const int RowsOfAChunk = 1 << 15;

    private readonly int[] _packed = GC.AllocateUninitializedArray<int>(data.Count);

    /// <inheritdoc/>
    public int Count => 2;

    /// <summary>The derivatives of the events from a number on, each made by <see cref="Pack"/>.</summary>
    public Span<int> Packed(int start, int length) => _packed.AsSpan(start, length);

    /// <summary>Two derivatives in one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Pack(int gradient, int hessian) => (gradient << 16) | (ushort)hessian;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<int> rows, Span<long> histogram)
    {
        int size = data.Width * FeatureBins.CodeCount;
        long[] cells = ArrayPool<long>.Shared.Rent(size);
        for (int start = 0; start < rows.Length; start += RowsOfAChunk)
        {
            Array.Clear(cells, 0, size);
            AddChunk(rows.Slice(start, Math.Min(RowsOfAChunk, rows.Length - start)), cells);
            Unpack(cells.AsSpan(0, size), histogram);
        }

        ArrayPool<long>.Shared.Return(cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddChunk(ReadOnlySpan<int> rows, long[] cells)
    {
        nint width = data.Width;
        nint last = rows.Length - 1;
        fixed (byte* codes = data.Rows)
        fixed (int* packed = _packed)
        fixed (long* first = cells)
        fixed (int* numbers = rows)
        {
            for (nint i = 0; i <= last; i++)
            {
                nint ahead = numbers[Math.Min(i + Prefetch.Distance, last)];
                Prefetch.Read(codes + (ahead * width));
                Prefetch.Read(packed + ahead);
                nint row = numbers[i];
                int pair = packed[row];
                long both = ((long)(pair >> 16) << 32) + (short)pair;
                byte* code = codes + (row * width);
                byte* end = code + width;
                long* cell = first;
                for (; code + 4 <= end; code += 4, cell += 4 * FeatureBins.CodeCount)
                {
                    cell[code[0]] += both;
                    (cell + FeatureBins.CodeCount)[code[1]] += both;
                    (cell + (2 * FeatureBins.CodeCount))[code[2]] += both;
                    (cell + (3 * FeatureBins.CodeCount))[code[3]] += both;
                }

                if (code + 2 <= end)
                {
                    cell[code[0]] += both;
                    (cell + FeatureBins.CodeCount)[code[1]] += both;
                    code += 2;
                    cell += 2 * FeatureBins.CodeCount;
                }

                if (code < end)
                {
                    cell[*code] += both;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unpack(ReadOnlySpan<long> cells, Span<long> histogram)
    {
        Span<(long Gradient, long Hessian)> sums = MemoryMarshal.Cast<long, (long, long)>(histogram);
        for (int i = 0; i < cells.Length; i++)
        {
            // The lower half is signed: where it is negative it has borrowed one from the upper half.
            int hessian = (int)cells[i];
            sums[i].Gradient += (cells[i] - hessian) >> 32;
            sums[i].Hessian += hessian;
        }
    }
}
