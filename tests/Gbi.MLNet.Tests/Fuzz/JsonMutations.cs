using System.Text;
using System.Text.Json.Nodes;

namespace Gbi.Tests.Fuzz;

/// <summary>Changes of a JSON tree: values of other types and sizes, members that are missing, renamed, added or exchanged.</summary>
internal static class JsonMutations
{
    private const int DeepLevels = 200;

    /// <summary>One to three changes of a document.</summary>
    public static byte[] Mutate(byte[] clean, Random random)
    {
        JsonNode root = JsonNode.Parse(clean)!;
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            List<JsonNode> parents = [];
            Collect(root, parents);
            if (parents.Count > 0)
            {
                Change(parents[random.Next(parents.Count)], random);
            }
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static void Collect(JsonNode? node, List<JsonNode> parents)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                parents.Add(members);
                members.ToList().ForEach(member => Collect(member.Value, parents));
                break;
            case JsonArray { Count: > 0 } items:
                parents.Add(items);
                items.ToList().ForEach(item => Collect(item, parents));
                break;
            default:
                break;
        }
    }

    private static void Change(JsonNode parent, Random random)
    {
        switch (parent)
        {
            case JsonObject members:
                Change(members, members.ElementAt(random.Next(members.Count)).Key, random);
                break;
            case JsonArray items:
                Change(items, random.Next(items.Count), random);
                break;
            default:
                break;
        }
    }

    private static void Change(JsonObject members, string name, Random random)
    {
        JsonNode? value = members[name];
        switch (random.Next(5))
        {
            case 0:
                members.Remove(name);
                break;
            case 1:
                members.Remove(name);
                members[name + "x"] = value;
                break;
            case 2:
                members["added"] = Extreme(random);
                break;
            default:
                members[name] = random.Next(2) == 0 ? Extreme(random) : Neighbour(members.Select(member => member.Value), random);
                break;
        }
    }

    private static void Change(JsonArray items, int at, Random random)
    {
        JsonNode? item = items[at];
        switch (random.Next(5))
        {
            case 0:
                items.RemoveAt(at);
                break;
            case 1:
                for (int copy = random.Next(3) == 0 ? 300 : 1; copy > 0; copy--)
                {
                    items.Insert(at, item?.DeepClone());
                }

                break;
            default:
                items[at] = random.Next(2) == 0 ? Extreme(random) : Neighbour(items, random);
                break;
        }
    }

    private static JsonNode? Neighbour(IEnumerable<JsonNode?> values, Random random)
    {
        JsonNode?[] all = [.. values];
        return all[random.Next(all.Length)]?.DeepClone();
    }

    private static JsonNode? Extreme(Random random) => random.Next(14) switch
    {
        0 => null,
        1 => JsonValue.Create(-1),
        2 => JsonValue.Create(0),
        3 => JsonValue.Create(1e308),
        4 => JsonValue.Create(-1e308),
        5 => JsonValue.Create(5e-324),
        6 => JsonValue.Create(""),
        7 => JsonValue.Create(new string('x', 5000)),
        8 => JsonValue.Create("../../\u001b[31m\0"),
        9 => new JsonArray(),
        10 => new JsonObject(),
        11 => Deep(),
        12 => JsonValue.Create(random.Next(2) == 0),
        _ => JsonValue.Create(random.NextInt64()),
    };

    private static JsonNode Deep()
    {
        JsonNode node = new JsonArray();
        for (int level = 0; level < DeepLevels; level++)
        {
            node = level % 2 == 0 ? new JsonArray(node) : new JsonObject { ["a"] = node };
        }

        return node;
    }
}
