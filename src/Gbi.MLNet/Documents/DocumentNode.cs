using System.Text.Json;
using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Documents;

/// <summary>A node of a JSON document with its JSON pointer, which every error names.</summary>
/// <param name="Json">The node; null for JSON's null.</param>
/// <param name="Pointer">Its JSON pointer (RFC 6901); empty for the whole document.</param>
internal readonly record struct DocumentNode(JsonNode? Json, string Pointer)
{
    public static DocumentNode Parse(string json, string what)
    {
        try
        {
            var document = new DocumentNode(
                JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }), "");
            document.RequireCharacters(json);
            return document;
        }
        catch (JsonException failure)
        {
            throw new DocumentException($"The {what} is not valid JSON: {JsonText.Fault(failure)}.", failure);
        }
        catch (InvalidOperationException failure)
        {
            // Only a lone surrogate makes valid JSON unreadable.
            throw new DocumentException($"The {what} has an escape \\ud800 to \\udfff by itself, which is half a character.", failure);
        }
    }

    public DocumentNode Property(string name) => Optional(name) ?? throw Error($"has no '{name}'");

    public DocumentNode? Optional(string name) => Object().TryGetPropertyValue(name, out JsonNode? found)
        ? new DocumentNode(found, PointerTo(name))
        : null;

    public IReadOnlyList<DocumentNode> Items()
    {
        string pointer = Pointer;
        return Json is JsonArray array
            ? [.. array.Select((item, index) => new DocumentNode(item, $"{pointer}/{index}"))]
            : throw Error($"is {Found}, expected an array");
    }

    /// <summary>The items of a member; none where it is left out.</summary>
    public IReadOnlyList<DocumentNode> OptionalItems(string name) => Optional(name)?.Items() ?? [];

    public string Text() =>
        Json is JsonValue value && value.TryGetValue(out string? text) ? text : throw Error($"is {Found}, expected a text");

    /// <summary>A text that is not empty.</summary>
    public string Name() => Text() is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Error("is empty, expected a name");

    public bool Flag() =>
        Json is JsonValue value && value.TryGetValue(out bool flag) ? flag : throw Error($"is {Found}, expected true or false");

    public double Number() => Number("a finite number", _ => true);

    /// <summary>A finite number that fulfils a condition, described by <paramref name="expected"/>.</summary>
    public double Number(string expected, Func<double, bool> holds) =>
        Json is JsonValue value && value.GetValueKind() == JsonValueKind.Number && double.IsFinite(value.GetValue<double>())
            && holds(value.GetValue<double>())
            ? value.GetValue<double>()
            : throw Error($"is {Found}, expected {expected}");

    public double[] Numbers() => [.. Items().Select(item => item.Number())];

    public double[] Numbers(int count)
    {
        double[] numbers = Numbers();
        return numbers.Length == count ? numbers : throw Error($"has {numbers.Length} numbers, expected {count}");
    }

    /// <summary>Throws for members with other names.</summary>
    public void RequireMembers(params IReadOnlyCollection<string> known)
    {
        foreach ((string name, JsonNode? _) in Object())
        {
            if (!known.Contains(name))
            {
                throw new DocumentException(
                    $"{PointerTo(name)} is unknown; allowed here, the most similar first: {NearestNames.List(name, known)}.");
            }
        }
    }

    /// <summary>The only member of an object, which is one of several kinds.</summary>
    public (string Kind, DocumentNode Node) Choice(params IReadOnlyCollection<string> kinds)
    {
        RequireMembers(kinds);
        return Object().Count == 1
            ? (Object().First().Key, Property(Object().First().Key))
            : throw Error($"has {Object().Count} members, expected exactly one of {string.Join(", ", kinds)}");
    }

    /// <summary>Makes something of the value; an <see cref="ArgumentException"/> becomes an error with this pointer.</summary>
    public T Make<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException refused)
        {
            // The framework appends the parameter's name and the value, which mean nothing in a document.
            throw new DocumentException($"{Pointer}: {refused.Message.Split(" (Parameter ")[0]}", refused);
        }
    }

    public DocumentException Error(string what) => new($"{(Pointer.Length == 0 ? "The document" : Pointer)} {what}.");

    /// <summary>Reads all texts and names where one may have an escape of half a character.</summary>
    private void RequireCharacters(string json)
    {
        if (json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
        {
            Walk(Json);
        }

        static void Walk(JsonNode? node)
        {
            foreach (JsonNode? child in node switch
            {
                JsonObject members => members.Select(member => member.Value),
                JsonArray items => items,
                _ => (IEnumerable<JsonNode?>)[],
            })
            {
                Walk(child);
            }

            if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            {
                _ = value.GetValue<string>();
            }
        }
    }

    private string Found => Json switch
    {
        null => "null",
        JsonObject => "an object",
        JsonArray => "an array",
        _ when Json.ToJsonString(DocumentText.Plain) is { Length: <= 40 } text => text,
        _ => "a long text",
    };

    private string PointerTo(string member) => $"{Pointer}/{member.Replace("~", "~0").Replace("/", "~1")}";

    private JsonObject Object() => Json as JsonObject ?? throw Error($"is {Found}, expected an object");
}
