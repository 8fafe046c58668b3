using Gbi.Trees.Binning;

namespace Gbi.Ratios;

/// <summary>Which features are missing in the events of a training.</summary>
/// <param name="Features">Features that are missing in some event.</param>
/// <param name="NumeratorAlone">
/// Share of the numerator's weight in events that miss features which no event of the denominator misses together. There is no ratio for
/// them, and the mean of r over the denominator is 1 less this share: it is where the denominator is that r integrates to.
/// </param>
/// <param name="RowsAlone">These events.</param>
internal sealed record MissingFeatures(IReadOnlyList<string> Features, double NumeratorAlone, IReadOnlyList<int> RowsAlone)
{
    public static MissingFeatures Of(FoldedSample sample)
    {
        (BinnedEvents data, bool[] isNumerator, double[] weights, _) = sample;
        var inDenominator = new HashSet<string>();
        var inNumerator = new List<(string Pattern, int Row)>();
        bool[] isMissing = new bool[data.Width];
        for (int row = 0; row < data.Count; row++)
        {
            ReadOnlySpan<byte> codes = data.Rows.AsSpan(row * data.Width, data.Width);
            if (!codes.Contains(FeatureBins.MissingCode))
            {
                continue;
            }

            string pattern = string.Concat(codes.ToArray().Select(code => code == FeatureBins.MissingCode ? '1' : '0'));
            for (int feature = 0; feature < isMissing.Length; feature++)
            {
                isMissing[feature] |= pattern[feature] == '1';
            }

            if (isNumerator[row])
            {
                inNumerator.Add((pattern, row));
            }
            else
            {
                inDenominator.Add(pattern);
            }
        }

        int[] alone = [.. inNumerator.Where(one => !inDenominator.Contains(one.Pattern)).Select(one => one.Row)];
        return new MissingFeatures(
            [.. data.Bins.Features.Where((_, feature) => isMissing[feature])], Math.Clamp(alone.Sum(row => weights[row]), 0, 1), alone);
    }

    /// <summary>
    /// The weights without those events: a calibration would share them out over events that both samples have.
    /// </summary>
    public double[] Comparable(double[] weights)
    {
        if (RowsAlone.Count == 0)
        {
            return weights;
        }

        double[] comparable = [.. weights];
        foreach (int row in RowsAlone)
        {
            comparable[row] = 0;
        }

        return comparable;
    }
}
