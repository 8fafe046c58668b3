using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Searches.Family.Scans;

/// <summary>
/// Data sets without signal, of events of the background: how much the best point of a scan gains there. Each is drawn from the background
/// as one of its generator's members sees it, and normalises r with a bootstrap sample of the background, so that the finite size and the
/// spread of the background are in the gain, as they are in that of the data. Events of negative weight take no part.
/// </summary>
/// <param name="weights">Those of a sample of the background, by position.</param>
/// <param name="points">Those that are like signal at each point of the scan.</param>
/// <param name="members">ln of each member's density over that of the background, [members][positions]; empty for none.</param>
/// <param name="observed">What the data gain at their best point.</param>
internal sealed class FamilyToys(
    double[] weights, LikeSignalEvents[] points, IReadOnlyList<float[]> members, double observed)
{
    private readonly double[] _density = Array.ConvertAll(weights, weight => Math.Max(0, weight));

    /// <summary>What the data gain at their best point.</summary>
    public double Observed => observed;

    /// <summary>The gain of the best point in one data set.</summary>
    /// <param name="number">Of the data set, which chooses the member.</param>
    /// <param name="expected">Mean number of its events.</param>
    /// <param name="seed">Its random numbers.</param>
    public double LargestGain(int number, double expected, Seed seed)
    {
        double[] density = members.Count > 1 ? DensityOf(members[number % members.Count]) : _density;
        (double[] drawn, double sumOfDrawn) = Reweighted(_density, seed.Child("background"));
        (double[] data, double sumOfData) = Counts(density, expected / density.Sum(), seed.Child("data"));
        double largest = 0;
        foreach (LikeSignalEvents point in points)
        {
            double mean = point.Mean(position => drawn[position], sumOfDrawn);
            largest = Math.Max(largest, point.Gain(mean, position => data[position], sumOfData).Gain);
        }

        return largest;
    }

    private double[] DensityOf(float[] member) =>
        [.. _density.Select((weight, position) => weight * Math.Exp(member[position]))];

    /// <summary>Weights times exponential numbers: a bootstrap sample that leaves out no event, whose ratio may be most of the
    /// mean.</summary>
    /// <remarks>Rubin, Ann. Statist. 9 (1981) 130.</remarks>
    private static (double[] Weights, double Sum) Reweighted(double[] density, Seed seed)
    {
        Random random = seed.CreateRandom();
        double[] drawn = Array.ConvertAll(density, weight => weight * random.NextExponential(1));
        return (drawn, drawn.Sum());
    }

    private static (double[] Counts, double Sum) Counts(double[] density, double scale, Seed seed)
    {
        Random random = seed.CreateRandom();
        double[] counts = Array.ConvertAll(density, value => random.NextPoissonCount(scale * value));
        return (counts, counts.Sum());
    }
}
