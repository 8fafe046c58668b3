using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Calibration;
using Gbi.Events;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Ratios;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators;

/// <summary>What a classifier's number means.</summary>
public enum CalibrateInput
{
    /// <summary>
    /// A raw score that rises with the ratio and runs like log odds, as the Score of ML.NET's binary trainers does: 0 for a toss-up, no
    /// bounds.
    /// </summary>
    LogOdds,

    /// <summary>A probability p in [0, 1], which is taken as the score ln p/(1−p).</summary>
    Probability,
}

/// <summary>Columns and method of a calibration.</summary>
public sealed record CalibrateOptions
{
    /// <summary>Column with the classifier's score or probability: Single, or with a <see cref="Slot"/> a vector of Single.</summary>
    public string ScoreColumn { get; init; } = "Score";

    /// <summary>
    /// Position, from 0, of the number that is taken of a vector, such as that of the numerator's class; null for a column of one number.
    /// </summary>
    public int? Slot
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(Slot), value, "Slot must be 0 or more: it is a position in a vector.");
    }

    /// <summary>Whether the column holds log odds or a probability.</summary>
    public CalibrateInput Input
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(Input), value, $"Input must be one of {string.Join(", ", Enum.GetNames<CalibrateInput>())}.");
    } = CalibrateInput.LogOdds;

    /// <summary>Boolean column: true for events of the numerator, false for those of the denominator.</summary>
    public string LabelColumn { get; init; } = "Label";

    /// <summary>Single column of event weights, which may be negative; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>Name of the appended column, ln r.</summary>
    public string OutputColumn { get; init; } = "LogRatio";

    /// <summary>Method and sizes.</summary>
    public CalibrationOptions Calibration { get; init; } = new();

    /// <summary>Largest |ln r| passed on, and largest |ln p/(1−p)| of a probability; larger values are clipped. Range: (0, ∞).</summary>
    public double MaxAbsLogRatio
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxAbsLogRatio), value, "MaxAbsLogRatio must be above 0: it bounds |log r|.");
    } = 20;
}

/// <summary>
/// Turns the score s of any classifier into ln r = ln p₁(s)/p₀(s) + ln κ: calibrated on the events that it is fitted to, free of their
/// class balance, with κ such that their mean r over the denominator is 1. Weights may be negative.
/// </summary>
/// <remarks>
/// Fit it on rows that the classifier did not see: on its training rows a classifier is surer than it should be, and so is the
/// calibrated ratio. Cranmer, Pavez and Louppe, arXiv:1506.02169.
/// </remarks>
public sealed class CalibrateEstimator : IEstimator<CalibrateTransformer>
{
    private readonly MLContext _mlContext;
    private readonly CalibrateOptions _options;

    internal CalibrateEstimator(MLContext mlContext, CalibrateOptions options)
    {
        _mlContext = mlContext;
        _options = options;
    }

    /// <summary>Fits the map from score to log ratio.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a score or weight is not finite or a probability not in [0, 1], the weights of a sample
    /// do not sum to more than 0, or the rows do not determine the calibration.
    /// </exception>
    public CalibrateTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>The same with progress and cancellation.</summary>
    /// <param name="input">Rows of both samples.</param>
    /// <param name="progress">Told 1 at the end.</param>
    /// <param name="cancellation">Stops while rows are read.</param>
    /// <exception cref="DataException">As above.</exception>
    public CalibrateTransformer Fit(IDataView input, IProgress<double>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        InputColumn score = LabelledScores.ScoreInput(input.Schema, _options);
        LabelledScores rows = LabelledScores.Read(StoppableView.Of(input, cancellation), _options);
        IRatioCalibration calibration = RatioCalibration.Fit(rows.Scores, rows.IsNumerator, rows.Weights, _options.Calibration)
            ?? throw new DataException(
                $"The {rows.Scores.Length:N0} rows of '{_options.ScoreColumn}' do not determine a {_options.Calibration.Method} "
                    + $"calibration: "
                + $"it needs {RatioCalibration.Requirement(_options.Calibration)}; give more rows, a lower MinEventsInCell or another "
                + $"Method.");
        var binding = new ColumnBinding([score], [_options.OutputColumn]);
        double logNormalisation = -Math.Log(rows.MeanRatio(calibration));
        progress?.Report(1);
        return CalibrateTransformer.Create(
            _mlContext, binding, new CalibrateTransformer.ScoreModel(
                calibration, logNormalisation, _options.Input, _options.MaxAbsLogRatio, _options.Slot ?? 0, score.Width));
    }

    /// <summary>The input's columns with the log ratio behind them.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (_options.Slot is null)
        {
            InputColumns.Require(inputSchema, _options.ScoreColumn, NumberDataViewType.Single);
        }
        else
        {
            InputColumns.RequireVector(inputSchema, _options.ScoreColumn);
        }

