using System.Buffers;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Trees.Binning;

/// <summary>
/// Borders that turn each feature into at most 255 bins, one byte a value. Bins hold about equal weight, and less in the tails, where the
/// ratio varies most and events are few. Bin b of a feature holds the values in (edge[b−1], edge[b]]; a missing value (NaN) has its own
/// code.
/// </summary>
public sealed class FeatureBins
{
    /// <summary>The code of a missing value.</summary>
    public const byte MissingCode = 255;

    /// <summary>Bins in a histogram of one feature: 255 of values, 1 of missing values.</summary>
    public const int CodeCount = 256;

    // A quantile of n events is off by √(¼/n) of the weight at most: 0.14 %, a third of a bin.
    private const int MaxSampled = 1 << 17;

    // Codes of a block stay in the first cache while they are turned from columns to rows.
    private const int RowsOfABlock = 2048;

    private readonly float[][] _edges;

    private FeatureBins(IReadOnlyList<string> features, float[][] edges)
    {
        Features = features;
        _edges = edges;
    }

    /// <summary>Names of the features, in order.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Inner borders of a feature, ascending; one fewer than its bins.</summary>
    public ReadOnlySpan<float> Edges(int feature) => _edges[feature];

    /// <summary>Learns borders at the quantiles of |weight|.</summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public static FeatureBins Learn(EventTable events, IReadOnlyList<string> features, int maxBins = MissingCode)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(features);
        ReadOnlyMemory<float>[] columns = [.. features.Select(events.Memory)];
        int[] sample = SampledRows(events.Count);
        float[][] edges = new float[features.Count][];
        EventBlocks.ForEachIndex(features.Count, feature => edges[feature] = LearnEdges(columns[feature].Span, events, sample, maxBins));
        return new FeatureBins([.. features], edges);
    }

    /// <summary>Codes of all events.</summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public BinnedEvents Apply(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        ReadOnlyMemory<float>[] columns = [.. Features.Select(events.Memory)];
        int width = Features.Count;
        byte[] rows = GC.AllocateUninitializedArray<byte>(checked(events.Count * width));
        byte[][] codes = BinnedEvents.NewColumns(width, events.Count);
        BinSearch[] searches = [.. _edges.Select(edges => new BinSearch(edges))];
        EventBlocks.ForEach(events.Count, (start, length) =>
        {
            for (int feature = 0; feature < width; feature++)
            {
                Span<byte> ofFeature = codes[feature].AsSpan(start, length);
                searches[feature].Find(columns[feature].Span.Slice(start, length), ofFeature);
                int at = (start * width) + feature;
                foreach (byte code in ofFeature)
                {
                    rows[at] = code;
                    at += width;
                }
            }
        }, RowsOfABlock);
        return new BinnedEvents(this, rows, codes, events.Count);
    }

    /// <summary>These features and then those of other bins.</summary>
    internal FeatureBins Join(FeatureBins other) => new([.. Features, .. other.Features], [.. _edges, .. other._edges]);

    /// <summary>One random row out of each of equally long parts, so that no period in the file can mislead.</summary>
    private static int[] SampledRows(int count)
    {
        int size = Math.Min(count, MaxSampled);
        int[] rows = new int[size];
        var seed = new Seed(0).Child("quantiles");
        for (int i = 0; i < size; i++)
        {
            rows[i] = size == count ? i : (int)((i + seed.Uniform(i)) * count / size);
        }

        return rows;
    }

    private static float[] LearnEdges(ReadOnlySpan<float> column, EventTable events, int[] sample, int maxBins)
    {
        float[] values = ArrayPool<float>.Shared.Rent(sample.Length);
        double[] weights = ArrayPool<double>.Shared.Rent(sample.Length);
        int count = 0;
        double total = 0;
        foreach (int row in sample)
        {
            double weight = Math.Abs(events.Weight(row));
            if (!float.IsNaN(column[row]) && weight > 0)
            {
                values[count] = column[row];
                weights[count++] = weight;
                total += weight;
            }
        }

        Array.Sort(values, weights, 0, count);
        float[] edges = PlaceEdges(values.AsSpan(0, count), weights, total, maxBins);
        ArrayPool<float>.Shared.Return(values);
        ArrayPool<double>.Shared.Return(weights);
        return edges;
    }

    private static float[] PlaceEdges(ReadOnlySpan<float> sorted, double[] weights, double total, int maxBins)
    {
        bool everyValue = CountDistinct(sorted) <= maxBins;
        var edges = new List<float>(maxBins);
        double below = 0;
        double start = 0;
        for (int i = 0; i + 1 < sorted.Length && edges.Count < maxBins - 1; i++)
        {
            below += weights[i];
            double position = Scale(Math.Min(below / total, 1));
            bool full = everyValue || position - start >= (1 - start) / (maxBins - edges.Count);
            if (full && sorted[i] < sorted[i + 1])
            {
                edges.Add(Between(sorted[i], sorted[i + 1]));
                start = position;
            }
        }

        return [.. edges];
    }

    /// <summary>
    /// Where a quantile stands on the scale, from 0 to 1, on which bins are equally long: half of it is the quantile, half the arcsine
    /// of its root. Bins in the middle hold a fifth more events than the mean, the outermost ones 25 times fewer.
    /// </summary>
    private static double Scale(double quantile) => (quantile / 2) + (Math.Asin(Math.Sqrt(quantile)) / Math.PI);

    private static int CountDistinct(ReadOnlySpan<float> sorted)
    {
        int distinct = sorted.Length == 0 ? 0 : 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            distinct += sorted[i] > sorted[i - 1] ? 1 : 0;
        }

        return distinct;
    }

    private static float Between(float low, float high)
    {
        float middle = (float)(((double)low + high) / 2);
        return middle < high ? middle : low;
    }
}
