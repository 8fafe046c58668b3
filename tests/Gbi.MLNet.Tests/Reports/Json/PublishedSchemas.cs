using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Gbi.Tests.Reports.Json;

/// <summary>The schemas in docs/schemas, and what is wrong with a document that has to follow one of them.</summary>
internal static class PublishedSchemas
{
    /// <summary>The schema of model documents, which have the mark "gbiModel" and no kind.</summary>
    public const string Model = "model";

    /// <summary>The schema of prior documents, which have the mark "gbiPrior" and no kind.</summary>
    public const string Prior = "prior";

    private static readonly ConcurrentDictionary<string, JsonSchema> Read = new();

    public static string FileOf(string kind) => Checkout.File("docs", "schemas", $"{kind}.schema.json");

    /// <summary>Fails where a document breaks the schema of its kind, or has a member that the schema does not name.</summary>
    public static void Require(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        JsonElement root = parsed.RootElement;
        string kind = root.TryGetProperty("gbiModel", out _) ? Model
            : root.TryGetProperty("gbiPrior", out _) ? Prior
            : root.TryGetProperty("kind", out JsonElement named) ? named.GetString()!
            : throw new AssertionException($"A document has no kind: {document[..Math.Min(200, document.Length)]}");
        Require(kind, root);
    }

    /// <summary>The same of a document whose kind is known.</summary>
    public static void Require(string kind, JsonElement document)
    {
        var options = new EvaluationOptions { OutputFormat = OutputFormat.List };
        EvaluationResults found = Read.GetOrAdd(kind, Closed).Evaluate(document, options);
        if (!found.IsValid)
        {
            IEnumerable<string> errors = (found.Details ?? []).Where(detail => detail.Errors is not null)
                .Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}");
            throw new AssertionException($"This is no document of docs/schemas/{kind}.schema.json:\n{string.Join('\n', errors.Take(20))}");
        }
    }

    // The published schema leaves room for members of later versions; what is written now is what it names.
    private static JsonSchema Closed(string kind)
    {
        JsonObject schema = JsonNode.Parse(File.ReadAllText(FileOf(kind)))!.AsObject();
        Close(schema);
        foreach (JsonObject member in schema["properties"]!.AsObject().Select(property => property.Value!.AsObject()))
        {
            if (((string?)member["$ref"])?.Split(".schema.json") is [string other, ""])
            {
                Embed(schema, other);
                member["$ref"] = DocumentSchema.Definitions + other;
            }
        }

        return JsonSchema.FromText(schema.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
    }

    /// <summary>Makes the schema of a document, with its definitions, a definition of another one.</summary>
    private static void Embed(JsonObject schema, string kind)
    {
        JsonObject embedded = JsonNode.Parse(File.ReadAllText(FileOf(kind)))!.AsObject();
        Close(embedded);
        embedded.Remove("$schema");
        JsonObject definitions = schema["$defs"]!.AsObject();
        foreach ((string name, JsonNode? definition) in embedded["$defs"]!.AsObject())
        {
            definitions[name] = definition!.DeepClone();
        }

        embedded.Remove("$defs");
        definitions[kind] = embedded;
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach ((string _, JsonNode? value) in members.ToArray())
            {
                Close(value);
            }

            if (members["properties"] is JsonObject && members["type"] is not null)
            {
                members["additionalProperties"] = false;
            }
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
            {
                Close(item);
            }
        }
    }
}
