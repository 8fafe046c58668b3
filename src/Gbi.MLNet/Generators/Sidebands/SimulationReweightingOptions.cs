using Gbi.Trees;

namespace Gbi.Generators.Sidebands;

/// <summary>Options of the reweighting of a simulated background to data.</summary>
public sealed record SimulationReweightingOptions
{
    /// <summary>
    /// How the trees of ln p_data/p_simulation are grown; <see cref="TreeOptions.TreeCount"/> is the most of them. Kept are four times as
    /// many as give the least loss of the events that a member did not see, averaged over the members: none where the simulation is right.
    /// </summary>
    public TreeOptions Trees { get; init; } =
        new() { TreeCount = 400, LeafCount = 4, MinLeafHessian = 20, L2 = 10, LearningRate = 0.2, EarlyStoppingRounds = 5 };

    /// <summary>
    /// Whether the events held out decide how many trees are kept; otherwise all of them are. A member's are those that its bootstrap
    /// sample lacks, 37 %; a single model holds out a fifth.
    /// </summary>
    public bool ChoosesTreeCount { get; init; } = true;

    /// <summary>
    /// Models that are averaged, each trained on a bootstrap sample (Poisson weights) of data and simulation where there are several; their
    /// spread is the statistical uncertainty of the reweighting. Range: 1 or more.
    /// </summary>
    public int MemberCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MemberCount), value, "MemberCount must be 1 or more; from 2 on the spread of the members is known.");
    } = 8;

    /// <summary>Degree of the log ratio in the mass: 1 has the least curvature across the signal region. Range: 1 or 2.</summary>
    public int MassDegree
    {
        get;
        init => field = value is 1 or 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(MassDegree), value, "MassDegree must be 1 or 2: the log ratio is a line or a parabola in the mass.");
    } = 1;
}
