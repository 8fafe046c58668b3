using Gbi.Trees;

namespace Gbi.Ratios.Parametric;

/// <summary>Options of the trees of a parametric ratio.</summary>
public sealed record ParametricRatioOptions
{
    /// <summary>
    /// Number and size of the trees. Of these, <see cref="TreeOptions.L2"/> is not used: the coefficients of a leaf are a least-squares
    /// fit, which <see cref="MinLeafEvents"/> keeps stable. <see cref="TreeOptions.MinLeafHessian"/> bounds σ₀σ_ν/(σ₀+σ_ν) for each varied
    /// base point, the second derivative of the loss in its log ratio, so that no sum of signed weights near 0 gives a large logarithm.
    /// </summary>
    public TreeOptions Trees { get; init; } = new() { TreeCount = 50, LeafCount = 12, LearningRate = 0.1 };

    /// <summary>Smallest number of events of every base point in a leaf, regardless of their weights. Range: 1 or more.</summary>
    public int MinLeafEvents
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MinLeafEvents), value, "MinLeafEvents must be 1 or more: the logarithm of an empty leaf is not finite.");
    } = 50;

    /// <summary>
    /// True: what does not depend on the features, ln σ(ν)/σ(0), is fitted to all events first, at learning rate 1, and kept apart as
    /// <see cref="ParametricRatio.LogInclusiveRatio"/>. False: the trees learn it step by step.
    /// </summary>
    public bool SeparatesInclusiveRatio { get; init; } = true;
}
