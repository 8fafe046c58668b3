namespace Gbi.Trees;

/// <summary>The best way found to cut a leaf in two; a gain of 0 says that there is none.</summary>
internal readonly record struct Split<TSum>(double Gain, int Feature, byte Code, bool MissingLeft, TSum Left, TSum Right);

/// <summary>Finds the best split of a leaf from its histograms.</summary>
internal sealed class SplitFinder<TSum, TEvent, TObjective>(BinnedEvents data, TObjective objective)
    where TSum : unmanaged, IStatisticsSum<TSum, TEvent>
    where TEvent : unmanaged
    where TObjective : ITreeObjective<TSum, TEvent>
{
    /// <summary>The split of largest gain; among equal ones that of the first feature and the lowest code.</summary>
    public Split<TSum> Find(TSum[] histogram, TSum total)
    {
        if (!objective.TryReduction(total, out double parent))
        {
            return default;
        }

        Split<TSum> best = default;
        for (int feature = 0; feature < data.Width; feature++)
        {
            // A few microseconds a feature: less than it takes to wake another thread.
            ReadOnlySpan<TSum> sums = histogram.AsSpan(feature * FeatureBins.CodeCount, FeatureBins.CodeCount);
            Split<TSum> split = FindInFeature(sums, total, parent, feature);
            best = split.Gain > best.Gain ? split : best;
        }

        return best;
    }

    private Split<TSum> FindInFeature(ReadOnlySpan<TSum> sums, TSum total, double parent, int feature)
    {
        Split<TSum> best = default;
        TSum missing = sums[FeatureBins.MissingCode];
        bool hasMissing = !missing.Equals(default(TSum));
        TSum left = default;
        int edges = data.Bins.Edges(feature).Length;
        for (int code = 0; code < edges; code++)
        {
            left += sums[code];
            Consider(left, code, missingLeft: false);
            if (hasMissing)
            {
                Consider(left + missing, code, missingLeft: true);
            }
        }

        if (hasMissing)
        {
            // All values to the left, the missing ones to the right: that a value is missing may tell more than the value.
            Consider(total - missing, edges, missingLeft: false);
        }

        return best;

        void Consider(TSum candidate, int code, bool missingLeft)
        {
            TSum right = total - candidate;
            if (objective.TryReduction(candidate, out double gainLeft) && objective.TryReduction(right, out double gainRight)
                && gainLeft + gainRight - parent > best.Gain)
            {
                best = new Split<TSum>(gainLeft + gainRight - parent, feature, (byte)code, missingLeft, candidate, right);
            }
        }
    }
}
