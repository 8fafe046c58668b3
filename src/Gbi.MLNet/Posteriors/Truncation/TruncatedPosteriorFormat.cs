using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Ratios;

namespace Gbi.Posteriors.Truncation;

/// <content>The posterior as a file: a zip archive with one JSON document, which holds the posteriors of all rounds.</content>
public sealed partial class TruncatedPosterior
{
    private const string EntryName = "truncated-posterior.json";

    /// <summary>Writes the posterior.</summary>
    /// <param name="path">Name of the file.</param>
    /// <param name="overwrite">Whether a file of this name may be replaced.</param>
    /// <exception cref="DataException">The file exists or cannot be written, or the prior is known as rows or code alone.</exception>
    public void Save(string path, bool overwrite = false)
    {
        using var file = new PendingFile(path, overwrite);
        Save(file);
        file.Complete();
    }

    /// <summary>Reads what <see cref="Save(string, bool)"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing, damaged, or no posterior of one observation of this version.</exception>
    public static TruncatedPosterior Load(string path) => PosteriorArchive.Read(path, EntryName, (stream, folder) =>
    {
        TruncatedPosteriorDocument document =
            JsonSerializer.Deserialize(stream, TruncatedPosteriorJson.Default.TruncatedPosteriorDocument)
            ?? throw new InvalidDataException("its document is null");
        if (document.Format != TruncatedPosteriorDocument.CurrentFormat || document.Borders.Length != document.Rounds.Length)
        {
            throw new InvalidDataException(
                $"its format is '{document.Format}', expected '{TruncatedPosteriorDocument.CurrentFormat}': infer it again with this "
                    + "version");
        }

        RatioPosterior? corrected = document.Corrected is null ? null : RatioPosterior.FromDocument(document.Corrected, folder);
        TreePosterior inner = (document.Posterior is null ? corrected?.Uncorrected : TreePosterior.FromDocument(document.Posterior, folder))
            ?? throw new InvalidDataException("it has no posterior of the last round");
        EventTable observation = EventTable.FromColumns(
            [.. inner.Features.Zip(document.Observation, (name, value) => (name, (float[])[value]))]);
        DensityBound[] bounds =
        [
            .. document.Rounds.Zip(
                document.Borders, (round, border) => new DensityBound(TreePosterior.FromDocument(round, folder), border)),
        ];
        return new TruncatedPosterior(inner, new HighDensityRegion(observation, bounds), corrected, document.LogNorm);
    });

    /// <summary>Whether a file holds a posterior of one observation.</summary>
    internal static bool IsIn(string path) => PosteriorArchive.Has(path, EntryName);

    /// <summary>Writes the posterior to an output that was begun before.</summary>
    internal void Save(PendingFile file)
    {
        var document = new TruncatedPosteriorDocument
        {
            Format = TruncatedPosteriorDocument.CurrentFormat,
            Observation = [.. Features.Select(name => Observation[name][0])],
            LogNorm = _logNorm,
            Borders = [.. _region.Bounds.Select(bound => bound.LogDensity)],
            Posterior = Corrected is null ? _inner.ToDocument() : null,
            Corrected = Corrected?.ToDocument(),
            Rounds = [.. _region.Bounds.Select(bound => ((TreePosterior)bound.Model).ToDocument())],
        };
        PosteriorArchive.Write(
            file.Stream, EntryName,
            stream => JsonSerializer.Serialize(stream, document, TruncatedPosteriorJson.Default.TruncatedPosteriorDocument));
    }
}

/// <summary>A posterior of one observation as it is written.</summary>
internal sealed record TruncatedPosteriorDocument
{
    public const string CurrentFormat = "gbi-truncated-posterior/1";

    public required string Format { get; init; }

    public required float[] Observation { get; init; }

    public required double LogNorm { get; init; }

    public required double[] Borders { get; init; }

    public required TreePosteriorDocument? Posterior { get; init; }

    public RatioPosteriorDocument? Corrected { get; init; }

    public required TreePosteriorDocument[] Rounds { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TruncatedPosteriorDocument))]
internal sealed partial class TruncatedPosteriorJson : JsonSerializerContext;
