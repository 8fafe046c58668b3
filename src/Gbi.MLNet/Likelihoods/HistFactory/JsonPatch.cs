using System.Globalization;
using System.Text.Json.Nodes;
using Gbi.Documents;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>Changes of a JSON document: the operations of RFC 6902.</summary>
internal static class JsonPatch
{
    private static readonly string[] Verbs = ["add", "remove", "replace", "move", "copy", "test"];

    /// <summary>The document with the patch applied; the argument is left as it is.</summary>
    /// <param name="document">A JSON document.</param>
    /// <param name="operations">An array of operations.</param>
    /// <exception cref="DocumentException">An operation is none, or does not fit the document; the message begins with the operation's JSON
    /// pointer.</exception>
    public static JsonNode Apply(JsonNode document, DocumentNode operations)
    {
        Require(operations);
        var patched = new PatchedDocument(document.DeepClone());
        foreach (DocumentNode operation in operations.Items())
        {
            Apply(patched, operation);
        }

        return patched.Root ?? throw operations.Error("removes the whole workspace and puts none in its place");
    }

    /// <summary>Refuses what is no array of operations.</summary>
    public static void Require(DocumentNode operations)
    {
        foreach (DocumentNode operation in operations.Items())
        {
            string verb = operation.Property("op").Text();
            if (!Verbs.Contains(verb))
            {
                throw operation.Property("op").Error($"is '{verb}', expected one of {string.Join(", ", Verbs)}");
            }

            operation.Property("path").Text();
            _ = verb is "add" or "replace" or "test" ? operation.Property("value") : default;
            _ = verb is "move" or "copy" ? operation.Property("from").Text() : null;
        }
    }

    private static void Apply(PatchedDocument document, DocumentNode operation)
    {
        DocumentNode path = operation.Property("path");
        string verb = operation.Property("op").Text();
        switch (verb)
        {
            case "add":
                document.Add(path, operation.Property("value").Json?.DeepClone());
                break;
            case "replace":
                document.Remove(path);
                document.Add(path, operation.Property("value").Json?.DeepClone());
                break;
            case "remove":
                document.Remove(path);
                break;
            case "test":
                if (!JsonNode.DeepEquals(document.At(path), operation.Property("value").Json))
                {
                    throw operation.Error($"expects another value at '{path.Text()}': the patch belongs to another workspace");
                }

                break;
            default:
                DocumentNode from = operation.Property("from");
                JsonNode? moved = document.At(from)?.DeepClone();
                if (verb == "move")
                {
                    if (path.Text().StartsWith(from.Text() + "/", StringComparison.Ordinal))
                    {
                        throw operation.Error($"moves '{from.Text()}' into itself");
                    }

                    document.Remove(from);
                }

                document.Add(path, moved);
                break;
        }
    }
}

/// <summary>A document that pointers change (RFC 6901); errors begin with the JSON pointer of the pointer in the patch.</summary>
internal sealed class PatchedDocument(JsonNode document)
{
    /// <summary>The document as it is now; null where a patch made it JSON's null or removed it.</summary>
    public JsonNode? Root { get; private set; } = document;

    /// <summary>The value at a pointer; null for JSON's null.</summary>
    public JsonNode? At(DocumentNode pointer) => At(pointer, Steps(pointer));

    private JsonNode? At(DocumentNode pointer, IEnumerable<string> steps)
    {
        JsonNode? node = Root;
        foreach (string step in steps)
        {
            node = node switch
            {
                JsonObject members when members.TryGetPropertyValue(step, out JsonNode? value) => value,
                JsonArray items => items[Index(pointer, step, items.Count - 1)],
                _ => throw Missing(pointer),
            };
        }

        return node;
    }

    /// <summary>Sets a member, or inserts an item before the one of an index, or at the end.</summary>
    public void Add(DocumentNode pointer, JsonNode? value)
    {
        if (Steps(pointer) is not [.., string last])
        {
            Root = value;
            return;
        }

        switch (At(pointer, Steps(pointer).SkipLast(1)))
        {
            case JsonObject members:
                members[last] = value;
                break;
            case JsonArray items:
                items.Insert(last == "-" ? items.Count : Index(pointer, last, items.Count), value);
                break;
            default:
                throw Missing(pointer);
        }
    }

    /// <summary>Removes a member or an item that there is.</summary>
    public void Remove(DocumentNode pointer)
    {
        if (Steps(pointer) is not [.., string last])
        {
            Root = null;
            return;
        }

        switch (At(pointer, Steps(pointer).SkipLast(1)))
        {
            case JsonObject members when members.ContainsKey(last):
                members.Remove(last);
                break;
            case JsonArray items:
                items.RemoveAt(Index(pointer, last, items.Count - 1));
                break;
            default:
                throw Missing(pointer);
        }
    }

    private static string[] Steps(DocumentNode pointer) => pointer.Text() switch
    {
        "" => [],
        ['/', ..] text => [.. text[1..].Split('/').Select(step => Unescaped(pointer, step))],
        string text => throw pointer.Error($"is '{text}', expected one that starts with '/'"),
    };

    private static string Unescaped(DocumentNode pointer, string step) =>
        step.Replace("~0", "").Replace("~1", "").Contains('~')
            ? throw pointer.Error($"has '{step}', in which ~ is neither ~0 nor ~1")
            : step.Replace("~1", "/").Replace("~0", "~");

    /// <summary>An index without sign and leading zeros.</summary>
    private static int Index(DocumentNode pointer, string step, int most)
    {
        bool isIndex = step is "0" or [>= '1' and <= '9', ..];
        return !isIndex || !int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? throw pointer.Error($"is '{pointer.Text()}', in which '{step}' is no index of an array: digits without sign and leading zero")
            : index <= most
                ? index
                : throw Missing(pointer);
    }

    private static DocumentException Missing(DocumentNode pointer) => pointer.Error($"is '{pointer.Text()}', which the document lacks");
}
