using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gbi.Documents;
using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>One patch of a set.</summary>
/// <param name="Name">Its name, by which it is taken.</param>
/// <param name="Values">Its coordinates, numbers or texts, one for each label of the set.</param>
public sealed record PatchEntry(string Name, IReadOnlyList<string> Values);

/// <summary>
/// A pyhf patch set: the signals of a search as patches of one background-only workspace, which the set names by a digest.
/// </summary>
public sealed partial class PatchSet
{
    private readonly DocumentNode _document;

    private PatchSet(DocumentNode document) => _document = document;

    /// <summary>What the set is about.</summary>
    public string Description => Metadata.Property("description").Text();

    /// <summary>What the values of patches are.</summary>
    public IReadOnlyList<string> Labels => [.. Metadata.Property("labels").Items().Select(label => label.Text())];

    /// <summary>Digests of the workspace that the patches are made for, by algorithm.</summary>
    public IReadOnlyDictionary<string, string> Digests => ((JsonObject)Metadata.Property("digests").Json!)
        .ToDictionary(digest => digest.Key, digest => digest.Value!.GetValue<string>());

    /// <summary>The patches, in order.</summary>
    public IReadOnlyList<PatchEntry> Patches =>
        [.. Entries.Select(entry => new PatchEntry(entry.Property("metadata").Property("name").Text(), ValuesOf(entry)))];

    private DocumentNode Metadata => _document.Property("metadata");

    private IReadOnlyList<DocumentNode> Entries => _document.Property("patches").Items();

    /// <summary>Reads a set.</summary>
    /// <param name="json">Its text.</param>
    /// <exception cref="DocumentException">It is not one by pyhf's schema, or two patches have the same name or values; the message begins
    /// with the JSON pointer.</exception>
    public static PatchSet Parse(string json)
    {
        DocumentNode document = DocumentNode.Parse(json, "patch set");
        document.Property("patches");
        document.RequireMembers("patches", "metadata", "version");
        WorkspaceSchema.RequireVersion(document);
        RequireMetadata(document.Property("metadata"));
        var set = new PatchSet(document);
        int labels = set.Labels.Count;
        Dictionary<string, string> known = [];
        foreach (DocumentNode entry in WorkspaceSchema.Filled(document, "patches"))
        {
            RequireEntry(entry, labels);
            RequireNew(known, entry.Property("metadata").Property("name"), $"name {entry.Property("metadata").Property("name").Text()}");
            RequireNew(known, entry.Property("metadata").Property("values"), $"values {string.Join(", ", ValuesOf(entry))}");
        }

        return set;
    }

    /// <summary>Refuses a workspace that the patches are not made for.</summary>
    /// <param name="workspace">The background-only workspace.</param>
    /// <exception cref="DocumentException">A digest differs; the message holds both.</exception>
    public void Require(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        foreach ((string algorithm, string digest) in Digests)
        {
            string found = workspace.DigestAsRead(algorithm);
            if (!found.Equals(digest, StringComparison.OrdinalIgnoreCase))
            {
                throw Metadata.Property("digests").Property(algorithm).Error(
                    $"is {digest}, but that of the workspace is {found}: the patches are made for another workspace");
            }
        }
    }

    /// <summary>A patch by itself: an array of operations (RFC 6902).</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="DocumentException">The set has no patch of this name.</exception>
    public string PatchJson(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PythonJson.Indented(OperationsOf(name).Json!);
    }

    /// <summary>The operations of a patch.</summary>
    /// <param name="name">Its name; null for the only one.</param>
    internal DocumentNode OperationsOf(string? name)
    {
        DocumentNode[] entries = [.. Entries];
        if (name is null && entries.Length != 1)
        {
            string names = string.Join(", ", Patches.Take(10).Select(patch => patch.Name));
            throw _document.Error(
                $"is a set of {Counted(entries.Length, "patch", "patches")}; give the name of one (--patch-name): "
                    + $"{names}{(entries.Length > 10 ? ", …" : "")}");
        }

        int at = name is null ? 0 : Array.FindIndex(entries, entry => entry.Property("metadata").Property("name").Text() == name);
        return at >= 0
            ? entries[at].Property("patch")
            : throw _document.Error(
                $"has no patch '{name}'; it has, the most similar first, "
                    + NearestNames.List(name!, [.. Patches.Select(patch => patch.Name)]));
    }

    private static string[] ValuesOf(DocumentNode entry) =>
        [.. entry.Property("metadata").Property("values").Items().Select(value =>
            value.Json is JsonValue text && text.GetValueKind() == JsonValueKind.String ? value.Text() : $"{value.Json}")];

    private static void RequireMetadata(DocumentNode metadata)
    {
        metadata.Property("description").Text();
        foreach (DocumentNode label in WorkspaceSchema.Filled(metadata, "labels"))
        {
            RequirePattern(label, Word(), "letters, digits and _");
        }

        DocumentNode digests = metadata.Property("digests");
        digests.RequireMembers("md5", "sha256");
        RequireSome(digests);
        if (digests.Optional("md5") is { } md5)
        {
            RequirePattern(md5, Md5(), "32 hexadecimal digits in lower case");
        }

        if (digests.Optional("sha256") is { } sha256)
        {
            RequirePattern(sha256, Sha256(), "64 hexadecimal digits");
        }

        DocumentNode references = metadata.Property("references");
        references.RequireMembers("hepdata");
        RequireSome(references);
        RequirePattern(references.Property("hepdata"), Hepdata(), "'ins' and seven digits");
    }

    private static void RequireEntry(DocumentNode entry, int labels)
    {
        entry.RequireMembers("metadata", "patch");
        RequirePattern(entry.Property("metadata").Property("name"), Word(), "letters, digits and _");
        DocumentNode values = entry.Property("metadata").Property("values");
        foreach (DocumentNode value in values.Items())
        {
            if (value.Json?.GetValueKind() is not (JsonValueKind.Number or JsonValueKind.String))
            {
                throw value.Error("is neither a number nor a text");
            }
        }

        if (values.Items().Count != labels)
        {
            throw values.Error($"has {values.Items().Count} values, expected {labels}, one for each of /metadata/labels");
        }

        JsonPatch.Require(entry.Property("patch"));
    }

    private static void RequireNew(Dictionary<string, string> known, DocumentNode node, string what)
    {
        if (!known.TryAdd(what, node.Pointer))
        {
            throw node.Error($"repeats the {what} of {known[what]}; they must differ");
        }
    }

    private static void RequireSome(DocumentNode node)
    {
        if (node.Json is JsonObject { Count: 0 })
        {
            throw node.Error("is empty, expected one member or more");
        }
    }

    private static void RequirePattern(DocumentNode node, Regex pattern, string expected)
    {
        if (!pattern.IsMatch(node.Text()))
        {
            throw node.Error($"is '{node.Text()}', expected {expected}");
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9_]+\\z")]
    private static partial Regex Word();

    [GeneratedRegex("^[a-f0-9]{32}\\z")]
    private static partial Regex Md5();

    [GeneratedRegex("^[a-fA-F0-9]{64}\\z")]
    private static partial Regex Sha256();

    [GeneratedRegex("^ins[0-9]{7}\\z")]
    private static partial Regex Hepdata();
}
