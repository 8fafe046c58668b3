using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gbi.HistFactory;

/// <summary>A node of a JSON document with its path, so that every error can tell where it is.</summary>
/// <param name="Node">The node; null for JSON's null.</param>
/// <param name="Path">Its JSON pointer (RFC 6901); empty for the whole document.</param>
internal readonly record struct DocumentPlace(JsonNode? Node, string Path)
{
    public static DocumentPlace Parse(string json, string what)
    {
        try
        {
            return new DocumentPlace(JsonNode.Parse(json), "");
        }
        catch (JsonException failure)
        {
            throw new WorkspaceException($"The {what} is not valid JSON: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    public DocumentPlace Property(string name) => Optional(name) ?? throw Error($"has no '{name}'");

    public DocumentPlace? Optional(string name) => Object().TryGetPropertyValue(name, out JsonNode? found)
        ? new DocumentPlace(found, $"{Path}/{name.Replace("~", "~0").Replace("/", "~1")}")
        : null;

    public IReadOnlyList<DocumentPlace> Items()
    {
        string path = Path;
        return Node is JsonArray array
            ? [.. array.Select((item, index) => new DocumentPlace(item, $"{path}/{index}"))]
            : throw Error($"is {Found}, expected an array");
    }

    public string Text() => Node is JsonValue value && value.TryGetValue(out string? text) ? text : throw Error($"is {Found}, expected a text");

    public bool Flag() => Node is JsonValue value && value.TryGetValue(out bool flag) ? flag : throw Error($"is {Found}, expected true or false");

    public double Number() => Node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && double.IsFinite(value.GetValue<double>())
        ? value.GetValue<double>()
        : throw Error($"is {Found}, expected a finite number");

    public double[] Numbers() => [.. Items().Select(item => item.Number())];

    public double[] Numbers(int count)
    {
        double[] numbers = Numbers();
        return numbers.Length == count ? numbers : throw Error($"has {numbers.Length} numbers, expected {count}");
    }

    public WorkspaceException Error(string what) => new($"{(Path.Length == 0 ? "The document" : Path)} {what}.");

    private string Found => Node switch
    {
        null => "null",
        JsonObject => "an object",
        JsonArray => "an array",
        _ when Node.ToJsonString() is { Length: <= 40 } text => text,
        _ => "a long text",
    };

    private JsonObject Object() => Node as JsonObject ?? throw Error($"is {Found}, expected an object");
}
