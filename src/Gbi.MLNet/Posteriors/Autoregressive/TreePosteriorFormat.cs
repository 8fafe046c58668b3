using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Posteriors.Autoregressive.Cells;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Posteriors.Misspecification;
using Gbi.Simulators.Priors;
using Gbi.Trees.Model;

namespace Gbi.Posteriors.Autoregressive;

/// <content>The posterior as a file: a zip archive with one JSON document, whose bytes depend on the posterior alone.</content>
public sealed partial class TreePosterior
{
    private const string EntryName = "posterior.json";

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

    /// <summary>Whether a file is an archive with a posterior, of this version or another one.</summary>
    internal static bool IsIn(string path) => PosteriorArchive.Has(path, EntryName);

    /// <summary>Reads what <see cref="Save(string, bool)"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing, damaged, or no posterior of this version.</exception>
    public static TreePosterior Load(string path) => PosteriorArchive.Read(path, EntryName, Read);

    /// <summary>Writes the posterior to an output that was begun before.</summary>
    internal void Save(PendingFile file) => Save(file.Stream);

    /// <summary>The posterior as text, from which <see cref="Parse"/> makes an equal one.</summary>
    internal string Serialize()
    {
        using var stream = new MemoryStream();
        Save(stream);
        return Convert.ToBase64String(stream.ToArray());
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="DataException">The text is damaged, or holds no posterior of this version.</exception>
    internal static TreePosterior Parse(string text)
    {
        try
        {
            using var stream = new MemoryStream(Convert.FromBase64String(text));
            return PosteriorArchive.ReadEntry(stream, EntryName, Path.GetFullPath("."), Read);
        }
        catch (Exception failure) when (failure is FormatException or InvalidDataException or JsonException or IndexOutOfRangeException)
        {
            throw new DataException(
                $"The text holds no posterior ({failure.Message.TrimEnd('.')}); fit and save the model again with this version.", failure);
        }
    }

    private static TreePosterior Read(Stream contents, string folder) => FromDocument(
        JsonSerializer.Deserialize(contents, TreePosteriorJson.Default.TreePosteriorDocument)
            ?? throw new InvalidDataException("its document is null"),
        folder);

    private void Save(Stream target) => PosteriorArchive.Write(
        target, EntryName, stream => JsonSerializer.Serialize(stream, ToDocument(), TreePosteriorJson.Default.TreePosteriorDocument));

    /// <summary>The posterior as it is written.</summary>
    internal TreePosteriorDocument ToDocument() => new()
    {
        Format = TreePosteriorDocument.CurrentFormat,
        Prior = Prior.ToJson(holdsRows: true),
        Features = [.. Features],
        SimulationCount = SimulationCount,
        First = [.. _summaries.First.Select(round => (MeanDocument[])[.. round.Select(ToDocument)])],
        Means = [.. _summaries.Means.Select(ToDocument)],
        Products = [.. _summaries.Products.Select(ToDocument)],
        Members = [.. _members.Select(member =>
            new MemberDocument(member.Order, [.. member.Conditionals.Select(ToDocument)]))],
        Alarm = _alarm?.State,
    };

    /// <summary>The posterior that was written.</summary>
    internal static TreePosterior FromDocument(TreePosteriorDocument document, string folder)
    {
        if (document.Format != TreePosteriorDocument.CurrentFormat)
        {
            throw new InvalidDataException(
                $"its format is '{document.Format}', expected '{TreePosteriorDocument.CurrentFormat}': train it again with this version");
        }

        Prior prior = Prior.FromJson(document.Prior, folder);
        var summaries = FromDocuments(document.First, document.Means, document.Products);
        PosteriorMember[] members =
        [
            .. document.Members.Select(member => new PosteriorMember(
                prior, member.Order,
                [.. member.Conditionals.Select((conditional, k) => FromDocument(conditional, ParameterScale.Of(prior, member.Order[k])))])),
        ];
        MisspecificationAlarm? alarm = document.Alarm is { } state ? new MisspecificationAlarm(state) : null;
        return new TreePosterior(prior, document.Features, summaries, members, alarm, document.SimulationCount);
    }

    internal static MeanDocument ToDocument(ConditionalMean mean) => new(
        mean.Polynomial.Terms.Names, [.. mean.Polynomial.Terms.All], mean.Polynomial.Coefficients,
        [.. mean.Trees.Select(TreeEnsembleFormat.ToBytes)], mean.Scale, mean.Range);

    internal static ProductDocument ToDocument(Summaries.Product product) =>
        new(product.First, product.Second, ToDocument(product.Mean));

    /// <summary>Summaries that were written.</summary>
    internal static Summaries FromDocuments(MeanDocument[][] first, MeanDocument[] means, ProductDocument[] products) => new(
        [.. first.Select(round => (ConditionalMean[])[.. round.Select(FromDocument)])],
        [.. means.Select(FromDocument)],
        [.. products.Select(product => new Summaries.Product(product.First, product.Second, FromDocument(product.Mean)))]);

    private static ConditionalMean FromDocument(MeanDocument document) => new(
        new SelectedPolynomial(PolynomialTerms.Of(document.Names, document.Terms), document.Coefficients),
        [.. document.Trees.Select(TreeEnsembleFormat.FromBytes)],
        document.Scale,
        document.Range);

    private static ConditionalDocument ToDocument(Conditional conditional) => new()
    {
        Location = [.. conditional.Location.Means.Select(ToDocument)],
        Scale = conditional.Scale is { } scale ? ToDocument(scale) : null,
        Factor = conditional.Factor,
        Edges = conditional.Bits.Marginal.Cells.Values,
        Levels = [.. conditional.Bits.Levels.Select(TreeEnsembleFormat.ToBytes)],
        Masses = conditional.Bits.Marginal.Masses,
        Slopes = conditional.Bits.Marginal.Slopes,
        Below = conditional.Bits.Marginal.Below,
        Above = conditional.Bits.Marginal.Above,
        Points = conditional.Bits.Marginal.Points,
        IsBounded = conditional.Bits.IsBounded,
    };

    private static Conditional FromDocument(ConditionalDocument document, ParameterScale parameter)
    {
        var edges = new CellEdges(document.Edges, arePoints: document.Points.Length > 0);
        if (edges.Depth != document.Levels.Length || document.Edges.Length != (1 << edges.Depth) - 1
            || document.Masses.Length != document.Edges.Length + 1)
        {
            throw new InvalidDataException(
                $"it has {document.Edges.Length} cell edges and {document.Masses.Length} cells for {document.Levels.Length} levels");
        }

        var marginal = new MarginalCells(
            edges, document.Masses, document.Slopes, document.Below, document.Above, document.Points);
        var bits = new BitTree(marginal, [.. document.Levels.Select(TreeEnsembleFormat.FromBytes)], document.IsBounded);
        return new Conditional(
            parameter,
            new Location(parameter, [.. document.Location.Select(FromDocument)]),
            document.Scale is { } scale ? FromDocument(scale) : null,
            document.Factor,
            bits);
    }
}
