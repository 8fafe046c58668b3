using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using Gbi.Numerics;
using Gbi.Trees.Binning;

namespace Gbi.Trees;

/// <summary>Direction in which an output depends on a feature, at fixed values of the other features.</summary>
public enum Monotonicity
{
    /// <summary>It never rises with the feature.</summary>
    Falling = -1,

    /// <summary>It never falls with the feature.</summary>
    Rising = 1,
}

/// <summary>How gradient-boosted trees are grown.</summary>
public sealed record TreeOptions
{
    /// <summary>Trees in one model. Range: 1 or more.</summary>
    public int TreeCount { get; init => field = Positive(value, nameof(TreeCount)); } = 100;

    /// <summary>Largest number of leaves in a tree; the leaf with the largest gain is split next. Range: 2 or more.</summary>
    public int LeafCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(LeafCount), value, "LeafCount must be 2 or more: a tree with one leaf is a constant.");
    } = 31;

    /// <summary>Factor on every leaf value. Range: (0, 1].</summary>
    public double LearningRate
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(LearningRate), value, "LearningRate must be in (0, 1]: it scales each tree's step.");
    } = 0.1;

    /// <summary>Largest number of bins of a feature, without the bin of missing values. Range: 2 to 255.</summary>
    public int MaxBins
    {
        get;
        init => field = value is >= 2 and <= FeatureBins.MissingCode ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxBins), value, "MaxBins must be from 2 to 255: a bin number is one byte and 255 stands for missing.");
    } = FeatureBins.MissingCode;

    /// <summary>Ridge penalty λ on leaf values, in events: ½ λ |value|² is added to the loss. Range: 0 or more.</summary>
    public double L2
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(L2), value, "L2 must be 0 or more: it is a penalty.");
    } = 1;

    /// <summary>Smallest second derivative of the loss in a leaf, in events of mean weight 1 (p(1−p) each). Range: above 0.</summary>
    public double MinLeafHessian
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(MinLeafHessian), value, "MinLeafHessian must be above 0: a leaf without curvature has no value.");
    } = 1;

    /// <summary>
    /// Early stopping: number of trees without a smaller loss on the held-out events after which training stops; the trees up to the
    /// smallest loss are kept. Used by trainers that hold events out, such as a cross-fit. Range: 1 or more; null grows all trees.
    /// </summary>
    [JsonPropertyName("Patience")] // The name by which options are recognised in the journals of hunts.
    public int? EarlyStoppingRounds
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(EarlyStoppingRounds), value, "EarlyStoppingRounds must be 1 or more, or null to grow all trees.");
    }

    /// <summary>
    /// Fewer rounds of early stopping while few trees are kept: training stops after as many rounds without a smaller loss as trees are
    /// kept so far, but not before this number of rounds, and after <see cref="EarlyStoppingRounds"/> at the latest.
    /// </summary>
    internal int? FirstEarlyStoppingRounds { get; init; }

    /// <summary>
    /// Early stopping keeps no tree at all where the summed loss of the held-out events falls by less than this. A logarithmic loss of n
    /// events scatters by about 1 where there is nothing to learn. Range: 0 or more.
    /// </summary>
    internal double LeastHeldOutGain { get; init; }

    /// <summary>
    /// Number of random cuts of each feature that are tried in a leaf, drawn for every leaf from the bins that it spans; null tries all
    /// cuts. Trees with random cuts overfit less, and members of an ensemble differ more, so that their average is smoother. One or a few
    /// cuts are useful if the difference is small compared with its noise. Range: 1 or more, or null.
    /// </summary>
    /// <remarks>Extremely randomised trees: Geurts, Ernst and Wehenkel, Machine Learning 63 (2006) 3; here within boosting.</remarks>
    public int? RandomCuts
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(RandomCuts), value, "RandomCuts must be 1 or more, or null to try every border.");
    }

    /// <summary>
    /// The origin of <see cref="RandomCuts"/>. A training that is given a seed, as that of a cross-fit or a sideband generator is, draws
    /// from children of it in place of this one.
    /// </summary>
    public Seed Seed { get; init; }

    /// <summary>Features in which the output may only rise or only fall, by name; for trees of one output. Empty for none.</summary>
    public IReadOnlyDictionary<string, Monotonicity> Monotone { get; init; } = ReadOnlyDictionary<string, Monotonicity>.Empty;

    private static int Positive(int value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 1 or more.");
}
