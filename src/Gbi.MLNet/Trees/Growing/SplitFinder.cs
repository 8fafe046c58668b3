using System.Buffers;
using Gbi.Numerics;
using Gbi.Trees.Binning;
using Gbi.Trees.Objectives;

namespace Gbi.Trees.Growing;

/// <summary>The best way found to cut a leaf in two; a gain of 0 says that there is none.</summary>
internal readonly record struct Split(double Gain, int Feature, byte Code, bool MissingLeft)
{
    /// <summary>True where an event with this code of <see cref="Feature"/> goes left.</summary>
    public bool TakesLeft(int code) => code == FeatureBins.MissingCode ? MissingLeft : code <= Code;
}

/// <summary>Finds the best split of a leaf from its histogram.</summary>
internal sealed class SplitFinder(BinnedEvents data, ITreeObjective objective, MonotoneBounds? bounds, RandomCuts? randomCuts)
{
    private readonly int _sums = objective.Sums.Count;

    /// <summary>The split of largest gain; among equal ones that of the first feature and the lowest code.</summary>
    /// <param name="histogram">Shape [features × codes × sums].</param>
    /// <param name="total">Sums of the leaf.</param>
    /// <param name="range">What the leaf's value must stay in, where features are constrained.</param>
    /// <param name="draws">The leaf's random numbers, where cuts are drawn.</param>
    public Split Find(long[] histogram, ReadOnlySpan<long> total, ValueRange range, Seed draws)
    {
        double parent = 0;
        objective.Reductions(total, new Span<double>(ref parent));
        Split best = default;
        if (double.IsNegativeInfinity(parent))
        {
            return best;
        }

        // Numbers of cuts: each border with missing values on either side, and values against missing values.
        int most = 2 * FeatureBins.CodeCount;
        long[] sums = ArrayPool<long>.Shared.Rent(2 * most * _sums);
        double[] reductions = ArrayPool<double>.Shared.Rent(2 * most);
        for (int feature = 0; feature < data.Width; feature++)
        {
            ReadOnlySpan<long> ofFeature = histogram.AsSpan(feature * FeatureBins.CodeCount * _sums, FeatureBins.CodeCount * _sums);
            Split split = FindInFeature(feature, ofFeature, total, sums, reductions, range, draws);
            best = split.Gain - parent > best.Gain ? split with { Gain = split.Gain - parent } : best;
        }

        ArrayPool<long>.Shared.Return(sums);
        ArrayPool<double>.Shared.Return(reductions);
        return best;
    }

    /// <summary>The best cut of a feature; its gain does not yet have the leaf's own reduction taken off.</summary>
    private Split FindInFeature(
        int feature,
        ReadOnlySpan<long> histogram,
        ReadOnlySpan<long> total,
        long[] sums,
        double[] reductions,
        ValueRange range,
        Seed draws)
    {
        int edges = data.Bins.Edges(feature).Length;
        ReadOnlySpan<long> missing = histogram.Slice(FeatureBins.MissingCode * _sums, _sums);
        bool hasMissing = missing.ContainsAnyExcept(0);
        int cuts = hasMissing ? (2 * edges) + 1 : edges;
        Span<long> left = sums.AsSpan(0, cuts * _sums);
        Span<long> right = sums.AsSpan(cuts * _sums, cuts * _sums);
        SumUp(histogram, edges, missing, hasMissing, left);
        for (int i = 0; i < left.Length; i += _sums)
        {
            for (int k = 0; k < _sums; k++)
            {
                right[i + k] = total[k] - left[i + k];
            }
        }

        Span<double> reduction = reductions.AsSpan(0, cuts);
        Span<double> ofRight = reductions.AsSpan(cuts, cuts);
        objective.Reductions(left, reduction);
        objective.Reductions(right, ofRight);
        bounds?.Exclude(feature, left, right, range, reduction);
        randomCuts?.Exclude(draws, feature, histogram, _sums, edges, reduction);
        var best = new Split(double.NegativeInfinity, feature, 0, false);
        for (int cut = 0; cut < cuts; cut++)
        {
            double gain = reduction[cut] + ofRight[cut];
            if (gain > best.Gain)
            {
                // Cuts without missing values on the left come first, then those with them, then values against missing values.
                bool againstMissing = cut == 2 * edges;
                best = new Split(gain, feature, (byte)(againstMissing ? edges : cut % edges), cut >= edges && !againstMissing);
            }
        }

        return best;
    }

    private void SumUp(ReadOnlySpan<long> histogram, int edges, ReadOnlySpan<long> missing, bool hasMissing, Span<long> left)
    {
        Span<long> running = stackalloc long[_sums];
        running.Clear();
        for (int i = 0; i < edges * _sums; i += _sums)
        {
            for (int k = 0; k < _sums; k++)
            {
                running[k] += histogram[i + k];
                left[i + k] = running[k];
            }
        }

        if (!hasMissing)
        {
            return;
        }

        // The code behind the last border holds all greater values.
        Span<long> withMissing = left[(edges * _sums)..];
        for (int i = 0; i < edges * _sums; i += _sums)
        {
            for (int k = 0; k < _sums; k++)
            {
                withMissing[i + k] = left[i + k] + missing[k];
            }
        }

        for (int k = 0; k < _sums; k++)
        {
            withMissing[(edges * _sums) + k] = running[k] + histogram[(edges * _sums) + k];
        }
    }
}
