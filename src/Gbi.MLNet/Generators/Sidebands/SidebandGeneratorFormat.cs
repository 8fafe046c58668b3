using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Trees.Model;

namespace Gbi.Generators.Sidebands;

/// <content>The generator as text: JSON whose trees are base-64.</content>
public sealed partial class SidebandGenerator
{
    private const string Format = "gbi-sideband/2";

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
            Parameters = Spectrum.Fitted.Parameters,
            Covariance = Spectrum.Fitted.Covariance,
            GoodnessOfFit = Spectrum.GoodnessOfFit,
            Candidates = [.. Spectrum.Candidates.Select(SpectrumCandidateDocument.Of)],
            Centre = _scale.Centre,
            Scale = _scale.Scale,
            MassNodeCount = _nodes.Weights.Length,
            SidebandWeight = SidebandWeight,
            Folds = [.. _ratio.Folds.Select(members => (byte[]?[])[.. members.Select(TreeEnsembleFormat.ToBytes)])],
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
            if (read.Format != Format)
            {
                throw new DataException(
                    $"The sideband generator has format '{read.Format}', expected '{Format}'; learn it again with this version.");
            }

            RequireSizes(read);
            var window = new MassWindow(
                read.Low, read.High, read.OuterLow ?? double.NegativeInfinity, read.OuterHigh ?? double.PositiveInfinity);
            MassSpectrum spectrum = MassSpectrum.Restore(
                new SpectrumFit(read.Spectrum, read.SpectrumLow, read.SpectrumHigh, read.Parameters, read.Covariance),
                read.GoodnessOfFit,
                [.. (read.Candidates ?? []).Select(candidate => candidate.Restore(read.SpectrumLow, read.SpectrumHigh))]);
            JointOverMarginalRatio ratio = ReadRatio(read);
            var scale = new StandardisedMass(read.Centre, read.Scale);
            return new SidebandGenerator(
                window, spectrum, scale, ratio, MassNodes.Of(window, spectrum, scale, read.MassNodeCount), read.SidebandWeight);
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or ArgumentException)
        {
            throw new DataException($"The text is not a sideband generator: {failure.Message}", failure);
        }
    }

    private static void RequireSizes(SidebandGeneratorDocument read)
    {
        int size = read.Spectrum.ParameterCount;
        if (read.Parameters.Length != size || read.Covariance.Length != size * size)
        {
            throw new InvalidDataException(
                $"A spectrum of {size} parameters has {read.Parameters.Length} of them and {read.Covariance.Length} covariances.");
        }

        if (!(read.Scale > 0 && read.SidebandWeight > 0 && read.MassNodeCount > 0))
        {
            throw new InvalidDataException("Its scale, sideband weight and number of mass nodes must be above 0.");
        }
    }

    private static JointOverMarginalRatio ReadRatio(SidebandGeneratorDocument read)
    {
        TreeEnsemble[][] folds = [.. read.Folds.Select(members => members?.Select(TreeEnsembleFormat.FromBytes).ToArray() ?? [])];
        int members = folds.Length > 0 ? folds[0].Length : 0;
        bool sound = members > 0
            && folds.Length == read.LogMeans.Length
            && folds.All(
                fold =>
                    fold.Length == members
                        && fold.All(
                            model =>
                                model.OutputCount == JointOverMarginalRatio.CoefficientCount
                                    && model.Features.SequenceEqual(folds[0][0].Features)))
            && read.LogMeans.All(fold => fold?.Length == members && fold.All(means => means?.Length == JointOverMarginalRatio.GridSize));
        return sound
            ? new JointOverMarginalRatio(folds, [.. read.LogMeans.Select(fold => fold!.Select(means => means!).ToArray())])
            : throw new InvalidDataException("Its folds are empty or differ in members, features, outputs or normalisation.");
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

    public SpectrumCandidateDocument[]? Candidates { get; init; }

    public required double Centre { get; init; }

    public required double Scale { get; init; }

    public required int MassNodeCount { get; init; }

    public required double SidebandWeight { get; init; }

    public required byte[]?[]?[] Folds { get; init; }

    public required double[]?[]?[] LogMeans { get; init; }
}

/// <summary>A function that the spectrum was chosen from.</summary>
internal sealed record SpectrumCandidateDocument(
    MassSpectrumOptions Options, double[] Parameters, double AicDifference, double Weight, double GoodnessOfFit)
{
    public static SpectrumCandidateDocument Of(SpectrumCandidate candidate) => new(
        candidate.Options, candidate.Parameters, candidate.AicDifference, candidate.Weight, candidate.GoodnessOfFit);

    public SpectrumCandidate Restore(double low, double high) => Parameters.Length == Options.ParameterCount
        ? new SpectrumCandidate(new SpectrumFit(Options, low, high, Parameters, []), AicDifference, Weight, GoodnessOfFit)
        : throw new InvalidDataException($"A spectrum of {Options.ParameterCount} parameters has {Parameters.Length} of them.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SidebandGeneratorDocument))]
internal sealed partial class SidebandGeneratorJson : JsonSerializerContext;
