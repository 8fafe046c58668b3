using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Reports.Json.Results;

/// <summary>How one of a search's models was trained.</summary>
internal sealed record TrainingDocument(
    [property: Meaning("Folds; an event is scored by models that did not see it")] int Folds,
    [property: Meaning("Models in each fold")] int Members,
    [property: Meaning("Most trees of a model")] int Trees,
    [property: Meaning("Most leaves of a tree")] int Leaves,
    [property: Meaning("Learning rate")] double LearningRate,
    [property: Meaning("Share of signal that is assumed in the numerator; null for an ordinary ratio")] double? AssumedSignalFraction)
{
    public static TrainingDocument Of(RatioOptions options) =>
        Of(options.FoldCount, options.MemberCount, options.Trees) with { AssumedSignalFraction = options.SignalFraction };

    public static TrainingDocument Of(int folds, int members, TreeOptions trees) =>
        new(folds, members, trees.TreeCount, trees.LeafCount, trees.LearningRate, null);
}
