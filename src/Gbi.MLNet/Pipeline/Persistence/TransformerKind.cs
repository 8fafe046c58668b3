using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Estimators;
using Gbi.Pipeline.Estimators.Posteriors;
using Gbi.Pipeline.Views;
using Microsoft.ML;

namespace Gbi.Pipeline.Persistence;

/// <summary>A kind of appending transformer: how its model is read from text and how a transformer is made of it.</summary>
/// <param name="Name">Stands in saved models: never changed.</param>
/// <param name="Parse">Reads what <see cref="IRowModel.Serialize"/> wrote.</param>
/// <param name="Create">Makes the transformer.</param>
internal sealed record TransformerKind(
    string Name,
    Func<string, IRowModel> Parse,
    Func<MLContext, ColumnBinding, IRowModel, AppendingTransformer> Create)
{
    // Made anew: a field would be filled while the kinds it lists are still being made.
    private static TransformerKind[] All =>
    [
        ProbabilityRatioTransformer.Kind,
        RatioTreesTransformer.Kind,
        CalibrateTransformer.Kind,
        SidebandBackgroundTransformer.Kind,
        SystematicTransformer.Kind,
        ScoreTreesTransformer.Kind,
        OnnxRatioTransformer.Kind,
        OnnxSystematicTransformer.Kind,
        PosteriorTransformer.Kind,
    ];

    /// <summary>The kind of that name.</summary>
    /// <exception cref="Events.DataException">There is none: the model comes from a later version.</exception>
    public static TransformerKind Named(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new Events.DataException(
            $"The model holds a transformer of kind '{name}', which this version of Gbi.MLNet does not know "
            + $"({string.Join(", ", All.Select(kind => kind.Name))}); load it with the version that saved it, or a later one.");
}
