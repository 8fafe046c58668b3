using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Transformers;

/// <summary>
/// A trained classifier followed by its log likelihood ratio: appends the classifier's columns (PredictedLabel, Score, Probability)
/// and ln r(x), a Single in natural logarithm.
/// </summary>
/// <remarks>Saved as a chain of the classifier and built-in transformers; see <see cref="GbiCatalog.Restore"/>.</remarks>
public sealed class LikelihoodRatioTransformer : ITransformer
{
    private readonly ProbabilityRatioTransformer _ratio;
    private readonly ITransformer _chain;

    internal LikelihoodRatioTransformer(ITransformer classifier, ProbabilityRatioTransformer ratio)
    {
        Classifier = classifier;
        _ratio = ratio;
        _chain = new TransformerChain<ITransformer>(classifier, ratio);
    }

    /// <summary>The trained classifier.</summary>
    public ITransformer Classifier { get; }

    /// <summary>ln(W₁/W₀) of the training view, which was taken out of the classifier's log odds.</summary>
    public double LogPriorOdds => _ratio.LogPriorOdds;

    /// <summary>Largest |ln r| passed on.</summary>
    public double MaxAbsLogRatio => _ratio.MaxAbsLogRatio;

    /// <summary>Whether the classifier maps row by row; the ratio does.</summary>
    public bool IsRowToRowMapper => _chain.IsRowToRowMapper;

    /// <summary>The schema with the classifier's columns and the log ratio behind it.</summary>
    /// <exception cref="Events.DataException">The probability column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);

    /// <summary>The view with the classifier's columns and the log ratio behind its own.</summary>
    /// <exception cref="Events.DataException">The probability column is missing or of another type.</exception>
    public IDataView Transform(IDataView input) => _chain.Transform(input);

    /// <summary>A mapper for single rows of a schema, as prediction engines use it.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _chain.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _chain.Save(ctx);
}
