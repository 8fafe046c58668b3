using Gbi.Events;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

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

    /// <summary>
    /// Share of the rows that the classifier is not trained with: their denominator events measure the mean ratio, which Fit brings to 1.
    /// Range: (0, 1).
    /// </summary>
    public double HeldOutFraction
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(HeldOutFraction), value, "HeldOutFraction must lie between 0 and 1: it is the share of rows that normalise the ratio.");
    } = 0.2;

    /// <summary>Largest |ln r| passed on; larger values are clipped. Range: (0, ∞).</summary>
    public double MaxAbsLogRatio
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxAbsLogRatio), value, "MaxAbsLogRatio must be above 0: it bounds |log r|.");
    } = 20;
}

/// <summary>
/// Turns a binary classifier of ML.NET into a likelihood ratio: ln r(x) = ln p/(1−p) − ln(W₁/W₀) + ln κ, p the classifier's probability,
/// W₁ and W₀ the sums of weights of the numerator and the denominator in the training view, κ such that the mean of r over denominator
/// events that the classifier was not trained with is 1 where it is off by more than two standard errors, else 1.
/// </summary>
/// <remarks>
/// Cranmer, Pavez and Louppe, arXiv:1506.02169. ML.NET writes p as Single: beyond |ln r| ≈ 16 it is 0 or 1. Such a probability, which the
/// last cell of an isotonic or naive calibrator has too, is worth what the rows held out say: the ratio of both samples' shares of it, one
/// event standing for none, and at the least the largest ratio of the other rows.
/// Events that the classifier scores should not be those that it was trained with; split or cross-validate.
/// </remarks>
public sealed class LikelihoodRatioEstimator : IEstimator<LikelihoodRatioTransformer>
{
    private const double ShareOfBalance = 0.05;
    private const double ShareUpToClassifier = 0.9;

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

    /// <summary>
    /// Trains the classifier, takes the class balance out of its probability and normalises the ratio on the rows held out. A mean ratio
    /// before that far from 1 is a warning in ML.NET's log: of class weights within the trainer, of a weight column that only one side was
    /// told of, or of a probability that is none.
    /// </summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a weight is not above 0 (ML.NET's trainers drop such rows without a word), one of the
    /// samples is empty, the classifier yields no probability, or the rows held out do not determine the mean ratio.
    /// </exception>
    public LikelihoodRatioTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">Rows of both samples.</param>
    /// <param name="progress">Told the finished fraction after each step: the class balance, the classifier, the mean ratio.</param>
    /// <param name="cancellation">
    /// Stops between the steps and wherever rows are read, also by the classifier; a trainer of ML.NET that has its rows in memory runs to
    /// its end.
    /// </param>
    /// <exception cref="DataException">As above.</exception>
    public LikelihoodRatioTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        IDataView rows = StoppableView.Of(input, cancellation);
        double logPriorOdds = ClassBalance.LogOdds(rows, _options.LabelColumn, _options.WeightColumn);
        progress?.Report(ShareOfBalance);
        DataOperationsCatalog.TrainTestData parts = _mlContext.Data.TrainTestSplit(rows, _options.HeldOutFraction, seed: 1);
        ITransformer fitted = StoppableView.Run(() => _classifier.Fit(parts.TrainSet), cancellation);
        progress?.Report(ShareUpToClassifier);
        RequireProbability(SchemaShapes.Of(fitted.GetOutputSchema(input.Schema)));
        HeldOutMean mean = StoppableView.Run(
            () => HeldOutMean.Of(fitted.Transform(parts.TestSet), _options, logPriorOdds), cancellation);
        Warn(mean);
        progress?.Report(1);
        return new LikelihoodRatioTransformer(fitted, ProbabilityRatioTransformer.Create(
            _mlContext, _options, new ProbabilityToRatio(logPriorOdds, mean.LogNormalisation, _options.MaxAbsLogRatio)
            {
                Features = FeatureSlots.Of(fitted, input.Schema),
                Certain = mean.Certain,
            }), mean.Ratio);
    }

    private void Warn(HeldOutMean mean)
    {
        if (mean.IsFarFromOne)
        {
            using IChannel channel = ((IChannelProvider)_mlContext).Start(nameof(LikelihoodRatioEstimator));
            channel.Warning(MessageSensitivity.None, "{0}", mean.Remark);
        }
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
        return SchemaShapes.With(scored, ColumnBinding.OutputSchema([_options.OutputColumn], [ColumnRole.LogRatio]));
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
/// <remarks>
/// Saved as a chain of the classifier and built-in transformers; see <see cref="GbiCatalog.Restore"/>. For ML.NET's tools, such as
/// PermutationFeatureImportance, it is the classifier.
/// </remarks>
public sealed class LikelihoodRatioTransformer : ISingleFeaturePredictionTransformer<object>
{
    private readonly ProbabilityRatioTransformer _ratio;
    private readonly ITransformer _chain;

    internal LikelihoodRatioTransformer(ITransformer classifier, ProbabilityRatioTransformer ratio, Estimate? meanRatio = null)
    {
        Classifier = classifier;
        MeanRatio = meanRatio;
        _ratio = ratio;
        _chain = new TransformerChain<ITransformer>(classifier, ratio);
    }

    /// <summary>The trained classifier.</summary>
    public ITransformer Classifier { get; }

    /// <summary>ln(W₁/W₀) of the training view, which was taken out of the classifier's log odds.</summary>
    public double LogPriorOdds => _ratio.Model.LogPriorOdds;

    /// <summary>ln κ, which makes the mean of r over the held-out denominator events 1 where it was significantly off; else 0.</summary>
    public double LogNormalisation => _ratio.Model.LogNormalisation;

    /// <summary>
    /// The mean of r over the held-out denominator events before that, with its statistical error; null in a loaded model.
    /// </summary>
    public Estimate? MeanRatio { get; }

    /// <summary>Largest |ln r| passed on.</summary>
    public double MaxAbsLogRatio => _ratio.Model.MaxAbsLogRatio;

    /// <summary>Whether the classifier maps row by row; the ratio does.</summary>
    public bool IsRowToRowMapper => _chain.IsRowToRowMapper;

    /// <summary>The column that the classifier reads its features from; empty where it does not say.</summary>
    public string FeatureColumnName => FeatureSlots.Predictor(Classifier)?.FeatureColumnName ?? "";

    /// <summary>The type of that column.</summary>
    public DataViewType FeatureColumnType => FeatureSlots.Predictor(Classifier)?.FeatureColumnType ?? NumberDataViewType.Single;

    /// <summary>What the classifier learnt.</summary>
    public object Model => FeatureSlots.Predictor(Classifier)?.Model ?? Classifier;

    /// <summary>The schema with the classifier's columns and the log ratio behind it.</summary>
    /// <exception cref="DataException">
    /// The probability column is missing or of another type, or the features have other slot names than in training.
    /// </exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _ratio.Model.Features?.Require(inputSchema);
        return _chain.GetOutputSchema(inputSchema);
    }

    /// <summary>The view with the classifier's columns and the log ratio behind its own.</summary>
    /// <exception cref="DataException">
    /// The probability column is missing or of another type, or the features have other slot names than in training.
    /// </exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ratio.Model.Features?.Require(input.Schema);
        return _chain.Transform(input);
    }

    /// <summary>A mapper for single rows of a schema, as prediction engines use it.</summary>
    /// <exception cref="DataException">The features have other slot names than in training.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _ratio.Model.Features?.Require(inputSchema);
        return _chain.GetRowToRowMapper(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => _chain.Save(ctx);
}
