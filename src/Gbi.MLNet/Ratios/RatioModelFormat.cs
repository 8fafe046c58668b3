using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Calibration;
using Gbi.Events;
using Gbi.Trees.Model;

namespace Gbi.Ratios;

/// <content>The model as text: JSON whose trees are base-64 of <see cref="TreeEnsembleFormat"/>.</content>
public sealed partial class RatioModel
{
    private const string Format = "gbi-ratio/3";

    /// <summary>The model as one line of text that <see cref="Parse"/> reads.</summary>
    public string Serialize()
    {
        var document = new RatioModelDocument
        {
            Format = Format,
            Numerator = Numerator,
            Denominator = Denominator,
            Features = [.. Features],
            MaxAbsLogRatio = MaxAbsLogRatio,
            LogNormalisation = LogNormalisation,
            NormalisationError = NormalisationError,
            ConfidenceShift = ConfidenceShift,
            MissingValue = MissingValue,
            SometimesMissing = SometimesMissing is null ? null : [.. SometimesMissing],
            Calibration = Calibration is null ? null : CalibrationFormat.ToDocument(Calibration),
            FoldCalibrations = [.. FoldCalibrations.Select(CalibrationFormat.ToDocument)],
            FoldLogNormalisation = FoldLogNormalisation,
            Folds = [.. _folds.Select(members => members.Select(TreeEnsembleFormat.ToBytes).ToArray())],
        };
        return JsonSerializer.Serialize(document, RatioModelJson.Default.RatioModelDocument);
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="DataException">The text is not a ratio model of this version.</exception>
    public static RatioModel Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            RatioModelDocument document = JsonSerializer.Deserialize(text, RatioModelJson.Default.RatioModelDocument)
                ?? throw new JsonException("The document is null.");
            if (document.Format != Format)
            {
                throw new DataException(
                    $"The ratio model has format '{document.Format}', expected '{Format}'; train it again with this version.");
            }

            if (!(document.MaxAbsLogRatio > 0))
            {
                throw new InvalidDataException($"Its largest log ratio is {document.MaxAbsLogRatio}, expected more than 0.");
            }

            TreeEnsemble[][] folds = ReadFolds(document.Folds);
            RequireShift(document.ConfidenceShift, folds[0].Length);
            if (document.FoldCalibrations.Length != (document.Calibration is null ? 0 : folds.Length))
            {
                throw new InvalidDataException($"It has {document.FoldCalibrations.Length} calibrations for {folds.Length} folds.");
            }

            IRatioCalibration? calibration = document.Calibration is { } map ? CalibrationFormat.FromDocument(map) : null;
            return new RatioModel(document.Numerator, document.Denominator, folds, calibration, document.MaxAbsLogRatio)
            {
                LogNormalisation = document.LogNormalisation,
                FoldCalibrations = [.. document.FoldCalibrations.Select(CalibrationFormat.FromDocument)],
                FoldLogNormalisation = document.FoldLogNormalisation,
                NormalisationError = document.NormalisationError,
                ConfidenceShift = document.ConfidenceShift,
                MissingValue = document.MissingValue,
                SometimesMissing = document.SometimesMissing,
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or ArgumentException)
        {
            throw new DataException($"The text is not a ratio model: {failure.Message}", failure);
        }
    }

    private static TreeEnsemble[][] ReadFolds(byte[]?[]?[] folds)
    {
        TreeEnsemble[][] read = [.. folds.Select(members => (members ?? []).Select(TreeEnsembleFormat.FromBytes).ToArray())];
        TreeEnsemble[] all = [.. read.SelectMany(members => members)];
        bool sound = all.Length > 0
            && read.All(members => members.Length == read[0].Length)
            && all.All(member => member.OutputCount == 1 && member.Features.SequenceEqual(all[0].Features));
        return sound ? read : throw new InvalidDataException("Its folds are empty or differ in members, features or outputs.");
    }

    private static void RequireShift(double shift, int members)
    {
        if (!(shift >= 0 && double.IsFinite(shift) && (shift == 0 || members > 1)))
        {
            throw new InvalidDataException(
                $"Its confidence shift is {shift} with {members} members, expected a finite number not below 0, and 0 with one member.");
        }
    }

    /// <summary>The same model with the samples named.</summary>
    public RatioModel Named(string numerator, string denominator) => Copy(numerator, denominator, MissingValue);

    /// <summary>The same model with a number that stands for a missing value in files; null for none.</summary>
    public RatioModel WithMissingValue(double? value) => Copy(Numerator, Denominator, value);

    private RatioModel Copy(string numerator, string denominator, double? missingValue) =>
        new(numerator, denominator, _folds, Calibration, MaxAbsLogRatio)
        {
            LogNormalisation = LogNormalisation,
            FoldCalibrations = FoldCalibrations,
            FoldLogNormalisation = FoldLogNormalisation,
            NormalisationError = NormalisationError,
            ConfidenceShift = ConfidenceShift,
            MissingValue = missingValue,
            SometimesMissing = SometimesMissing,
        };
}

/// <summary>What a ratio model's text holds.</summary>
internal sealed record RatioModelDocument
{
    public required string Format { get; init; }

    public required string Numerator { get; init; }

    public required string Denominator { get; init; }

    public required string[] Features { get; init; }

    public required double MaxAbsLogRatio { get; init; }

    public required double LogNormalisation { get; init; }

    // Not required: a document of an older version is to be refused for its version.
    public double NormalisationError { get; init; }

    public double ConfidenceShift { get; init; }

    // NaN itself can stand for a missing value.
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public double? MissingValue { get; init; }

    public string[]? SometimesMissing { get; init; }

    public CalibrationDocument? Calibration { get; init; }

    public CalibrationDocument[] FoldCalibrations { get; init; } = [];

    public double FoldLogNormalisation { get; init; }

    public required byte[]?[]?[] Folds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RatioModelDocument))]
internal sealed partial class RatioModelJson : JsonSerializerContext;
