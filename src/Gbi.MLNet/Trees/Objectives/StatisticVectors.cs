using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gbi.Numerics;
using Gbi.Trees.Binning;

namespace Gbi.Trees.Objectives;

/// <summary>
/// Several numbers for each event, summed with the width of a vector register. They are written in single precision and then
/// rounded to 31 bits of the largest of their kind.
/// </summary>
internal sealed unsafe class StatisticVectors : IEventSums
{
    private const int Lanes = 4;

    private readonly BinnedEvents _data;
    private readonly int _kinds;
    private readonly int[] _values;
    private readonly double[] _units;

    /// <summary>Numbers of so many kinds for each event of the data.</summary>
    public StatisticVectors(BinnedEvents data, int kinds)
    {
        _data = data;
        _kinds = kinds;
        Count = (kinds + Lanes - 1) / Lanes * Lanes;
        _values = new int[checked(data.Count * Count)];
        _units = new double[kinds];
    }

    /// <summary>Numbers of an event, filled up to whole registers.</summary>
    public int Count { get; }

    /// <summary>What a sum of each kind must be multiplied with.</summary>
    public ReadOnlySpan<double> Units => _units;

    /// <summary>The numbers of some events, to be written before <see cref="Round"/>; shape [events × <see cref="Count"/>].</summary>
    public Span<float> Values(int start, int length) =>
        MemoryMarshal.Cast<int, float>(_values.AsSpan(start * Count, length * Count));

    /// <summary>Turns what was written into fixed point.</summary>
    public void Round()
    {
        float[] largest = Largest();
        Span<float> scales = stackalloc float[Count];
        for (int kind = 0; kind < _kinds; kind++)
        {
            double scale = largest[kind] > 0 ? Math.ScaleB(1, 30 - Math.ILogB(largest[kind])) / 2 : 1;
            scales[kind] = (float)scale;
            _units[kind] = 1 / scale;
        }

        float[] factors = scales.ToArray();
        EventBlocks.ForEach(_data.Count, (start, length) =>
        {
            Span<int> block = _values.AsSpan(start * Count, length * Count);
            for (int i = 0; i < block.Length; i += Lanes)
            {
                Vector128<float> values = Vector128.Create<int>(block.Slice(i, Lanes))
                    .AsSingle() * Vector128.Create<float>(factors.AsSpan(i % Count, Lanes));
                Vector128.ConvertToInt32(Vector128.Round(values)).CopyTo(block[i..]);
            }
        });
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<int> rows, Span<long> histogram)
    {
        int width = _data.Width;
        int last = rows.Length - 1;
        fixed (byte* codes = _data.Rows)
        fixed (int* values = _values)
        fixed (long* first = histogram)
        {
            for (int i = 0; i <= last; i++)
            {
                int ahead = rows[Math.Min(i + Prefetch.Distance, last)];
                Prefetch.Read(codes + ((nint)ahead * width));
                Prefetch.Read(values + ((nint)ahead * Count));
                byte* code = codes + ((nint)rows[i] * width);
                int* statistics = values + ((nint)rows[i] * Count);
                if (Count == 2 * Lanes)
                {
                    AddPair(Vector256.Load(statistics), code, width, first);
                }
                else
                {
                    AddMany(statistics, code, width, first);
                }
            }
        }
    }

    private static void AddPair(Vector256<int> statistics, byte* code, int width, long* cell)
    {
        Vector256<long> lower = Vector256.WidenLower(statistics);
        Vector256<long> upper = Vector256.WidenUpper(statistics);
        for (int feature = 0; feature < width; feature++, cell += 2 * Lanes * FeatureBins.CodeCount)
        {
            long* sum = cell + (2 * Lanes * code[feature]);
            (Vector256.Load(sum) + lower).Store(sum);
            (Vector256.Load(sum + Lanes) + upper).Store(sum + Lanes);
        }
    }

    private void AddMany(int* statistics, byte* code, int width, long* cell)
    {
        for (int lane = 0; lane < Count; lane += Lanes)
        {
            Vector256<long> wide = Vector256.WidenLower(Vector128.Load(statistics + lane).ToVector256Unsafe());
            for (int feature = 0; feature < width; feature++)
            {
                long* sum = cell + (((feature * FeatureBins.CodeCount) + code[feature]) * Count) + lane;
                (Vector256.Load(sum) + wide).Store(sum);
            }
        }
    }

    /// <summary>The largest magnitude of each kind.</summary>
    private float[] Largest()
    {
        float[][] ofBlocks = new float[EventBlocks.CountOf(_data.Count)][];
        EventBlocks.ForEach(_data.Count, (start, length) =>
        {
            float[] largest = new float[Count];
            ReadOnlySpan<float> values = Values(start, length);
            for (int i = 0; i < values.Length; i += Count)
            {
                TensorPrimitives.MaxMagnitude(largest, values.Slice(i, Count), largest);
            }

            ofBlocks[start / EventBlocks.DefaultSize] = largest;
        });
        float[] all = new float[Count];
        foreach (float[] largest in ofBlocks)
        {
            TensorPrimitives.MaxMagnitude(all, largest, all);
        }

        TensorPrimitives.Abs<float>(all, all);
        return all;
    }
}
