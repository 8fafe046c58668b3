using System.Text.Json.Nodes;
using Gbi.Documents;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>Joins the documents of two workspaces.</summary>
/// <remarks>scikit-hep/pyhf, Workspace.combine.</remarks>
internal sealed class WorkspaceCombination(WorkspaceJoin join, bool mergesChannels)
{
    private const string Remedy =
        "Rename them, or join with outer (equal ones once), left-outer (those of the first) or right-outer (those of the second)";

    /// <summary>The document of both.</summary>
    /// <exception cref="DocumentException">They have parts of the same name that the join does not join, or different versions.</exception>
    public JsonNode Of(JsonNode first, JsonNode second)
    {
        string version = first["version"]!.GetValue<string>();
        if (second["version"]!.GetValue<string>() is var other && other != version)
        {
            throw new DocumentException(
                $"The workspaces have the versions {version} and {other} and cannot be combined; give both the same one.");
        }

        return new JsonObject
        {
            [WorkspaceEdit.Channels] = Unique(
                WorkspaceEdit.Channels, Joined(WorkspaceEdit.Channels, first, second, mergesChannels ? "samples" : null)),
            [WorkspaceEdit.Measurements] = Unique(
                WorkspaceEdit.Measurements, WithJoinedSettings(Joined(WorkspaceEdit.Measurements, first, second))),
            [WorkspaceEdit.Observations] = Unique(
                WorkspaceEdit.Observations, Joined(WorkspaceEdit.Observations, first, second)),
            ["version"] = version,
        };
    }

    private List<JsonNode> Joined(string member, JsonNode first, JsonNode second, string? merged = null) =>
        Joined(join, WorkspaceEdit.ItemsOf(first, member), WorkspaceEdit.ItemsOf(second, member), merged);

    /// <summary>The items of both lists that a join keeps; of those with the same name the members <paramref name="merged"/> are
    /// joined where one is given.</summary>
    private static List<JsonNode> Joined(
        WorkspaceJoin join, IReadOnlyList<JsonNode> first, IReadOnlyList<JsonNode> second, string? merged = null)
    {
        (IReadOnlyList<JsonNode> main, IReadOnlyList<JsonNode> more) = join == WorkspaceJoin.RightOuter ? (second, first) : (first, second);
        List<JsonNode> joined = [.. main.Select(item => item.DeepClone())];
        var known = joined.ToLookup(WorkspaceEdit.NameOf);
        foreach (JsonNode item in more)
        {
            JsonNode? same = known[WorkspaceEdit.NameOf(item)].FirstOrDefault();
            if (same is not null && merged is not null)
            {
                same[merged] = new JsonArray([.. Joined(
                    WorkspaceJoin.LeftOuter, WorkspaceEdit.ItemsOf(same, merged), WorkspaceEdit.ItemsOf(item, merged))]);
            }
            else if (same is null || join == WorkspaceJoin.None || (join == WorkspaceJoin.Outer && !AreEqual(same, item)))
            {
                joined.Add(item.DeepClone());
            }
        }

        return joined;
    }

    /// <summary>Measurements of the same name and parameter of interest as one, with the settings of both.</summary>
    private List<JsonNode> WithJoinedSettings(List<JsonNode> measurements)
    {
        if (join != WorkspaceJoin.Outer)
        {
            return measurements;
        }

        List<JsonNode> joined = [];
        foreach (IGrouping<string, JsonNode> same in measurements.GroupBy(WorkspaceEdit.NameOf))
        {
            JsonNode[] configs = [.. same.Select(measurement => measurement["config"]!)];
            string[] interests = [.. configs.Select(config => config["poi"]!.GetValue<string>()).Distinct()];
            if (interests.Length > 1)
            {
                throw new DocumentException(
                    $"Measurement '{same.Key}' has the parameters of interest '{interests[0]}' and '{interests[1]}' in the two workspaces; "
                    + "rename one of the measurements.");
            }

            JsonNode one = same.First();
            if (configs.Length > 1)
            {
                one["config"]!["parameters"] = Unique(
                    $"settings of measurement '{same.Key}'",
                    Joined(
                        WorkspaceJoin.Outer, WorkspaceEdit.ItemsOf(configs[0], "parameters"),
                        WorkspaceEdit.ItemsOf(configs[1], "parameters")));
            }

            joined.Add(one);
        }

        return joined;
    }

    private JsonArray Unique(string what, List<JsonNode> items)
    {
        string[] twice = [.. items.CountBy(WorkspaceEdit.NameOf).Where(count => count.Value > 1).Select(count => $"'{count.Key}'")];
        return twice.Length == 0
            ? new JsonArray([.. items])
            : throw new DocumentException(
                $"Both workspaces have {(join == WorkspaceJoin.None ? "" : "different ")}{what} named {string.Join(", ", twice)}. "
                    + $"{Remedy}.");
    }

    /// <summary>Equal as Python's numbers, lists and dictionaries are: 1 is 1.0, and the order of keys does not matter.</summary>
    private static bool AreEqual(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (JsonObject one, JsonObject other) => one.Count == other.Count
            && one.All(member => other.TryGetPropertyValue(member.Key, out JsonNode? value) && AreEqual(member.Value, value)),
        (JsonArray one, JsonArray other) => one.Count == other.Count && one.Zip(other).All(pair => AreEqual(pair.First, pair.Second)),
        (JsonValue one, JsonValue other) when one.GetValueKind() == other.GetValueKind() =>
            one.GetValueKind() == System.Text.Json.JsonValueKind.Number
                ? one.GetValue<double>() == other.GetValue<double>()
                : JsonNode.DeepEquals(one, other),
        _ => left is null && right is null,
    };
}
