using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Trees;

namespace Gbi.Generators;

/// <content>The generator as text: JSON whose trees are base-64.</content>
public sealed partial class SidebandGenerator
{
    private const string Format = "gbi-sideband/1";

    /// <summary>The generator, without events, as one line of text that <see cref="Parse"/> reads.</summary>
    public string Serialize()
    {
        var document = new SidebandGeneratorDocument
        {
            Format = Format,
            Low = Window.Low,
            High = Window.High,
            OuterLow = double.IsFinite(Window.OuterLow) ? Window.OuterLow : null,
            OuterHigh = double.IsFinite(Window.OuterHigh) ? Window.OuterHigh : null,
            Spectrum = Spectrum.Options,
            SpectrumLow = Spectrum.Low,
            SpectrumHigh = Spectrum.High,
            Parameters = Spectrum.Parameters.ToArray(),
            Covariance = Spectrum.Covariance.ToArray(),
            GoodnessOfFit = Spectrum.GoodnessOfFit,
            Centre = _scale.Centre,
            Scale = _scale.Scale,
            MassNodeCount = _nodeWeights.Length,
            SidebandWeight = SidebandWeight,
            Folds = [.. _ratio.Folds.Select(TreeEnsembleFormat.ToBytes)],
            LogMeans = _ratio.LogMeans,
        };
        return JsonSerializer.Serialize(document, SidebandGeneratorJson.Default.SidebandGeneratorDocument);
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="DataException">The text is not a sideband generator of this version.</exception>
    public static SidebandGenerator Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            SidebandGeneratorDocument read = JsonSerializer.Deserialize(text, SidebandGeneratorJson.Default.SidebandGeneratorDocument)
                ?? throw new JsonException("The document is null.");
            if (read.Format != Format || read.Folds.Length == 0 || read.Folds.Length != read.LogMeans.Length)
            {
                throw new DataException(
                    $"The sideband generator has format '{read.Format}', expected '{Format}'; learn it again with this version.");
            }

            var window = new MassWindow(
                read.Low, read.High, read.OuterLow ?? double.NegativeInfinity, read.OuterHigh ?? double.PositiveInfinity);
            MassSpectrum spectrum = MassSpectrum.Restore(
                read.Spectrum, read.SpectrumLow, read.SpectrumHigh, read.Parameters, read.Covariance, read.GoodnessOfFit);
            var ratio = new JointOverMarginalRatio([.. read.Folds.Select(TreeEnsembleFormat.FromBytes)], read.LogMeans);
            var scale = new StandardisedMass(read.Centre, read.Scale);
            return new SidebandGenerator(window, spectrum, scale, ratio, read.MassNodeCount, read.SidebandWeight);
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or EndOfStreamException)
        {
            throw new DataException($"The text is not a sideband generator: {failure.Message}", failure);
        }
    }
}

/// <summary>What a sideband generator's text holds.</summary>
internal sealed record SidebandGeneratorDocument
{
    public required string Format { get; init; }

    public required double Low { get; init; }

    public required double High { get; init; }

    public double? OuterLow { get; init; }

    public double? OuterHigh { get; init; }

    public required MassSpectrumOptions Spectrum { get; init; }

    public required double SpectrumLow { get; init; }

    public required double SpectrumHigh { get; init; }

    public required double[] Parameters { get; init; }

    public required double[] Covariance { get; init; }

    public required double GoodnessOfFit { get; init; }

    public required double Centre { get; init; }

    public required double Scale { get; init; }

    public required int MassNodeCount { get; init; }

    public required double SidebandWeight { get; init; }

    public required byte[][] Folds { get; init; }

    public required double[][] LogMeans { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SidebandGeneratorDocument))]
internal sealed partial class SidebandGeneratorJson : JsonSerializerContext;
