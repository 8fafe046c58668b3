using System.Text.Json.Nodes;
using Gbi.Documents;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>Changes of a JSON document: the operations add, replace, remove and test of RFC 6902.</summary>
internal static class JsonPatch
{
    /// <summary>The document with the patch applied; the argument is left as it is.</summary>
    /// <param name="document">A JSON document.</param>
    /// <param name="operations">An array of operations.</param>
    public static JsonNode Apply(JsonNode document, DocumentNode operations)
    {
        JsonNode changed = document.DeepClone();
        foreach (DocumentNode operation in operations.Items())
        {
            string pointer = operation.Property("path").Text();
            string[] steps = Steps(operation, pointer);
            string verb = operation.Property("op").Text();
            JsonNode? value = verb is "add" or "replace" or "test" ? operation.Property("value").Json?.DeepClone() : null;
            if (steps.Length == 0)
            {
                changed = verb is "add" or "replace" && value is not null
                    ? value
                    : throw operation.Error($"cannot {verb} the whole document");
                continue;
            }

            JsonNode parent = Parent(changed, steps, operation, pointer);
            Change(parent, steps[^1], verb, value, operation, pointer);
        }

        return changed;
    }

    private static string[] Steps(DocumentNode operation, string pointer) => pointer switch
    {
        "" => [],
        ['/', ..] => [.. pointer[1..].Split('/').Select(step => step.Replace("~1", "/").Replace("~0", "~"))],
        _ => throw operation.Error($"has the path '{pointer}', expected one that starts with '/'"),
    };

    private static JsonNode Parent(JsonNode root, string[] steps, DocumentNode operation, string pointer)
    {
        JsonNode? node = root;
        foreach (string step in steps[..^1])
        {
            node = node switch
            {
                JsonObject members => members[step],
                JsonArray items when Index(step, items.Count - 1) is { } index => items[index],
                _ => null,
            };
        }

        return node ?? throw operation.Error($"changes '{pointer}', which the document lacks");
    }

    private static void Change(JsonNode parent, string step, string verb, JsonNode? value, DocumentNode operation, string pointer)
    {
        bool exists = parent switch
        {
            JsonObject members => members.ContainsKey(step),
            JsonArray items => Index(step, items.Count - 1) is not null,
            _ => false,
        };
        switch (verb, parent)
        {
            case ("add" or "replace", JsonObject members) when exists || verb == "add":
                members[step] = value;
                break;
            case ("add", JsonArray items) when (step == "-" ? items.Count : Index(step, items.Count)) is { } index:
                items.Insert(index, value);
                break;
            case ("replace", JsonArray items) when exists:
                items[Index(step, items.Count)!.Value] = value;
                break;
            case ("remove", JsonObject members) when exists:
                members.Remove(step);
                break;
            case ("remove", JsonArray items) when exists:
                items.RemoveAt(Index(step, items.Count)!.Value);
                break;
            case ("test", _) when exists:
                Test(
                    parent is JsonObject owner ? owner[step] : parent.AsArray()[Index(step, int.MaxValue)!.Value], value, operation,
                    pointer);
                break;
            case ("add" or "replace" or "remove" or "test", _):
                throw operation.Error($"changes '{pointer}', which the document lacks");
            default:
                throw operation.Error($"has the operation '{verb}', expected one of add, replace, remove, test");
        }
    }

    private static void Test(JsonNode? found, JsonNode? expected, DocumentNode operation, string pointer)
    {
        if (!JsonNode.DeepEquals(found, expected))
        {
            throw operation.Error($"expects another value at '{pointer}': the patch belongs to another workspace");
        }
    }

    private static int? Index(string step, int most) =>
        int.TryParse(step, System.Globalization.NumberStyles.None, null, out int index) && index <= most ? index : null;
}
