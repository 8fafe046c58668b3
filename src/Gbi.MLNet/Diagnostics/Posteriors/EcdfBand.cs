using Gbi.Numerics;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>
/// A band around F(u) = u that holds the whole empirical distribution of uniform ranks with a given probability, to draw beside the ranks
/// of a posterior: u ± c √(u(1 − u)/n) at evenly spaced u, with c from simulated uniform numbers.
/// </summary>
/// <remarks>The band and the Kolmogorov–Smirnov test weigh the ends differently: the band is the wider in the middle.</remarks>
public sealed class EcdfBand
{
    private const int CellCount = 100;
    private const int Repetitions = 2000;

    private EcdfBand(double level, int count, double halfWidth)
    {
        Level = level;
        Points = [.. Enumerable.Range(1, CellCount - 1).Select(cell => (double)cell / CellCount)];
        Lower = [.. Points.Select(u => Math.Max(0, u - (halfWidth * Math.Sqrt(u * (1 - u) / count))))];
        Upper = [.. Points.Select(u => Math.Min(1, u + (halfWidth * Math.Sqrt(u * (1 - u) / count))))];
    }

    /// <summary>Probability with which the band holds the ranks of the exact posterior.</summary>
    public double Level { get; }

    /// <summary>u, from 0.01 to 0.99.</summary>
    public IReadOnlyList<double> Points { get; }

    /// <summary>Lower end of the band at each point.</summary>
    public IReadOnlyList<double> Lower { get; }

    /// <summary>Upper end of the band at each point.</summary>
    public IReadOnlyList<double> Upper { get; }

    /// <summary>Simulates the band.</summary>
    /// <param name="count">Number of ranks n. Range: 1 or more.</param>
    /// <param name="level">Range: (0, 1).</param>
    /// <param name="seed">Of the simulation.</param>
    public static EcdfBand Simulate(int count, double level, Seed seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(level is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level of a band must lie between 0 and 1.");
        }

        double[] largest = new double[Repetitions];
        EventBlocks.ForEach(Repetitions, (start, length) =>
        {
            int[] cells = new int[CellCount];
            for (int repetition = start; repetition < start + length; repetition++)
            {
                largest[repetition] = LargestDeviation(count, seed.Child(repetition), cells);
            }
        }, blockSize: 16);
        Array.Sort(largest);
        return new EcdfBand(level, count, largest[Math.Min((int)Math.Ceiling(level * Repetitions), Repetitions) - 1]);
    }

    /// <summary>The share of ranks up to each point, to compare with the band.</summary>
    public double[] DistributionOf(IReadOnlyList<double> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        double[] sorted = [.. ranks];
        Array.Sort(sorted);
        double[] shares = new double[Points.Count];
        int below = 0;
        for (int point = 0; point < shares.Length; point++)
        {
            while (below < sorted.Length && sorted[below] <= Points[point])
            {
                below++;
            }

            shares[point] = (double)below / sorted.Length;
        }

        return shares;
    }

    /// <summary>Whether ranks stay inside everywhere.</summary>
    public bool Holds(IReadOnlyList<double> ranks)
    {
        double[] shares = DistributionOf(ranks);
        return Enumerable.Range(0, shares.Length).All(at => shares[at] >= Lower[at] && shares[at] <= Upper[at]);
    }

    private static double LargestDeviation(int count, Seed seed, int[] cells)
    {
        Array.Clear(cells);
        for (int i = 0; i < count; i++)
        {
            cells[(int)(seed.Uniform(i) * CellCount)]++;
        }

        double largest = 0;
        int below = 0;
        for (int cell = 1; cell < CellCount; cell++)
        {
            below += cells[cell - 1];
            double u = (double)cell / CellCount;
            largest = Math.Max(largest, Math.Abs(((double)below / count) - u) / Math.Sqrt(u * (1 - u) / count));
        }

        return largest;
    }
}
