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

    private Workspace(DocumentNode document) => _document = document;

    /// <summary>Names of the measurements, in order.</summary>
    public IReadOnlyList<string> Measurements =>
        [.. _document.Property("measurements").Items().Select(node => node.Property("name").Text())];

    /// <summary>Reads a document.</summary>
    /// <param name="json">Its text.</param>
    /// <exception cref="DocumentException">It is not JSON, or lacks a part; the message names the JSON pointer.</exception>
    public static Workspace Parse(string json)
    {
        DocumentNode document = DocumentNode.Parse(json, "workspace");
        foreach (string part in (string[])["channels", "observations", "measurements"])
        {
            document.Property(part).Items();
        }

        return document.Optional("version") is { } version && version.Text() != "1.0.0"
            ? throw version.Error($"is {version.Text()}, expected 1.0.0")
            : new Workspace(document);
    }

    /// <summary>The workspace with a patch applied (RFC 6902: add, replace, remove, test).</summary>
    /// <param name="json">An array of operations, or a patch set of which one patch is taken.</param>
    /// <param name="name">Name of the patch in a patch set; may be left out where it holds only one.</param>
    /// <exception cref="DocumentException">The patch does not fit; the message names the JSON pointer.</exception>
    public Workspace WithPatch(string json, string? name = null)
    {
        DocumentNode patch = DocumentNode.Parse(json, "patch");
        DocumentNode operations = patch.Json is JsonObject ? FromSet(patch, name) : patch;
        return Parse(JsonPatch.Apply(_document.Json!, operations).ToJsonString());
    }

    /// <summary>The model of a measurement.</summary>
    /// <param name="measurement">Its name; null for the first.</param>
    /// <param name="laws">How variations run between their up and down; null for pyhf's choice.</param>
    /// <exception cref="DocumentException">The document is not a valid workspace; the message names the JSON pointer.</exception>
    public LikelihoodModel Model(string? measurement = null, WorkspaceLaws? laws = null)
    {
        DocumentNode config = MeasurementOf(measurement).Property("config");
        return new ModelBuilder(_document.Property("channels"), config, laws ?? new WorkspaceLaws()).Build();
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

        throw all.Error(
            name is null
                ? "is empty, expected at least one measurement"
                : $"has no measurement '{name}', only {string.Join(", ", Measurements)}");
    }

    private static DocumentNode FromSet(DocumentNode set, string? name)
    {
        IReadOnlyList<DocumentNode> patches = set.Property("patches").Items();
        if (name is null && patches.Count != 1)
        {
            throw set.Error($"is a set of {patches.Count} patches; give the name of one");
        }

        foreach (DocumentNode patch in patches)
        {
            if (name is null || patch.Property("metadata").Property("name").Text() == name)
            {
                return patch.Property("patch");
            }
        }

        throw set.Error($"has no patch '{name}'");
    }
}
