using Gbi.Numerics.Probability;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>How many of the true parameters lie in posterior regions of a level.</summary>
/// <param name="Level">α, the probability that the posterior gives to the region.</param>
/// <param name="Count">Regions that hold the truth.</param>
/// <param name="PairCount">Regions in all.</param>
public sealed record RegionCoverage(double Level, int Count, int PairCount)
{
    /// <summary>Share of the regions that hold the truth.</summary>
    public double Value => (double)Count / PairCount;

    /// <summary>Its binomial standard error.</summary>
    public double Error => Math.Sqrt(Value * (1 - Value) / PairCount);

    /// <summary>How often the exact posterior's regions hold so few or fewer.</summary>
    public double ProbabilityBelow => TailProbability.OfBinomialUpTo(Count, PairCount, Level);

    /// <summary>How often the exact posterior's regions hold so many or more.</summary>
    public double ProbabilityAbove => Count == 0 ? 1 : 1 - TailProbability.OfBinomialUpTo(Count - 1, PairCount, Level);

    /// <summary>
    /// How often the exact posterior's coverage lies this far away on either side: twice the smaller of the two, at most 1.
    /// </summary>
    public double Probability => Math.Min(1, 2 * Math.Min(ProbabilityBelow, ProbabilityAbove));

    /// <summary>
    /// Coverage below α − 3σ, σ² = α(1 − α)/n: the rule by which a posterior counts as over-confident whatever else is tested.
    /// </summary>
    /// <remarks>Hermans et al., arXiv:2110.06581.</remarks>
    public bool IsFarBelow => Value < Level - (3 * Math.Sqrt(Level * (1 - Level) / PairCount));

    /// <summary>Coverage of regions of highest density, from the share of the draws that are denser than the truth.</summary>
    internal static RegionCoverage OfHighestDensity(IReadOnlyList<double> ranks, double level) =>
        new(level, ranks.Count(rank => rank < level), ranks.Count);

    /// <summary>Coverage of central intervals, from the ranks of a parameter.</summary>
    internal static RegionCoverage OfCentral(IReadOnlyList<double> ranks, double level) =>
        new(level, ranks.Count(rank => Math.Abs(rank - 0.5) < level / 2), ranks.Count);
}
