using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>
/// A pyhf workspace: channels, observations and measurements in one JSON document. Read it, patch it, and take a model and its data out.
/// </summary>
/// <remarks>Heinrich et al., JOSS 6 (2021) 2823; ATL-PHYS-PUB-2019-029.</remarks>
public sealed class Workspace
{
    private readonly DocumentNode _document;
    private readonly DocumentNode _unpatched;

    private Workspace(DocumentNode document, DocumentNode unpatched) => (_document, _unpatched) = (document, unpatched);

    /// <summary>Names of the measurements, in order.</summary>
    public IReadOnlyList<string> Measurements =>
        [.. _document.Property("measurements").Items().Select(node => node.Property("name").Text())];

    /// <summary>Names of the channels, in order.</summary>
    public IReadOnlyList<string> Channels =>
        [.. WorkspaceEdit.ItemsOf(_document.Json!, WorkspaceEdit.Channels).Select(WorkspaceEdit.NameOf)];

    /// <summary>Names of the samples, each once, in order.</summary>
    public IReadOnlyList<string> Samples => [.. WorkspaceEdit.SamplesOf(_document.Json!).Select(WorkspaceEdit.NameOf).Distinct()];

    /// <summary>Names of the modifiers, each once, in order.</summary>
    public IReadOnlyList<string> Modifiers => [.. WorkspaceEdit.ModifiersOf(_document.Json!).Select(WorkspaceEdit.NameOf).Distinct()];

    /// <summary>The parameter of interest of each measurement; empty for none.</summary>
    internal IEnumerable<(string Measurement, string Parameter)> ParametersOfInterest => _document.Property("measurements").Items()
        .Select(node => (node.Property("name").Text(), node.Property("config").Property("poi").Text()));

    /// <summary>Reads a document.</summary>
    /// <param name="json">Its text.</param>
    /// <exception cref="DocumentException">It is not JSON, or no workspace by pyhf's schemas 1.0.0, 1.0.1 or 1.1.0, or two parts have the
    /// same name; the message begins with the JSON pointer.</exception>
    public static Workspace Parse(string json)
    {
        DocumentNode document = DocumentNode.Parse(json, "workspace");
        WorkspaceSchema.Require(document);
        return new Workspace(document, document);
    }

    /// <summary>The workspace with a patch applied (RFC 6902). Several patches are applied one after another.</summary>
    /// <param name="json">An array of operations, or a patch set of which one patch is taken.</param>
    /// <param name="name">Name of the patch in a patch set; may be left out where it holds only one.</param>
    /// <exception cref="DocumentException">The patch does not fit, or its set is made for another workspace than the one that was read; the
    /// message begins with the JSON pointer.</exception>
    public Workspace WithPatch(string json, string? name = null)
    {
        DocumentNode operations = DocumentNode.Parse(json, "patch");
        if (operations.Json is JsonObject)
        {
            var set = PatchSet.Parse(json);
            set.Require(this);
            operations = set.OperationsOf(name);
        }
        else if (name is not null)
        {
            throw operations.Error($"is a single patch, not a patch set that has one named '{name}'");
        }

        var patched = new DocumentNode(JsonPatch.Apply(_document.Json!, operations), "");
        WorkspaceSchema.Require(patched);
        return new Workspace(patched, _unpatched);
    }

    /// <summary>The workspace without some parts; unused settings and a parameter of interest that no modifier has any more stay.</summary>
    /// <exception cref="DocumentException">It has no part of a name, or nothing is left where a workspace has something.</exception>
    public Workspace Without(WorkspaceParts parts) => Edited(WorkspaceEdit.Without(_document, parts));

    /// <summary>The workspace with new names of parts, wherever they are named.</summary>
    /// <exception cref="DocumentException">It has no part of an old name, or two parts would have the same new one.</exception>
    public Workspace Renamed(WorkspaceNames names) => Edited(WorkspaceEdit.Renamed(_document, names));

    /// <summary>The workspace with all of its parts in the order of their names, and modifiers of the same name of their types.</summary>
    public Workspace Sorted() => Edited(WorkspaceEdit.Sorted(_document));

