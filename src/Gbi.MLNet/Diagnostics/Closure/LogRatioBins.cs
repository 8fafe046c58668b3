using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Diagnostics.Closure;

/// <summary>Two samples in bins of their log ratio.</summary>
internal static class LogRatioBins
{
    private const double FewestEffectiveEvents = 50;

    /// <summary>Bins of about equal content with enough events of both samples, as points of a calibration curve.</summary>
    public static IReadOnlyList<CalibrationPoint> Points(WeightedScores numerator, WeightedScores denominator, int binCount)
    {
        float[] edges = Edges(Sorted(numerator.Scores), Sorted(denominator.Scores), binCount);
        Bin[] first = Fill(numerator, edges);
        Bin[] second = Fill(denominator, edges);
        double firstSum = first.Sum(bin => bin.Weights.Sum);
        double secondSum = second.Sum(bin => bin.Weights.Sum);
        return [.. Joined(first, second).Select(pair => Point(pair.First, firstSum, pair.Second, secondSum))];
    }

    private static float[] Sorted(ReadOnlySpan<float> values)
    {
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>
    /// Inner edges, lower ends of the bins above them, at equal steps of the content, the mean of the two samples' shares. Equal log ratios
    /// stay in one bin, so that a calibration that is flat in parts makes fewer bins.
    /// </summary>
    private static float[] Edges(float[] first, float[] second, int binCount)
    {
        var edges = new List<float>();
        int i = 0;
        int j = 0;
        for (int bin = 1; bin < binCount; bin++)
        {
            double wanted = 2.0 * bin / binCount;
            while ((i < first.Length || j < second.Length) && ((double)i / first.Length) + ((double)j / second.Length) < wanted)
            {
                _ = j >= second.Length || (i < first.Length && first[i] <= second[j]) ? i++ : j++;
            }

            float edge = Math.Min(i < first.Length ? first[i] : float.MaxValue, j < second.Length ? second[j] : float.MaxValue);
            if (edges.Count == 0 || edge > edges[^1])
            {
                edges.Add(edge);
            }
        }

        return [.. edges];
    }

    private static Bin[] Fill(WeightedScores sample, float[] edges)
    {
        int count = sample.Count;
        var blocks = new Bin[EventBlocks.CountOf(count)][];
        EventBlocks.ForEach(count, (start, length) =>
        {
            var bins = new Bin[edges.Length + 1];
            for (int row = start; row < start + length; row++)
            {
                float logRatio = sample.Scores[row];
                int found = Array.BinarySearch(edges, logRatio);

                // On an edge: the bin above it. Between edges the complement is the number of edges below.
                int bin = found >= 0 ? found + 1 : ~found;
                bins[bin] += Bin.Of(sample.Weight(row), logRatio);
            }

            blocks[start / EventBlocks.DefaultSize] = bins;
        });
        var total = new Bin[edges.Length + 1];
        foreach (Bin[] block in blocks)
        {
            for (int bin = 0; bin < total.Length; bin++)
            {
                total[bin] += block[bin];
            }
        }

        return total;
    }

    /// <summary>Neighbours joined until each has enough events of both samples; what is left at the end joins the last.</summary>
    private static List<(Bin First, Bin Second)> Joined(Bin[] first, Bin[] second)
    {
        var joined = new List<(Bin First, Bin Second)>();
        (Bin First, Bin Second) open = default;
        for (int bin = 0; bin < first.Length; bin++)
        {
            open = (open.First + first[bin], open.Second + second[bin]);
            if (Math.Min(open.First.Weights.EffectiveCount, open.Second.Weights.EffectiveCount) >= FewestEffectiveEvents)
            {
                joined.Add(open);
                open = default;
            }
        }

        if (joined.Count > 0)
        {
            joined[^1] = (joined[^1].First + open.First, joined[^1].Second + open.Second);
        }

        // Negative weights in what was joined last may have left too little.
        joined.RemoveAll(pair => !(pair.First.Weights.Sum > 0 && pair.Second.Weights.Sum > 0));
        return joined;
    }

    private static CalibrationPoint Point(Bin first, double firstSum, Bin second, double secondSum) => new(
        (first.MeanLogRatio + second.MeanLogRatio) / 2,
        Math.Log(first.Weights.Sum / firstSum) - Math.Log(second.Weights.Sum / secondSum),
        Math.Sqrt((1 / first.Weights.EffectiveCount) + (1 / second.Weights.EffectiveCount)),
        first.Weights.EffectiveCount,
        second.Weights.EffectiveCount);

    /// <summary>What one sample has in one bin.</summary>
    private readonly record struct Bin(WeightSums Weights, double WeightedLogRatio)
    {
        public double MeanLogRatio => WeightedLogRatio / Weights.Sum;

        public static Bin Of(double weight, double logRatio) => new(default(WeightSums).With(weight), weight * logRatio);

        public static Bin operator +(Bin left, Bin right) => new(
            left.Weights + right.Weights, left.WeightedLogRatio + right.WeightedLogRatio);
    }
}
