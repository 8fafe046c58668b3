using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Calibration;
using Gbi.Events;
using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Models;

/// <content>The ratio as text: JSON with the bytes of its files in base 64, and how they are run.</content>
public sealed partial class OnnxRatio
{
    private const string Format = "gbi-onnx-ratio/1";

    /// <summary>The ratio as one line of text that <see cref="Parse"/> reads.</summary>
    public string Serialize() => JsonSerializer.Serialize(
        new OnnxRatioDocument
        {
            Format = Format,
            Models = [.. Sources],
            Options = _options,
            Calibration = Calibration is null ? null : CalibrationFormat.ToDocument(Calibration),
            LogNormalisation = LogNormalisation,
            NormalisationError = NormalisationError,
        },
        OnnxJson.Default.OnnxRatioDocument);

    /// <summary>Reads what <see cref="Serialize"/> wrote, and opens it on the device that stands in it.</summary>
    /// <exception cref="DataException">The text is no such ratio of this version, or the device cannot be had.</exception>
    public static OnnxRatio Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            OnnxRatioDocument document = JsonSerializer.Deserialize(text, OnnxJson.Default.OnnxRatioDocument)
                ?? throw new JsonException("The document is null.");
            if (document.Format != Format)
            {
                throw new DataException(
                    $"The ratio by networks has format '{document.Format}', expected '{Format}'; save it again with this version.");
            }

            OnnxRatio opened = Open([.. document.Models.Select(model => OnnxSource.Of(model.Bytes, model.Name))], document.Options);
            return new OnnxRatio(opened._network, document.Options)
            {
                Calibration = document.Calibration is { } map ? CalibrationFormat.FromDocument(map) : null,
                LogNormalisation = document.LogNormalisation,
                NormalisationError = document.NormalisationError,
            };
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            throw new DataException($"The text is no ratio by networks: {failure.Message}", failure);
        }
    }
}

/// <summary>What the text of a ratio by networks holds.</summary>
internal sealed record OnnxRatioDocument
{
    public required string Format { get; init; }

    public required OnnxSource[] Models { get; init; }

    public required OnnxRatioOptions Options { get; init; }

    public CalibrationDocument? Calibration { get; init; }

    public double LogNormalisation { get; init; }

    public double NormalisationError { get; init; }
}

/// <summary>What the text of a systematic by a network holds.</summary>
internal sealed record OnnxSystematicDocument
{
    public required string Format { get; init; }

    public required OnnxSource Model { get; init; }

    public required OnnxOptions Options { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OnnxRatioDocument))]
[JsonSerializable(typeof(OnnxSystematicDocument))]
internal sealed partial class OnnxJson : JsonSerializerContext;
