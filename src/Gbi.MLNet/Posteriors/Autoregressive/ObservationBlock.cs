namespace Gbi.Posteriors.Autoregressive;

/// <summary>Consecutive points that are computed together: those of one observation where it has many of them.</summary>
/// <param name="Start">The first point.</param>
/// <param name="Length">Number of points.</param>
/// <param name="IsOne">True where all belong to one observation, and what depends on it alone is computed once.</param>
internal readonly record struct ObservationBlock(int Start, int Length, bool IsOne)
{
    // As many odds of cells are computed for one observation as it has cells.
    private const int LeastOfOne = 256;

    /// <summary>The blocks of points, which depend on their observations alone.</summary>
    /// <param name="observationOf">The observation of each point.</param>
    /// <param name="size">Points of a block, at most.</param>
    public static ObservationBlock[] Of(int[] observationOf, int size)
    {
        var blocks = new List<ObservationBlock>();
        int first = 0;
        for (int start = 0, end; start < observationOf.Length; start = end)
        {
            end = start + 1;
            while (end < observationOf.Length && observationOf[end] == observationOf[start])
            {
                end++;
            }

            if (end - start >= LeastOfOne)
            {
                Cut(first, start, isOne: false);
                Cut(start, end, isOne: true);
                first = end;
            }
        }

        Cut(first, observationOf.Length, isOne: false);
        return [.. blocks];

        void Cut(int from, int to, bool isOne)
        {
            for (; from < to; from += size)
            {
                blocks.Add(new ObservationBlock(from, Math.Min(size, to - from), isOne));
            }
        }
    }

    /// <summary>The observation of each point, or the one of all.</summary>
    public int[] Observations(int[] observationOf) => IsOne ? [observationOf[Start]] : observationOf[Start..(Start + Length)];
}
