using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gbi.Numerics;

namespace Gbi.Inference.MixtureFraction;

/// <summary>
/// The signal fraction of many events without weights in one pass over all: Newton steps over few events lead so close that the powers of
/// the score, summed over all events there, give the root of their score exactly.
/// </summary>
internal static class SignalFractionSeries
{
    private const int BlockSize = EventBlocks.DefaultSize;
    private const int FewestEvents = 4 * BlockSize;
    private const int MostSteps = 12;
    private const int MostPasses = 3;

    // One vector in so many: the first leads near the root, the second to within three standard errors of all events.
    private const int FirstSparsity = 128;
    private const int SecondSparsity = 8;

    /// <summary>The estimate; null where there are few events, a ratio is out of range, or the sums of powers do not reach the
    /// root.</summary>
    public static SignalFractionEstimate? TryFit(ReadOnlyMemory<float> ratio)
    {
        if (ratio.Length < FewestEvents)
        {
            return null;
        }

        // While the start is looked for on this thread, the others wake up.
        EventBlocks.WakeFor(EventBlocks.CountOf(ratio.Length));
        double fraction = Start(ratio.Span, out int steps);
        for (int pass = 0; pass < MostPasses && double.IsFinite(fraction); pass++)
        {
            ScorePowers sums = AllSums(ratio, fraction);
            if (!(sums.Least >= 0 && sums.Most <= float.MaxValue && sums.Least < sums.Most))
            {
                return null;
            }

            double least = 1 + (fraction * (sums.Least - 1.0));
            double most = 1 + (fraction * (sums.Most - 1.0));
            double largest = Math.Max(Math.Abs((sums.Least - 1.0) / least), Math.Abs((sums.Most - 1.0) / most));
            if (!(least > 0 && most > 0))
            {
                return null;
            }

            bool isRoot = sums.TryRoot(largest, out double shift, out double information);
            fraction += shift;
            if (isRoot)
            {
                return new SignalFractionEstimate(fraction, 1 / Math.Sqrt(information), steps + pass + 1, IsAtBorder: false);
            }
        }

        return null;
    }

    private static double Start(ReadOnlySpan<float> ratio, out int steps)
    {
        double fraction = 0;
        for (steps = 1; steps <= MostSteps; steps++)
        {
            (double score, double information) = Sums(ratio, fraction, FirstSparsity);
            fraction += score / information;
            if (Math.Abs(score) <= Math.Sqrt(information))
            {
                (score, information) = Sums(ratio, fraction, SecondSparsity);
                return fraction + (score / information);
            }
        }

        return double.NaN;
    }

    // A fit or two a second would leave it to the compiler's first, slow version for long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Score, double Information) Sums(ReadOnlySpan<float> ratio, double fraction, int sparsity)
    {
        ReadOnlySpan<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(ratio);
        Vector512<float> mu = Vector512.Create((float)fraction);
        Vector512<float> score = default, information = default;
        for (int i = 0; i < vectors.Length; i += sparsity)
        {
            Vector512<float> excess = vectors[i] - Vector512<float>.One;
            Vector512<float> slope = excess / Vector512.FusedMultiplyAdd(mu, excess, Vector512<float>.One);
            score += slope;
            information = Vector512.FusedMultiplyAdd(slope, slope, information);
        }

        return (Vector512.Sum(score), Vector512.Sum(information));
    }

    private static ScorePowers AllSums(ReadOnlyMemory<float> ratio, double fraction)
    {
        var blocks = new ScorePowers[EventBlocks.CountOf(ratio.Length)];
        EventBlocks.ForEachIndexAgain(blocks.Length, block =>
        {
            ReadOnlySpan<float> events = ratio.Span[(block * BlockSize)..Math.Min(ratio.Length, (block + 1) * BlockSize)];
            int whole = events.Length - (events.Length % Vector512<float>.Count);
            ScorePowers sums = ScorePowers.Of(events[..whole], fraction);
            foreach (float rest in events[whole..])
            {
                sums.Add(rest, fraction);
            }

            blocks[block] = sums;
        });
        var total = new ScorePowers();
        foreach (ScorePowers block in blocks)
        {
            total.Add(block);
        }

        return total;
    }
}
