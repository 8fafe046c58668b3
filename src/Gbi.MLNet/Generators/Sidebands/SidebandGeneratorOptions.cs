using Gbi.Generators.Spectra;
using Gbi.Trees;

namespace Gbi.Generators.Sidebands;

/// <summary>Options of a background generator that is learnt from sidebands.</summary>
public sealed record SidebandGeneratorOptions
{
    /// <summary>The function of the mass spectrum.</summary>
    public MassSpectrumOptions Spectrum { get; init; } = new() { Shape = SpectrumShape.Automatic };

    /// <summary>
    /// How the parametric trees of ln p(x,m)/(p(x)p(m)) are grown; <see cref="TreeOptions.TreeCount"/> is the most of them. Kept are
    /// twice as many as give the least loss of the events held out, averaged over folds and members: none where features do not depend on
    /// the mass.
    /// </summary>
    public TreeOptions Trees { get; init; } =
        new() { TreeCount = 150, LeafCount = 4, MinLeafHessian = 20, L2 = 10, LearningRate = 0.2, EarlyStoppingRounds = 5 };

    /// <summary>Whether the events held out decide how many trees are kept; otherwise all of them are. To learn a generator again from
    /// slightly other events, give the first one's number of trees and switch this off.</summary>
    public bool ChoosesTreeCount { get; init; } = true;

    /// <summary>Parts of the sidebands; an event is weighted by models that were trained on the other parts. Range: 2 or more.</summary>
    public int FoldCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(FoldCount), value, "FoldCount must be 2 or more: an event is never weighted by a model that saw it.");
    } = 2;

    /// <summary>
    /// Models in each fold, each trained on a bootstrap sample (Poisson weights) where there are several; their ratios are averaged, and
    /// their spread is the generator's statistical uncertainty. Range: 1 or more.
    /// </summary>
    public int MemberCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MemberCount), value, "MemberCount must be 1 or more; from 2 on the spread of the members is known.");
    } = 8;

    /// <summary>Masses inside the signal region over which weights are averaged (Gauss–Legendre nodes). Range: 1 or more.</summary>
    public int MassNodeCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MassNodeCount), value, "MassNodeCount must be 1 or more.");
    } = 6;
}
