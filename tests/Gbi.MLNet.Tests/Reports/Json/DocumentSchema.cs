using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gbi.Reports.Json;

namespace Gbi.Tests.Reports.Json;

/// <summary>Makes the JSON schemas in docs/schemas of the records that are written.</summary>
internal sealed class DocumentSchema
{
    /// <summary>The member with the unit of a number: JSON Schema ignores what it does not know.</summary>
    public const string Unit = "x-unit";

    /// <summary>Where a schema begins that is a part of another one.</summary>
    public const string Definitions = "#/$defs/";

    private static readonly Dictionary<Type, string> Scalars = new()
    {
        [typeof(string)] = "string",
        [typeof(bool)] = "boolean",
        [typeof(int)] = "integer",
        [typeof(long)] = "integer",
        [typeof(ulong)] = "integer",
        [typeof(double)] = "number",
    };

    private static readonly JsonSerializerOptions Written =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly NullabilityInfoContext _nullability = new();

    private DocumentSchema()
    {
    }

    /// <summary>All documents, by kind.</summary>
    public static IReadOnlyDictionary<string, Type> Kinds { get; } = typeof(ResultDocument).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<DocumentKindAttribute>() is not null)
        .ToDictionary(type => KindOf(type).Kind);

    public static DocumentKindAttribute KindOf(Type type) => type.GetCustomAttribute<DocumentKindAttribute>()!;

    /// <summary>The schema of a document as it stands in its file.</summary>
    public static string Of(Type type)
    {
        var made = new DocumentSchema();
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = KindOf(type).Kind,
            ["description"] = KindOf(type).Meaning,
        };
        foreach ((string key, JsonNode? value) in made.Record(type))
        {
            schema[key] = value?.DeepClone();
        }

        schema["properties"]!["kind"]!["const"] = KindOf(type).Kind;
        if (made._definitions.Count > 0)
        {
            schema["$defs"] = new JsonObject(made._definitions.Select(known => KeyValuePair.Create(known.Key, (JsonNode?)known.Value)));
        }

        return schema.ToJsonString(Written) + "\n";
    }

    /// <summary>Every member is written, null where there is nothing.</summary>
    private JsonObject Record(Type type)
    {
        JsonTypeInfo info = ResultDocument.Written.GetTypeInfo(type) ?? throw new ArgumentException($"{type} is in no context.");
        var members = new JsonObject(info.Properties.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)Member(member))));
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = members,
            ["required"] = new JsonArray([.. info.Properties.Select(member => JsonValue.Create(member.Name))]),
        };
    }

    private JsonObject Member(JsonPropertyInfo member)
    {
        var property = (PropertyInfo)member.AttributeProvider!;
        var schema = new JsonObject();
        if (property.GetCustomAttribute<MeaningAttribute>() is { } meaning)
        {
            schema["description"] = meaning.Text;
            if (meaning.Unit.Length > 0)
            {
                schema[Unit] = meaning.Unit;
            }
        }

        foreach ((string key, JsonNode? value) in Value(_nullability.Create(property)))
        {
            schema[key] = value?.DeepClone();
        }

        return schema;
    }

    private JsonObject Value(NullabilityInfo info)
    {
        Type type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;

        // A number that is not finite is null.
        bool isNullable = info.ReadState == NullabilityState.Nullable || type == typeof(double);
        if (Scalars.TryGetValue(type, out string? scalar))
        {
            return Typed(scalar, isNullable);
        }

        if (type.IsGenericType)
        {
            JsonObject item = Value(info.GenericTypeArguments[^1]);
            JsonObject collection = Typed(info.GenericTypeArguments.Length == 1 ? "array" : "object", isNullable);
            collection[info.GenericTypeArguments.Length == 1 ? "items" : "additionalProperties"] = item;
            return collection;
        }

        var reference = new JsonObject { ["$ref"] = Reference(type) };
        return isNullable ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private static JsonObject Typed(string type, bool isNullable) =>
        new() { ["type"] = isNullable ? new JsonArray(type, "null") : JsonValue.Create(type) };

    /// <summary>A document within another one has a schema of its own; any other record is a definition.</summary>
    private string Reference(Type type)
    {
        if (type.IsSubclassOf(typeof(ResultDocument)))
        {
            return $"{KindOf(type).Kind}.schema.json";
        }

        string name = JsonNamingPolicy.CamelCase.ConvertName(type.Name.Replace("Document", "", StringComparison.Ordinal));
        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = Record(type);
        }

        return Definitions + name;
    }
}
