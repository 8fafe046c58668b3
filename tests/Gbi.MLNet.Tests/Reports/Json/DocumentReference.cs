using System.Text;
using System.Text.Json.Nodes;

namespace Gbi.Tests.Reports.Json;

/// <summary>The tables of docs/json.md, made of the schemas: one a document.</summary>
internal sealed class DocumentReference
{
    public const string Begin = "<!-- tables: made of docs/schemas by DocumentSchemaTests, GBI_ACCEPT=1 rewrites them -->";
    public const string End = "<!-- end of tables -->";

    private const int MostRepeatedRows = 3;

    private readonly StringBuilder _text = new();
    private readonly JsonObject _root;

    /// <summary>Where a definition was explained first.</summary>
    private readonly Dictionary<string, string> _explained = [];

    private DocumentReference(JsonObject root) => _root = root;

    /// <summary>The page with the tables as they have to be.</summary>
    public static string Fill(string page, IEnumerable<string> schemas)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return page[..begin] + "\n\n"
            + string.Concat(schemas.Select(schema => new DocumentReference(JsonNode.Parse(schema)!.AsObject()).Table())) + page[end..];
    }

    private string Table()
    {
        string title = (string)_root["title"]!;
        _text.Append($"### {title}\n\n{_root["description"]}. Schema: [{title}](schemas/{title}.schema.json).\n\n")
            .Append("| key | type | unit | meaning |\n|---|---|---|---|\n");
        AddRows(_root, "");
        return _text.Append('\n').ToString();
    }

    private void AddRows(JsonObject record, string path)
    {
        foreach ((string key, JsonNode? value) in record["properties"]!.AsObject())
        {
            JsonObject member = value!.AsObject();
            string name = path + key;
            JsonObject held = Held(member, out string inner);
            string? definition = DefinitionOf(held);
            string? first = definition is not null && !IsShort(definition) ? _explained.GetValueOrDefault(definition) : null;
            _text.Append($"| `{name}` | {TypeOf(member)}{(first is null ? "" : $", as `{first}`")} | {member[DocumentSchema.Unit]} | ")
                .Append(Escaped((string?)member["description"] ?? "")).Append(" |\n");
            if (definition is not null && first is null)
            {
                _explained.TryAdd(definition, name);
                AddRows(Definition(definition), $"{name}{inner}.");
            }
        }
    }

    /// <summary>A member, or the items of an array.</summary>
    private static JsonObject Held(JsonObject member, out string inner)
    {
        inner = member["items"] is null ? "" : "[]";
        return member["items"] as JsonObject ?? member;
    }

    private static string? DefinitionOf(JsonObject member) =>
        ((string?)member["$ref"] ?? (string?)member["anyOf"]?[0]?["$ref"]) is { } reference
            && reference.StartsWith(DocumentSchema.Definitions, StringComparison.Ordinal)
            ? reference[DocumentSchema.Definitions.Length..]
            : null;

    private JsonObject Definition(string name) => _root["$defs"]![name]!.AsObject();

    /// <summary>An estimate or an interval is explained wherever it stands.</summary>
    private bool IsShort(string definition)
    {
        JsonObject members = Definition(definition)["properties"]!.AsObject();
        return members.Count <= MostRepeatedRows && members.All(member => member.Value!["items"] is null && member.Value["$ref"] is null);
    }

    private static string TypeOf(JsonObject member)
    {
        if (member["anyOf"] is JsonArray choices)
        {
            return string.Join(" or ", choices.Select(choice => TypeOf(choice!.AsObject())));
        }

        if ((string?)member["$ref"] is { } reference)
        {
            string document = reference.Split('.')[0];
            return reference.StartsWith('#') ? "object" : $"object, a [{document}](#{document})";
        }

        string[] types = member["type"] is JsonArray several ? [.. several.Select(type => (string)type!)] : [(string)member["type"]!];
        string type = string.Join(" or ", types);
        return (member["items"] ?? member["additionalProperties"]) is JsonObject held ? $"{type} of {TypeOf(held)}" : type;
    }

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
