using System.Text;
using System.Text.Json.Nodes;

namespace Gbi.Tests.Reports.Json;

/// <summary>The tables of docs/json.md, made of the schemas: one a document.</summary>
internal static class DocumentReference
{
    public const string Begin = "<!-- tables: made of docs/schemas by DocumentSchemaTests, GBI_ACCEPT=1 rewrites them -->";
    public const string End = "<!-- end of tables -->";

    /// <summary>The page with the tables as they have to be.</summary>
    public static string Fill(string page, IEnumerable<string> schemas)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return page[..begin] + "\n\n" + string.Concat(schemas.Select(TableOf)) + page[end..];
    }

    private static string TableOf(string schema)
    {
        JsonObject root = JsonNode.Parse(schema)!.AsObject();
        var text = new StringBuilder();
        text.Append("### ").Append((string?)root["title"]).Append("\n\n")
            .Append((string?)root["description"]).Append(". Schema: [").Append((string?)root["title"]).Append("](schemas/")
            .Append((string?)root["title"]).Append(".schema.json).\n\n| key | type | unit | meaning |\n|---|---|---|---|\n");
        AddRows(text, root, "");
        return text.Append('\n').ToString();
    }

    private static void AddRows(StringBuilder text, JsonObject schema, string path)
    {
        foreach ((string key, JsonNode? value) in schema["properties"]!.AsObject())
        {
            JsonObject member = value!.AsObject();
            string name = path + key;
            text.Append("| `").Append(name).Append("` | ").Append(TypeOf(member)).Append(" | ")
                .Append((string?)member[DocumentSchema.Unit] ?? "").Append(" | ").Append(Escaped((string?)member["description"] ?? ""))
                .Append(" |\n");
            if (member["properties"] is not null)
            {
                AddRows(text, member, name + ".");
            }
            else if (member["items"] is JsonObject items && items["properties"] is not null)
            {
                AddRows(text, items, name + "[].");
            }
        }
    }

    private static string TypeOf(JsonObject member)
    {
        string[] types = member["type"] switch
        {
            JsonArray several => [.. several.Select(type => (string)type!)],
            JsonValue one => [(string)one!],
            _ => ["any"],
        };
        string type = string.Join(" or ", types);
        return member["items"] is JsonObject items
            ? $"{type} of {TypeOf(items)}"
            : member["additionalProperties"] is JsonObject values ? $"{type} of {TypeOf(values)}" : type;
    }

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
