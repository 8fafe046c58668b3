using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Posteriors.Autoregressive;
using Microsoft.ML;

namespace Gbi.Pipeline.Estimators.Posteriors;

/// <summary>
/// Appends mean, standard deviation, quantiles and draws of the posterior of each row's features, vectors whose slots are named; a block of
/// rows at a time. NaN in a feature is a missing value, as in training; an infinite one is refused.
/// </summary>
/// <remarks>
/// Slots are named "mass" for a mean or deviation of the parameter "mass", "mass q0.16" for a quantile, and "mass 0" for a draw. The mean
/// of a category, or of an angle near its ends, has no meaning: take the draws.
/// </remarks>
public sealed class PosteriorTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "Posterior",
        PosteriorRows.Parse,
        (mlContext, binding, model) => new PosteriorTransformer(mlContext, binding, (PosteriorRows)model));

    private PosteriorTransformer(MLContext mlContext, ColumnBinding binding, PosteriorRows model)
        : base(mlContext, Kind, binding, model) => Posterior = model.Posterior;

    internal PosteriorTransformer(MLContext mlContext, ColumnBinding binding, TreePosterior posterior, PosteriorDrawing drawing)
        : this(mlContext, binding, new PosteriorRows(posterior, drawing))
    {
    }

    /// <summary>The posterior, for densities, tests and draws outside the pipeline.</summary>
    public TreePosterior Posterior { get; }
}
