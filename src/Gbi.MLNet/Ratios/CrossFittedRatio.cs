using Gbi.Events;
using Gbi.Trees.Model;

namespace Gbi.Ratios;

/// <summary>A trained ratio with the out-of-fold scores of its training events: each by models that were not trained on it.</summary>
public sealed class CrossFittedRatio
{
    internal CrossFittedRatio(RatioModel model, RatioScores outOfFold, Estimate meanRatio)
    {
        Model = model;
        OutOfFold = outOfFold;
        MeanRatio = meanRatio;
    }

    /// <summary>The model for new events.</summary>
    public RatioModel Model { get; }

    /// <summary>Scores of the training events, in their order: the numerator's first where two tables were given.</summary>
    public RatioScores OutOfFold { get; }

    /// <summary>
    /// Mean of the out-of-fold r over the denominator *before* normalisation, 1 for a perfect ratio, with its statistical error
    /// √(Σ w² (r − mean)²) / Σ w.
    /// </summary>
    public Estimate MeanRatio { get; }

    /// <summary>
    /// Whether no tree lowered the loss on held-out events: as far as these events say the features do not separate the samples, and r is 1
    /// everywhere.
    /// </summary>
    public bool LearntNothing => !HasCuts(Model.Folds);

    /// <summary>Whether some feature could be cut in some model, be it of use or not.</summary>
    internal bool CouldCut { get; init; } = true;

    /// <summary>Whether there is a tree of more than one leaf.</summary>
    internal static bool HasCuts(IEnumerable<IReadOnlyList<TreeEnsemble>> folds) =>
        folds.SelectMany(members => members).Any(member => member.Trees.Any(tree => tree.LeafCount > 1));

    /// <summary>Refuses a ratio in which no feature could be cut: a ratio of 1 by lack of anything to learn from is none.</summary>
    /// <exception cref="DataException">There is no cut; the message says what to do.</exception>
    internal void RequireTrees()
    {
        if (!CouldCut)
        {
            throw new DataException(
                $"No tree can be grown: every feature ({string.Join(", ", Model.Features)}) is constant, or there are too few events for "
                    + "two leaves (TreeOptions.MinLeafHessian); give other features or more events.");
        }
    }
}
