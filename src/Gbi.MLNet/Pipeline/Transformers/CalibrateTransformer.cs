using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Calibration;
using Gbi.Events;
using Gbi.Pipeline.Appending;
using Gbi.Pipeline.Estimators;
using Gbi.Pipeline.Persistence;
using Gbi.Pipeline.Views;
using Gbi.Ratios;
using Microsoft.ML;

namespace Gbi.Pipeline.Transformers;

/// <summary>Appends the calibrated ln r of a score or a probability, clipped to a largest magnitude; NaN where the score is NaN.</summary>
public sealed class CalibrateTransformer : AppendingTransformer
{
    internal static readonly TransformerKind Kind = new(
        "Calibrate",
        ColumnAnnotations.LogRatio,
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

    internal static CalibrateTransformer Create(
        MLContext mlContext,
        ColumnBinding binding,
        IRatioCalibration calibration,
        double logNormalisation,
        CalibrateInput input,
        double maxAbsLogRatio) =>
        new(mlContext, binding, new ScoreModel(calibration, logNormalisation, input, maxAbsLogRatio));

    /// <summary>The score of an input: itself, or ln p/(1−p) within bounds, since a Single rounds p to 0 and 1.</summary>
    internal static double LogOdds(float value, CalibrateInput input, double maxAbs) => input == CalibrateInput.Probability
        ? Math.Clamp(LikelihoodRatio.LogRatio(value, logPriorOdds: 0), -maxAbs, maxAbs)
        : value;

    private sealed record ScoreModel(IRatioCalibration Calibration, double LogNormalisation, CalibrateInput Input, double MaxAbsLogRatio)
        : IRowModel
    {
        public int BlockSize => 1;

        public static ScoreModel Parse(string text)
        {
            try
            {
                ScoreModelDocument document = JsonSerializer.Deserialize(text, CalibrateJson.Default.ScoreModelDocument)
                    ?? throw new JsonException("The document is null.");
                return new ScoreModel(
                    CalibrationFormat.FromDocument(document.Calibration), document.LogNormalisation, document.Input,
                    document.MaxAbsLogRatio);
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
                float score = (float)LogOdds(rows.Span[i], Input, MaxAbsLogRatio);
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
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ScoreModelDocument))]
internal sealed partial class CalibrateJson : JsonSerializerContext;
