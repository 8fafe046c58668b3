using System.Numerics;
using System.Numerics.Tensors;
using Gbi.Numerics;
using Gbi.Trees.Binning;
using Gbi.Trees.Objectives;

namespace Gbi.Ratios.Parametric;

/// <summary>
/// One weight for each event, added to the sum of its base point. A 64-bit sum holds the number of events in its lower bits and
/// their weight, in fixed point, in the upper ones, so that an event and feature cost one addition.
/// </summary>
/// <remarks>
/// The fewer bits a weight has left, the more events there are: 26 at a quarter of a million, 14 at ten million. Weights are rounded up
/// or down by Weyl sequences, which keeps the mean, so that the error of a sum of n stays below √n units of the last bit.
/// </remarks>
internal sealed unsafe class BasePointWeights : IEventSums
{
    private readonly BinnedEvents _data;
    private readonly Entry[] _entries;
    private readonly int _countBits;
    private double _unit;

    /// <summary>Weights of events that each belong to one of <paramref name="count"/> base points.</summary>
    /// <param name="data">The events.</param>
    /// <param name="basePoints">Number of the base point of each event.</param>
    /// <param name="count">Number of base points.</param>
    public BasePointWeights(BinnedEvents data, int[] basePoints, int count)
    {
        _data = data;
        _entries = Array.ConvertAll(basePoints, point => new Entry { BasePoint = point });
        _countBits = BitOperations.Log2((uint)Math.Max(data.Count, 1)) + 1;
        Count = count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>The bits of a sum that hold the number of events.</summary>
    public long CountMask => (1L << _countBits) - 1;

    /// <summary>What the other bits of a sum, as a number, must be multiplied with to give the weight.</summary>
    public double Unit => _unit;

    /// <summary>Sets the weights of all events.</summary>
    /// <param name="tree">Number of the tree; another rounding for each.</param>
    /// <param name="weights">One per event.</param>
    public void Set(int tree, float[] weights)
    {
        double[] largest = new double[EventBlocks.CountOf(weights.Length)];
        double total = EventBlocks.Sum(weights.Length, (start, length) =>
        {
            ReadOnlySpan<float> block = weights.AsSpan(start, length);
            largest[start / EventBlocks.DefaultSize] = Math.Abs(TensorPrimitives.MaxMagnitude(block));
            return TensorPrimitives.SumOfMagnitudes(block);
        });

        // A weight stays below 2³⁰ and the sum of all below 2⁶¹; a power of two leaves weights that are binary fractions as they are.
        double scale = Math.Min(Math.ScaleB(1, 30) / largest.DefaultIfEmpty().Max(), Math.ScaleB(1, 61 - _countBits) / total);
        scale = double.IsFinite(scale) ? Math.ScaleB(1, Math.ILogB(scale)) : 1;
        _unit = 1 / (scale * (CountMask + 1));
        EventBlocks.ForEach(weights.Length, (start, length) => Round(tree, weights, start, length, scale));
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<int> rows, Span<long> histogram)
    {
        int width = _data.Width;
        int last = rows.Length - 1;
        int stride = Count;
        int countBits = _countBits;
        fixed (byte* codes = _data.Rows)
        fixed (Entry* entries = _entries)
        fixed (long* first = histogram)
        fixed (int* numbers = rows)
        {
            for (int i = 0; i <= last; i++)
            {
                int ahead = numbers[Math.Min(i + Prefetch.Distance, last)];
                Prefetch.Read(codes + ((nint)ahead * width));
                Prefetch.Read(entries + ahead);
                int row = numbers[i];
                long one = ((long)entries[row].Weight << countBits) + 1;
                long* cell = first + entries[row].BasePoint;
                byte* code = codes + ((nint)row * width);
                for (byte* end = code + width; code < end; code++, cell += stride * FeatureBins.CodeCount)
                {
                    cell[*code * stride] += one;
                }
            }
        }
    }

    private void Round(int tree, float[] weights, int start, int length, double scale)
    {
        uint shift = unchecked((uint)tree * 0x85EBCA6B);
        for (int row = start; row < start + length; row++)
        {
            double uniform = unchecked((((uint)row + shift) * 0x9E3779B1) >> 8) * (1.0 / (1 << 24));
            _entries[row].Weight = (int)Math.Floor((weights[row] * scale) + uniform);
        }
    }

    private struct Entry
    {
        public int Weight;
        public int BasePoint;
    }
}
