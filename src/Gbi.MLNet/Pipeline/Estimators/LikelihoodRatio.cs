using Gbi.Events;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators;

/// <summary>Columns and limits of the likelihood-ratio trick.</summary>
public sealed record LikelihoodRatioOptions
{
    /// <summary>Vector of Single that FastTree learns from; a classifier that is given names its own.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>Boolean column: true for events of the numerator, false for those of the denominator.</summary>
    public string LabelColumn { get; init; } = "Label";

    /// <summary>Single column of event weights, the one that the classifier trains with; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>Single column in which the classifier writes its probability of a true label.</summary>
    public string ProbabilityColumn { get; init; } = "Probability";

    /// <summary>Name of the appended column, ln r(x).</summary>
    public string OutputColumn { get; init; } = "LogRatio";

    /// <summary>Largest |ln r| passed on; larger values are clipped. Range: (0, ∞).</summary>
    public double MaxAbsLogRatio
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxAbsLogRatio), value, "MaxAbsLogRatio must be above 0: it bounds |log r|.");
    } = 20;
}

/// <summary>
/// Turns a binary classifier of ML.NET into a likelihood ratio: ln r(x) = ln p/(1−p) − ln(W₁/W₀), p the classifier's probability,
/// W₁ and W₀ the sums of weights of the numerator and the denominator in the training view.
/// </summary>
/// <remarks>
/// Cranmer, Pavez and Louppe, arXiv:1506.02169. ML.NET writes p as Single: beyond |ln r| ≈ 16 it is 0 or 1 and ln r is clipped.
/// Events that the classifier scores should not be those that it was trained with; split or cross-validate.
/// </remarks>
public sealed class LikelihoodRatioEstimator : IEstimator<LikelihoodRatioTransformer>
{
    private readonly MLContext _mlContext;
    private readonly IEstimator<ITransformer> _classifier;
    private readonly LikelihoodRatioOptions _options;

    internal LikelihoodRatioEstimator(
        MLContext mlContext, IEstimator<ITransformer> classifier, LikelihoodRatioOptions options)
    {
        _mlContext = mlContext;
        _classifier = classifier;
        _options = options;
    }

    /// <summary>Trains the classifier and takes the class balance out of its probability.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a weight is not above 0 (ML.NET's trainers drop such rows without a word), one of the
    /// samples is empty, or the classifier yields no probability.
    /// </exception>
    public LikelihoodRatioTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        double logPriorOdds = ClassBalance.LogOdds(input, _options.LabelColumn, _options.WeightColumn);
        ITransformer fitted = _classifier.Fit(input);
        RequireProbability(SchemaShapes.Of(fitted.GetOutputSchema(input.Schema)));
        return new LikelihoodRatioTransformer(fitted, ProbabilityRatioTransformer.Create(
            _mlContext, _options.ProbabilityColumn, _options.OutputColumn, logPriorOdds, _options.MaxAbsLogRatio));
    }

    /// <summary>The classifier's columns with the log ratio behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type, or the classifier yields no probability.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.Require(inputSchema, _options.LabelColumn, BooleanDataViewType.Instance);
        if (_options.WeightColumn is { } weight)
        {
            InputColumns.Require(inputSchema, weight, NumberDataViewType.Single);
        }

        SchemaShape scored = _classifier.GetOutputSchema(inputSchema);
        RequireProbability(scored);
        return SchemaShapes.With(
            scored, ColumnBinding.OutputSchema([_options.OutputColumn], ProbabilityRatioTransformer.Kind.Annotations));
    }

    private void RequireProbability(SchemaShape scored)
    {
        if (!scored.Any(column => column.Name == _options.ProbabilityColumn))
        {
            throw new DataException(
                $"The classifier writes no column '{_options.ProbabilityColumn}', only {string.Join(", ", scored.Select(c => c.Name))}; "
                + "choose a trainer with calibrated probabilities, or append a calibrator (BinaryClassification.Calibrators).");
        }

        InputColumns.Require(scored, _options.ProbabilityColumn, NumberDataViewType.Single);
    }
}

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
