using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Events;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>Removes, renames and orders parts of a workspace's document, which stays as it is.</summary>
/// <remarks>scikit-hep/pyhf, Workspace.prune, Workspace.rename and Workspace.sorted.</remarks>
internal static class WorkspaceEdit
{
    /// <summary>Name of the measurements' member, and of the others of a workspace.</summary>
    public const string Measurements = "measurements";
    public const string Channels = "channels";
    public const string Observations = "observations";
    private const string Samples = "samples";
    private const string Modifiers = "modifiers";

    private static readonly Comparer<(string Name, string Type)> ByNameAndType = Comparer<(string Name, string Type)>.Create(
        (left, right) => PythonJson.CodePoints.Compare(left.Name, right.Name) is not 0 and var order
            ? order
            : PythonJson.CodePoints.Compare(left.Type, right.Type));

    /// <summary>The document without some parts.</summary>
    /// <exception cref="DocumentException">It has no part of a name or type.</exception>
    public static JsonNode Without(DocumentNode document, WorkspaceParts parts)
    {
        RequireKnown(document, parts);
        JsonNode pruned = document.Json!.DeepClone();
        Remove(pruned, Channels, item => parts.Channels.Contains(NameOf(item)));
        Remove(pruned, Observations, item => parts.Channels.Contains(NameOf(item)));
        Remove(pruned, Measurements, item => parts.Measurements.Contains(NameOf(item)));
        foreach (JsonNode channel in ItemsOf(pruned, Channels))
        {
            Remove(channel, Samples, item => parts.Samples.Contains(NameOf(item)));
        }

        foreach (JsonNode sample in SamplesOf(pruned))
        {
            Remove(sample, Modifiers, item => parts.Modifiers.Contains(NameOf(item)) || parts.ModifierTypes.Contains(TypeOf(item)));
        }

        foreach (JsonNode config in ConfigsOf(pruned))
        {
            Remove(config, "parameters", item => parts.Modifiers.Contains(NameOf(item)));
        }

        return pruned;
    }

    /// <summary>The document with new names.</summary>
    /// <exception cref="DocumentException">It has no part of an old name.</exception>
    public static JsonNode Renamed(DocumentNode document, WorkspaceNames names)
    {
        RequireKnown(document, new WorkspaceParts
        {
            Channels = [.. names.Channels.Keys],
            Samples = [.. names.Samples.Keys],
            Modifiers = [.. names.Modifiers.Keys],
            Measurements = [.. names.Measurements.Keys],
        });
        JsonNode renamed = document.Json!.DeepClone();
        Rename(ItemsOf(renamed, Channels), names.Channels);
        Rename(ItemsOf(renamed, Observations), names.Channels);
        Rename(ItemsOf(renamed, Measurements), names.Measurements);
        Rename(SamplesOf(renamed), names.Samples);
        Rename(ModifiersOf(renamed), names.Modifiers);
        foreach (JsonNode config in ConfigsOf(renamed))
        {
            Rename(ItemsOf(config, "parameters"), names.Modifiers);
            Rename([config], names.Modifiers, "poi");
        }

        return renamed;
    }

    /// <summary>The document with all parts in the order of their names.</summary>
    public static JsonNode Sorted(DocumentNode document)
    {
        JsonNode sorted = document.Json!.DeepClone();
        foreach (string member in (string[])[Channels, Observations, Measurements])
        {
            Sort(sorted, member);
        }

        foreach (JsonNode channel in ItemsOf(sorted, Channels))
        {
            Sort(channel, Samples);
        }

        foreach (JsonNode sample in SamplesOf(sorted))
        {
            Sort(sample, Modifiers);
        }

        foreach (JsonNode config in ConfigsOf(sorted))
        {
            Sort(config, "parameters");
        }

        return sorted;
    }

    /// <summary>The items of an array.</summary>
    public static IReadOnlyList<JsonNode> ItemsOf(JsonNode owner, string member) => [.. owner[member]!.AsArray().OfType<JsonNode>()];

    /// <summary>The name of an item.</summary>
    public static string NameOf(JsonNode item) => item["name"]!.GetValue<string>();

    private static string TypeOf(JsonNode item) => item["type"]?.GetValue<string>() ?? "";

    /// <summary>The samples of all channels.</summary>
    public static IEnumerable<JsonNode> SamplesOf(JsonNode document) =>
        ItemsOf(document, Channels).SelectMany(channel => ItemsOf(channel, Samples));

    /// <summary>The modifiers of all samples.</summary>
    public static IEnumerable<JsonNode> ModifiersOf(JsonNode document) =>
        SamplesOf(document).SelectMany(sample => ItemsOf(sample, Modifiers));

    private static IEnumerable<JsonNode> ConfigsOf(JsonNode document) =>
        ItemsOf(document, Measurements).Select(measurement => measurement["config"]!);

    private static void Remove(JsonNode owner, string member, Predicate<JsonNode> isRemoved) =>
        owner[member]!.AsArray().RemoveAll(item => isRemoved(item!));

    private static void Rename(IEnumerable<JsonNode> items, IReadOnlyDictionary<string, string> names, string member = "name")
    {
        foreach (JsonNode item in items)
        {
            if (names.TryGetValue(item[member]!.GetValue<string>(), out string? name))
            {
                item[member] = name;
            }
        }
    }

    private static void Sort(JsonNode owner, string member)
    {
        JsonNode[] items = [.. ItemsOf(owner, member).OrderBy(item => (NameOf(item), TypeOf(item)), ByNameAndType)];
        owner[member] = new JsonArray([.. items.Select(item => item.DeepClone())]);
    }

    private static void RequireKnown(DocumentNode document, WorkspaceParts parts)
    {
        JsonNode json = document.Json!;
        Require("channel", parts.Channels, ItemsOf(json, Channels).Select(NameOf));
        Require("sample", parts.Samples, SamplesOf(json).Select(NameOf));
        JsonNode[] modifiers = [.. ModifiersOf(json)];
        Require("modifier", parts.Modifiers, modifiers.Select(NameOf));
        Require("modifier of the type", parts.ModifierTypes, modifiers.Select(TypeOf));
        Require("measurement", parts.Measurements, ItemsOf(json, Measurements).Select(NameOf));

        void Require(string kind, IReadOnlyList<string> names, IEnumerable<string> known)
        {
            string[] all = [.. known.Distinct()];
            if (names.FirstOrDefault(name => !all.Contains(name)) is { } unknown)
            {
                throw document.Error($"has no {kind} '{unknown}'; it has, the most similar first: {NearestNames.List(unknown, all)}");
            }
        }
    }
}
