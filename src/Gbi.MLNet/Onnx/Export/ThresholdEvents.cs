using Gbi.Events;
using Gbi.Ratios;

namespace Gbi.Onnx.Export;

/// <summary>
/// Events made to distinguish two implementations of the same trees: each value is a threshold of a node, the next number above one, or
/// missing, and every feature goes through its values independently of the others, so that leaves are met that no data reach.
/// </summary>
internal static class ThresholdEvents
{
    // One value of a feature in so many is missing.
    private const int MissingShare = 16;

    /// <summary>Makes events for a ratio; the same ones at every call.</summary>
    /// <param name="ratio">The ratio; its features become the columns.</param>
    /// <param name="count">Number of events. Range: 0 or more.</param>
    /// <remarks>
    /// Value number ⌊n · frac(i √pⱼ)⌋ of n for event i and feature j with the j-th prime pⱼ: a sequence of Kronecker, whose points
    /// fill the space of all features evenly (Niederreiter, Random Number Generation and Quasi-Monte Carlo Methods, 1992).
    /// </remarks>
    public static EventTable Of(RatioModel ratio, int count)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var columns = new List<KeyValuePair<string, ReadOnlyMemory<float>>>();
        foreach ((string feature, int prime) in ratio.Features.Zip(Primes()))
        {
            float[] values = Values(ratio, columns.Count);
            float[] column = new float[count];
            for (int row = 0; row < count; row++)
            {
                double position = (row + 1) * Math.Sqrt(prime);
                column[row] = values[(int)(values.Length * (position - Math.Floor(position)))];
            }

            columns.Add(new(feature, column));
        }

        return new EventTable(columns, count);
    }

    private static float[] Values(RatioModel ratio, int feature)
    {
        float[] thresholds = [.. ratio.Folds
            .SelectMany(members => members)
            .SelectMany(member => member.Trees)
            .SelectMany(tree => tree.Nodes)
            .Where(node => node.Feature == feature)
            .Select(node => node.Threshold)
            .Append(0)
            .Distinct()
            .Order()];
        bool isNeverMissing = ratio.SometimesMissing?.Contains(ratio.Features[feature]) == false;
        int missing = isNeverMissing ? 0 : 1 + (2 * thresholds.Length / MissingShare);
        return [.. thresholds, .. thresholds.Select(float.BitIncrement), .. Enumerable.Repeat(float.NaN, missing)];
    }

    private static IEnumerable<int> Primes()
    {
        var found = new List<int>();
        for (int candidate = 2; ; candidate++)
        {
            if (found.TrueForAll(prime => candidate % prime != 0))
            {
                found.Add(candidate);
                yield return candidate;
            }
        }
    }
}
