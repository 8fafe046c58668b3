using Gbi.Posteriors.Autoregressive.Means;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>Learnt summaries of observations as nodes.</summary>
internal static class SummaryNodes
{
    /// <summary>The features with their summaries.</summary>
    public static FeatureMatrix Add(FeatureMatrix x, Summaries summaries)
    {
        FeatureMatrix refined = x;
        foreach (ConditionalMean[] round in summaries.First)
        {
            GraphValue[] ofRound = Means(refined, round);
            refined = x.With([.. Named(ofRound), .. Squares(round, ofRound)]);
        }

        GraphValue[] means = Means(refined, summaries.Means);
        return x.With(
        [
            .. Named(means),
            .. summaries.First.Length == 0 ? [] : Squares(summaries.Means, means),
            .. summaries.Products.Select(product => (product.Name, MeanNodes.Add(refined, product.Mean).ToDouble())),
        ]);
    }

    private static GraphValue[] Means(FeatureMatrix features, ConditionalMean[] means) =>
        [.. means.Select(mean => MeanNodes.Add(features, mean).ToDouble())];

    private static (string Name, GraphValue Column)[] Named(GraphValue[] means) =>
        [.. means.Select((mean, k) => (Summaries.MeanName(k), mean))];

    /// <summary>Products of means, each from −1 to 1 in its range.</summary>
    private static (string Name, GraphValue Column)[] Squares(ConditionalMean[] means, GraphValue[] values) =>
    [
        .. Summaries.Pairs(means.Length)
            .Where(pair => !means[pair.First].IsConstant && !means[pair.Second].IsConstant)
            .Select(pair => (
                Summaries.SquareName(pair),
                (Share(means[pair.First].Range, values[pair.First]) * Share(means[pair.Second].Range, values[pair.Second]))
                    .ToSingle().ToDouble())),
    ];

    private static GraphValue Share(PredictionRange range, GraphValue value) =>
        ((value * 2) - range.Low - range.High) / ((double)range.High - range.Low);
}
