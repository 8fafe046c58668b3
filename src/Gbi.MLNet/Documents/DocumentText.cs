using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gbi.Documents;

/// <summary>JSON for readers: an object or array that fits in a line is written in one; others are indented.</summary>
internal static class DocumentText
{
    /// <summary>Numbers with as many digits as they need to be read back the same; letters of every script as they are.</summary>
    public static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int LineWidth = 120;
    private const int Step = 2;

    /// <summary>The text, with a line feed at its end.</summary>
    public static string Of(JsonNode document)
    {
        var text = new StringBuilder();
        Append(text, document, 0, 0);
        return text.Append('\n').ToString();
    }

    /// <param name="text">Where it is appended.</param>
    /// <param name="node">What.</param>
    /// <param name="indent">Columns before the line's first character.</param>
    /// <param name="used">Columns in use before the node.</param>
    private static void Append(StringBuilder text, JsonNode? node, int indent, int used)
    {
        string line = Line(node);
        if (used + line.Length < LineWidth || node is not (JsonObject or JsonArray))
        {
            text.Append(line);
            return;
        }

        bool isObject = node is JsonObject;
        (string Prefix, JsonNode? Value)[] parts = node is JsonObject members
            ? [.. members.Select(member => ($"{Quoted(member.Key)}: ", member.Value))]
            : [.. node.AsArray().Select(item => ("", item))];
        text.Append(isObject ? "{\n" : "[\n");
        for (int i = 0; i < parts.Length; i++)
        {
            text.Append(' ', indent + Step).Append(parts[i].Prefix);
            Append(text, parts[i].Value, indent + Step, indent + Step + parts[i].Prefix.Length);
            text.Append(i < parts.Length - 1 ? ",\n" : "\n");
        }

        text.Append(' ', indent).Append(isObject ? '}' : ']');
    }

    private static string Line(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonObject members => $"{{ {string.Join(", ", members.Select(member => $"{Quoted(member.Key)}: {Line(member.Value)}"))} }}",
        JsonArray items => $"[{string.Join(", ", items.Select(Line))}]",
        _ => node.ToJsonString(Plain),
    };

    private static string Quoted(string name) => JsonValue.Create(name).ToJsonString(Plain);
}

/// <summary>Numbers, one per bin or per power, in a document.</summary>
internal static class NumbersDocument
{
    public static JsonArray Write(IReadOnlyList<double> numbers) => new([.. numbers.Select(number => JsonValue.Create(number))]);
}
