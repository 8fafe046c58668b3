using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Gbi.Reports.Json;

namespace Gbi.Tests.Reports.Json;

/// <summary>Makes the JSON schemas in docs/schemas of the records that are written.</summary>
internal static class DocumentSchema
{
    /// <summary>The member with the unit of a number: JSON Schema ignores what it does not know.</summary>
    public const string Unit = "x-unit";

    private static readonly JsonSchemaExporterOptions Exporting = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Described,
    };

    private static readonly JsonSerializerOptions Written =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>All documents, by kind.</summary>
    public static IReadOnlyDictionary<string, Type> Kinds { get; } = typeof(ResultDocument).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<DocumentKindAttribute>() is not null)
        .ToDictionary(type => KindOf(type).Kind);

    public static DocumentKindAttribute KindOf(Type type) => type.GetCustomAttribute<DocumentKindAttribute>()!;

    /// <summary>The schema of a document as it stands in its file.</summary>
    public static string Of(Type type)
    {
        JsonTypeInfo info = ResultDocument.Written.GetTypeInfo(type) ?? throw new ArgumentException($"{type} is in no context.");
        var members = (JsonObject)info.GetJsonSchemaAsNode(Exporting);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = KindOf(type).Kind,
            ["description"] = KindOf(type).Meaning,
        };
        foreach ((string key, JsonNode? value) in members)
        {
            schema[key] = value?.DeepClone();
        }

        if (schema["properties"]!["kind"] is JsonObject kind)
        {
            kind["const"] = KindOf(type).Kind;
        }

        return schema.ToJsonString(Written) + "\n";
    }

    private static JsonObject Described(JsonSchemaExporterContext context, JsonNode node)
    {
        var schema = new JsonObject();
        object[]? found = context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(MeaningAttribute), inherit: true);
        if (found is [MeaningAttribute meaning])
        {
            schema["description"] = meaning.Text;
            if (meaning.Unit.Length > 0)
            {
                schema[Unit] = meaning.Unit;
            }
        }

        // A number by our own converter, of which the exporter knows nothing, is a number or null.
        if ((Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type) == typeof(double))
        {
            schema["type"] = new JsonArray("number", "null");
            return schema;
        }

        if (node is JsonObject usual)
        {
            foreach ((string key, JsonNode? value) in usual)
            {
                schema[key] = value?.DeepClone();
            }
        }

        // The exporter takes a reference without a setter for one that may be null.
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo { PropertyType.IsValueType: false } property
            && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull
            && schema["type"] is JsonArray { Count: 2 } types)
        {
            schema["type"] = types[0]!.DeepClone();
        }

        // Every member is written, null where there is nothing.
        if (schema["properties"] is JsonObject properties)
        {
            schema["required"] = new JsonArray([.. properties.Select(member => JsonValue.Create(member.Key))]);
        }

        return schema;
    }
}