        InputColumns.Require(inputSchema, _options.LabelColumn, BooleanDataViewType.Instance);
        if (_options.WeightColumn is { } weight)
        {
            InputColumns.Require(inputSchema, weight, NumberDataViewType.Single);
        }

        return SchemaShapes.With(inputSchema, ColumnBinding.OutputSchema([_options.OutputColumn], [ColumnRole.LogRatio]));
    }
}

/// <summary>Appends the calibrated ln r of a score or a probability, clipped to a largest magnitude; NaN where the score is NaN.</summary>
public sealed class CalibrateTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "Calibrate",
        ScoreModel.Parse,
        (mlContext, binding, model) => new CalibrateTransformer(mlContext, binding, (ScoreModel)model));

    private readonly ScoreModel _model;

    private CalibrateTransformer(MLContext mlContext, ColumnBinding binding, ScoreModel model)
        : base(mlContext, Kind, binding, model) => _model = model;

    /// <summary>The map from score to log ratio, before normalisation.</summary>
    public IRatioCalibration Calibration => _model.Calibration;

    /// <summary>ln κ, which makes the mean of r over the denominator of the fit 1.</summary>
    public double LogNormalisation => _model.LogNormalisation;

    /// <summary>What the input column holds.</summary>
    public CalibrateInput Input => _model.Input;

    /// <summary>Largest |ln r| passed on.</summary>
    public double MaxAbsLogRatio => _model.MaxAbsLogRatio;

    /// <summary>Position of the number that is taken of a vector; 0 for a column of one number.</summary>
    public int Slot => _model.Slot;

    internal static CalibrateTransformer Create(MLContext mlContext, ColumnBinding binding, ScoreModel model) =>
        new(mlContext, binding, model);

    /// <summary>The score of an input: itself, or ln p/(1−p) within bounds, since a Single rounds p to 0 and 1.</summary>
    internal static double LogOdds(float value, CalibrateInput input, double maxAbs) => input == CalibrateInput.Probability
        ? Math.Clamp(LikelihoodRatio.LogRatio(value, logPriorOdds: 0), -maxAbs, maxAbs)
        : value;

    /// <summary>The map of a score.</summary>
    internal sealed record ScoreModel(
        IRatioCalibration Calibration, double LogNormalisation, CalibrateInput Input, double MaxAbsLogRatio, int Slot, int Width)
        : IRowModel
    {
        public int BlockSize => 1;

        public IReadOnlyList<ColumnRole> Roles => [ColumnRole.LogRatio];

        public static ScoreModel Parse(string text)
        {
            try
            {
                ScoreModelDocument document = JsonSerializer.Deserialize(text, CalibrateJson.Default.ScoreModelDocument)
                    ?? throw new JsonException("The document is null.");
                return new ScoreModel(
                    CalibrationFormat.FromDocument(document.Calibration), document.LogNormalisation, document.Input,
                    document.MaxAbsLogRatio, document.Slot, document.Width);
            }
            catch (Exception failure) when (failure is JsonException or ArgumentException)
            {
                throw new DataException(
                    $"The model's calibration cannot be read: {failure.Message} The file is damaged or of a later version.", failure);
            }
        }

        public void Evaluate(ReadOnlyMemory<float> rows, int count, Memory<float> outputs)
        {
            for (int i = 0; i < count; i++)
            {
                // Calibrated at the precision in which it was fitted, so that fitted rows fall into their own cells.
                float score = (float)LogOdds(rows.Span[(i * Width) + Slot], Input, MaxAbsLogRatio);
                outputs.Span[i] = LikelihoodRatio.Clip(LogNormalisation + Calibration.LogRatio(score), MaxAbsLogRatio);
            }
        }

        public string Serialize() => JsonSerializer.Serialize(
            new ScoreModelDocument
            {
                Calibration = CalibrationFormat.ToDocument(Calibration),
                LogNormalisation = LogNormalisation,
                Input = Input,
                MaxAbsLogRatio = MaxAbsLogRatio,
                Slot = Slot,
                Width = Width,
            },
            CalibrateJson.Default.ScoreModelDocument);
    }
}

/// <summary>What a saved calibration holds.</summary>
internal sealed record ScoreModelDocument
{
    public required CalibrationDocument Calibration { get; init; }

    public required double LogNormalisation { get; init; }

    public required CalibrateInput Input { get; init; }

    public required double MaxAbsLogRatio { get; init; }

    public int Slot { get; init; }

    public int Width { get; init; } = 1;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ScoreModelDocument))]
internal sealed partial class CalibrateJson : JsonSerializerContext;
