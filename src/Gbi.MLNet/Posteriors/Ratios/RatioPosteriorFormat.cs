using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Misspecification;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;
using Gbi.Trees.Model;

namespace Gbi.Posteriors.Ratios;

/// <content>The posterior as a file: a zip archive with one JSON document, whose bytes depend on the posterior alone.</content>
public sealed partial class RatioPosterior
{
    private const string EntryName = "ratio-posterior.json";

    /// <summary>Writes the posterior.</summary>
    /// <param name="path">Name of the file.</param>
    /// <param name="overwrite">Whether a file of this name may be replaced.</param>
    /// <exception cref="DataException">The file exists or cannot be written, or the prior is known as code alone.</exception>
    public void Save(string path, bool overwrite = false)
    {
        using var file = new PendingFile(path, overwrite);
        Save(file);
        file.Complete();
    }

    /// <summary>Writes it to a file that the caller completes.</summary>
    internal void Save(PendingFile file)
    {
        RatioPosteriorDocument document = ToDocument();
        PosteriorArchive.Write(
            file.Stream, EntryName,
            stream => JsonSerializer.Serialize(stream, document, RatioPosteriorJson.Default.RatioPosteriorDocument));
    }

    /// <summary>Reads what <see cref="Save(string, bool)"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing, damaged, or no posterior by ratios of this version.</exception>
    public static RatioPosterior Load(string path) => PosteriorArchive.Read(path, EntryName, (stream, folder) => FromDocument(
        JsonSerializer.Deserialize(stream, RatioPosteriorJson.Default.RatioPosteriorDocument)
            ?? throw new InvalidDataException("its document is null"),
        folder));

    /// <summary>Whether a file holds a posterior by ratios, of this version or another one.</summary>
    internal static bool IsIn(string path) => PosteriorArchive.Has(path, EntryName);

    internal RatioPosteriorDocument ToDocument() => new()
    {
        Format = RatioPosteriorDocument.CurrentFormat,
        Loss = _options.Loss,
        NormalisationDraws = _options.NormalisationDraws,
        FirstProposals = _options.Sampling.FirstProposals,
        Sampling = _options.Sampling,
        Seed = _seed.Value,
        Members = [.. _members.Select(TreeEnsembleFormat.ToBytes)],
        Posterior = Uncorrected?.ToDocument(),
        Reference = _contrast is ReferenceDensity reference
            ? new ReferenceDocument
            {
                Prior = Prior.ToJson(holdsRows: true),
                Features = [.. Features],
                First = [.. reference.Summaries.First.Select(round => (MeanDocument[])[.. round.Select(TreePosterior.ToDocument)])],
                Means = [.. reference.Summaries.Means.Select(TreePosterior.ToDocument)],
                Products = [.. reference.Summaries.Products.Select(TreePosterior.ToDocument)],
                Parts = reference.Parts,
                IsPrior = reference.IsPrior,
                Alarm = _alarm.State,
            }
            : null,
    };

    internal static RatioPosterior FromDocument(RatioPosteriorDocument document, string folder)
    {
        if (document.Format != RatioPosteriorDocument.CurrentFormat)
        {
            throw new InvalidDataException(
                $"its format is '{document.Format}', expected '{RatioPosteriorDocument.CurrentFormat}': train it again with this version");
        }

        var options = new RatioPosteriorOptions
        {
            Loss = document.Loss,
            NormalisationDraws = document.NormalisationDraws,
            Sampling = document.Sampling with { FirstProposals = document.FirstProposals },
        };
        TreeEnsemble[] members = [.. document.Members.Select(TreeEnsembleFormat.FromBytes)];
        var seed = new Seed(document.Seed);
        if (members.Length == 0 || (document.Posterior is null) == (document.Reference is null))
        {
            throw new InvalidDataException("it has no trees, or not one contrast");
        }

        if (document.Posterior is not null)
        {
            var posterior = TreePosterior.FromDocument(document.Posterior, folder);
            return new RatioPosterior(
                new TreeContrast(posterior), members, posterior.Alarm ?? throw new InvalidDataException("it has no alarm"),
                [.. posterior.Features], options, seed);
        }

        ReferenceDocument of = document.Reference!;
        Prior prior = Prior.FromJson(of.Prior, folder);
        if (of.Parts.Length != prior.Parameters.Count)
        {
            throw new InvalidDataException($"it has densities of {of.Parts.Length} parameters, expected {prior.Parameters.Count}");
        }

        var reference = new ReferenceDensity(
            prior, TreePosterior.FromDocuments(of.First, of.Means, of.Products), of.Parts, of.IsPrior);
        return new RatioPosterior(reference, members, new MisspecificationAlarm(of.Alarm), of.Features, options, seed);
    }
}

/// <summary>A posterior by ratios as it is written: its trees and one contrast.</summary>
internal sealed record RatioPosteriorDocument
{
    public const string CurrentFormat = "gbi-ratio-posterior/1";

    public required string Format { get; init; }

    public required RatioLoss Loss { get; init; }

    public required int NormalisationDraws { get; init; }

    public required int FirstProposals { get; init; }

    public required SamplingOptions Sampling { get; init; }

    public required ulong Seed { get; init; }

    public required byte[][] Members { get; init; }

    public required TreePosteriorDocument? Posterior { get; init; }

    public required ReferenceDocument? Reference { get; init; }
}

/// <summary>The contrast of a posterior by ratios that corrects no other.</summary>
internal sealed record ReferenceDocument
{
    public required string Prior { get; init; }

    public required string[] Features { get; init; }

    public required MeanDocument[][] First { get; init; }

    public required MeanDocument[] Means { get; init; }

    public required ProductDocument[] Products { get; init; }

    public required ReferenceDensity.Part[] Parts { get; init; }

    public required bool IsPrior { get; init; }

    public required MisspecificationState Alarm { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RatioPosteriorDocument))]
internal sealed partial class RatioPosteriorJson : JsonSerializerContext;