    /// <summary>
    /// This workspace and another one as one: channels, observations and measurements of both. Modifiers of the same name have the same
    /// parameters.
    /// </summary>
    /// <param name="other">The other one.</param>
    /// <param name="join">What is done with parts that both have.</param>
    /// <param name="mergesChannels">True to join the samples of channels that both have; with an outer join only.</param>
    /// <exception cref="ArgumentException">Channels cannot be merged without an outer join.</exception>
    /// <exception cref="DocumentException">Both have parts that the join does not join.</exception>
    public Workspace CombinedWith(Workspace other, WorkspaceJoin join = WorkspaceJoin.None, bool mergesChannels = false)
    {
        ArgumentNullException.ThrowIfNull(other);
        return mergesChannels && join == WorkspaceJoin.None
            ? throw new ArgumentException("Channels are merged with an outer, left outer or right outer join only.", nameof(mergesChannels))
            : Edited(new WorkspaceCombination(join, mergesChannels).Of(_document.Json!, other._document.Json!));
    }

    /// <summary>The document, with sorted keys, as pyhf writes it.</summary>
    public string ToJson() => PythonJson.Indented(_document.Json!);

    /// <summary>The digest of the document, in hexadecimal digits, as pyhf computes it: white space and the order of keys do not
    /// matter.</summary>
    /// <param name="algorithm">md5 or sha256.</param>
    public string Digest(string algorithm = "sha256") => DigestOf(_document, algorithm);

    /// <summary>The same as it was read, without patches, by which patch sets name it.</summary>
    internal string DigestAsRead(string algorithm) => DigestOf(_unpatched, algorithm);

    /// <summary>The model of a measurement.</summary>
    /// <param name="measurement">Its name; null for the first.</param>
    /// <param name="laws">How variations run between their up and down; null for pyhf's choice.</param>
    /// <param name="parameterOfInterest">Name of the parameter of interest; empty for none, as for fits of a workspace without its signal;
    /// null for that of the measurement.</param>
    /// <exception cref="DocumentException">pyhf could not build the model, or settings belong to no modifier; the message begins with the
    /// JSON pointer.</exception>
    public LikelihoodModel Model(string? measurement = null, WorkspaceLaws? laws = null, string? parameterOfInterest = null)
    {
        DocumentNode config = MeasurementOf(measurement).Property("config");
        return new ModelBuilder(_document.Property("channels"), config, parameterOfInterest, laws ?? new WorkspaceLaws()).Build();
    }

    /// <summary>The observed counts of the model's channels, and its auxiliary measurements.</summary>
    /// <exception cref="DocumentException">A channel has no observation, or one of another length.</exception>
    public ModelData Data(LikelihoodModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        DocumentNode observations = _document.Property("observations");
        var counts = new List<double>();
        foreach (BinnedChannel channel in model.BinnedChannels)
        {
            DocumentNode node = observations.Items().FirstOrDefault(item => item.Property("name").Text() == channel.Name);
            if (node.Json is null)
            {
                throw observations.Error($"has no observation of channel '{channel.Name}'");
            }

            double[] data = node.Property("data").Numbers(channel.BinCount);
            counts.AddRange(data.All(count => count >= 0) ? data : throw node.Property("data").Error("has a negative count"));
        }

        return model.DataOf(counts);
    }

    private static string DigestOf(DocumentNode document, string algorithm) => algorithm is "md5" or "sha256"
        ? PythonJson.Digest(document.Json!, algorithm)
        : throw new ArgumentException($"Digests are by md5 and sha256; '{algorithm}' is another algorithm.", nameof(algorithm));

    private static Workspace Edited(JsonNode json)
    {
        var document = new DocumentNode(json, "");
        WorkspaceSchema.Require(document);
        return new Workspace(document, document);
    }

    private DocumentNode MeasurementOf(string? name)
    {
        DocumentNode all = _document.Property("measurements");
        foreach (DocumentNode node in all.Items())
        {
            if (name is null || node.Property("name").Text() == name)
            {
                return node;
            }
        }

        throw all.Error($"has no measurement '{name}', only {string.Join(", ", Measurements)}");
    }
}
