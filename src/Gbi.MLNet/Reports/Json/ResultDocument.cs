using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gbi.Reports.Json;

/// <summary>
/// A document that gbi prints or writes. The names of its properties, in camel case, are its keys; null stands for what there is not, and
/// for a number that is not finite.
/// </summary>
internal abstract record ResultDocument
{
    /// <summary>The version of all schemas: it rises where a key is renamed or removed or changes its meaning.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>How documents are written: σ and χ² in sentences stay readable, as no document is embedded in HTML.</summary>
    internal static readonly DocumentContext Written =
        new(new JsonSerializerOptions(DocumentContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The document's name.</summary>
    [Meaning("Name of the document")]
    [JsonPropertyOrder(-3)]
    public string Kind => GetType().GetCustomAttribute<DocumentKindAttribute>()!.Kind;

    /// <summary>The version of its schema.</summary>
    [Meaning("Version of the schema; it rises where a key is renamed or removed, or changes its meaning")]
    [JsonPropertyOrder(-2)]
    public int SchemaVersion { get; } = CurrentSchemaVersion;

    /// <summary>The version of the package.</summary>
    [Meaning("Version of gbi that computed the result")]
    [JsonPropertyOrder(-1)]
    public string PackageVersion { get; init; } = SearchRun.PackageVersion;

    /// <summary>The document, indented, with a line feed at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Written.GetTypeInfo(GetType())!) + "\n";
}
