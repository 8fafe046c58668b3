using Gbi.Events;
using Gbi.Numerics.Probability;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>How the ranks of a posterior are judged.</summary>
public sealed record PosteriorTestOptions
{
    /// <summary>
    /// Probability with which any of the tests fails for the exact posterior, at most: each of m tests fails at a p-value below this over m
    /// (Bonferroni). Range: (0, 0.05].
    /// </summary>
    public double Level
    {
        get;
        init => field = value is > 0 and <= 0.05 ? value : throw new ArgumentOutOfRangeException(
            nameof(Level), value, "Level must be in (0, 0.05]: it is how often the exact posterior fails.");
    } = 0.01;

    /// <summary>
    /// Factor on the widths of a normal posterior that must be seen for a test to say "calibrated"; with fewer pairs than that takes, it
    /// says "inconclusive". Range: (0, 1).
    /// </summary>
    public double VisibleWidthFactor
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(VisibleWidthFactor), value, "VisibleWidthFactor must be in (0, 1): it is how much too narrow a posterior may look.");
    } = 0.7;
}

/// <summary>Tests of one parameter.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Ranks">Simulation-based calibration: are its ranks uniform?</param>
/// <param name="Coverage">Coverage of central intervals at 68 and 95 %.</param>
/// <param name="Shift">
/// Mean of (mean of the draws − truth)/(their standard deviation), above 0 where draws are too high; NaN where draws have no width.
/// </param>
/// <param name="MeanRank">Mean of the ranks, with the error √(1/12n) of uniform ones; below ½ where draws are too high.</param>
public sealed record ParameterCalibration(
    string Name, UniformityTest Ranks, IReadOnlyList<RegionCoverage> Coverage, Estimate Shift, Estimate MeanRank)
{
    /// <summary>How often the mean rank of the exact posterior lies this far from ½.</summary>
    public double ShiftProbability => 2 * TailProbability.OfNormal(Math.Abs(MeanRank.Value - 0.5) / MeanRank.Error);
}

/// <summary>
/// Tests of a posterior on pairs of true parameters and observations. None of them suffices; each passes some wrong posteriors.
/// </summary>
/// <remarks>
/// Ranks, coverage, and distances to points that are free of x pass for a posterior that is the prior; distances to points that depend on x
/// and the information gain do not.
/// </remarks>
public sealed record PosteriorReport
{
    /// <summary>Number of test pairs.</summary>
    public required int PairCount { get; init; }

    /// <summary>Draws of each posterior.</summary>
    public required int DrawCount { get; init; }

    /// <summary>Number m of tests for the exact posterior, among which the level is divided.</summary>
    public required int TestCount { get; init; }

    /// <summary>
    /// Pairs that a Kolmogorov–Smirnov test needs to see the widths that must be seen; with fewer, what passes is inconclusive.
    /// </summary>
    public required int NeededPairs { get; init; }

    /// <summary>Each parameter by itself.</summary>
    public required IReadOnlyList<ParameterCalibration> Parameters { get; init; }

    /// <summary>Ranks of the truth's density among the draws'; null where no densities are known.</summary>
    public required UniformityTest? Density { get; init; }

    /// <summary>Coverage of regions of highest density at 50, 68, 80, 90, 95 and 99 %; empty where no densities are known.</summary>
    public required IReadOnlyList<RegionCoverage> Coverage { get; init; }

    /// <summary>Ranks of the truth's distance from a reference point that depends on x (TARP).</summary>
    public required UniformityTest Distance { get; init; }

    /// <summary>Mean of ln q(θ*|x) − ln p(θ*), in nats; −∞ where q excludes a truth, null without a prior or densities.</summary>
    public required Estimate? InformationGain { get; init; }

    /// <summary>Mean of −ln q(θ*|x), in nats; null where no densities are known.</summary>
    public required Estimate? NegativeLogDensity { get; init; }

    /// <summary>True parameters to which the posterior gives no density.</summary>
    public required int ExcludedCount { get; init; }

    /// <summary>The band that holds the empirical distribution of a parameter's ranks with the probability 1 − level.</summary>
    public required EcdfBand Band { get; init; }

    /// <summary>One line for each parameter and for all together, and one for each other finding.</summary>
    public IReadOnlyList<PosteriorVerdict> Verdicts { get; init; } = [];

    /// <summary>Whether regions hold the truth less often than they say; gbi ends with exit code 3 then.</summary>
    public bool IsOverConfident => Verdicts.Any(verdict => verdict.Finding == PosteriorFinding.OverConfident);

    /// <summary>Whether nothing was found and nothing is inconclusive.</summary>
    public bool Passed => Verdicts.All(verdict => verdict.Finding == PosteriorFinding.Calibrated);
}
