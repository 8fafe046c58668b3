using Gbi.Posteriors.Autoregressive.Cells;
using Gbi.Trees;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>How a posterior is learnt by boosted trees.</summary>
public sealed record TreePosteriorOptions
{
    private const int LeastBins = 64;
    private const double SimulationsOfABin = 160;

    /// <summary>
    /// Members, each with an order of the parameters and folds of its own, whose densities are averaged. Range: 1 or more.
    /// </summary>
    public int MemberCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MemberCount), value, "MemberCount must be 1 or more: the posterior is their mean.");
    } = 4;

    /// <summary>
    /// How trees are grown; early stopping decides how many are kept. Of the bins of a feature, <see cref="TreeOptions.MaxBins"/> at most,
    /// there is one for each 160 simulations, and 64 with fewer than 10,000.
    /// </summary>
    public TreeOptions Trees
    {
        get;
        init => field = value is { EarlyStoppingRounds: not null } ? value : throw new ArgumentException(
            "Trees must have EarlyStoppingRounds: held-out loss decides how much each part of a posterior learns.", nameof(Trees));
    } = new()
    {
        TreeCount = 400,
        LeafCount = 24,
        LearningRate = 0.1,
        MinLeafHessian = 5,
        EarlyStoppingRounds = 20,
        FirstEarlyStoppingRounds = 5,
        LeastHeldOutGain = 3,
        MaxBins = 255,
    };

    /// <summary>Simulations in a cell of the finest level, at least.</summary>
    internal double EventsOfACell { get; init; } = 30;

    /// <summary>Most levels of cells.</summary>
    internal int MaxDepth { get; init; } = 9;

    /// <summary>One simulation in so many decides how many trees of a level are kept.</summary>
    internal int HeldOutOneIn { get; init; } = 7;

    /// <summary>Folds of the cross-fitted means; an even number, as trees take their halves.</summary>
    internal int FoldCount { get; init; } = 4;

    /// <summary>Bins of a feature: fine ones cost time, and show what is sharp only where many simulations lie.</summary>
    /// <param name="simulations">Number of simulations without weights that they are worth.</param>
    internal int BinsFor(double simulations) =>
        Math.Min(Trees.MaxBins, (int)Math.Max(LeastBins, simulations / SimulationsOfABin));

    internal BitOptions Bits(int leastDepth) => new(leastDepth, HeldOutOneIn, Trees);
}
