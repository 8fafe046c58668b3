using Gbi.Numerics;

namespace Gbi.Posteriors.Correction;

/// <summary>Points without replacement, with probabilities in proportion to their weights.</summary>
internal static class SystematicSampling
{
    /// <summary>
    /// Chooses n rows, row i with probability min(1, c wᵢ), c such that these sum to n. The rows are laid end to end in an order of chance,
    /// each as long as its probability; those chosen hold the points u, u + 1, …, u + n − 1, u uniform in (0, 1).
    /// </summary>
    /// <param name="weights">0 or more, n of them at least above 0.</param>
    /// <param name="count">n.</param>
    /// <param name="seed">Origin of order and u.</param>
    /// <returns>Rows in an order of chance, each once.</returns>
    public static int[] Draw(double[] weights, int count, Seed seed)
    {
        double scale = ScaleOf(weights, count);
        int[] order = seed.Child("order").Permutation(weights.Length);
        double total = 0;
        foreach (int row in order)
        {
            total += Math.Min(1, scale * weights[row]);
        }

        // The last point is total (u + n − 1)/n, below the total however sums were rounded.
        double offset = seed.Uniform(0);
        int[] chosen = new int[count];
        int found = 0;
        double sum = 0;
        foreach (int row in order)
        {
            sum += Math.Min(1, scale * weights[row]);
            if (found < count && sum >= (offset + found) / count * total)
            {
                chosen[found++] = row;
            }
        }

        return chosen;
    }

    /// <summary>
    /// The largest number n of rows, up to a limit, that lose at most a share of the weight: Σ max(0, w − 1/n) of weights of sum 1.
    /// </summary>
    public static int LargestCount(double[] weights, int limit, double loss)
    {
        (int low, int high) = (0, limit);
        while (low < high)
        {
            int count = low + ((high - low + 1) / 2);
            double lost = weights.Sum(weight => Math.Max(0, weight - (1.0 / count)));
            (low, high) = lost <= loss ? (count, high) : (low, count - 1);
        }

        return low;
    }

    /// <summary>c with Σ min(1, c wᵢ) = n: rows that reach 1 are set aside, and the others share the rest.</summary>
    private static double ScaleOf(double[] weights, int count)
    {
        double scale = 0;
        for (int certain = -1, found = 0; found != certain;)
        {
            certain = found;
            double rest = 0;
            foreach (double weight in weights)
            {
                rest += scale * weight < 1 ? weight : 0;
            }

            scale = (count - certain) / rest;
            found = weights.Count(weight => scale * weight >= 1);
        }

        return scale;
    }
}
