using System.Reflection;
using System.Text.Json;
using Gbi.Events;
using Gbi.Events.IO;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Json;

/// <summary>Reads documents that gbi wrote.</summary>
internal static class ResultReader
{
    private static readonly JsonSerializerOptions Strict =
        new(ResultDocument.Written.Options) { RespectRequiredConstructorParameters = true };

    /// <summary>The document of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="kinds">The types of documents that are expected.</param>
    /// <exception cref="DataException">It is not JSON, of another kind or schema, or lacks a member; the message says which.</exception>
    public static ResultDocument Read(string text, string name, IReadOnlyList<Type> kinds)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            string expected = string.Join(", ", kinds.Select(type => $"\"{KindOf(type)}\""));
            string? kind = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("kind", out JsonElement named) && named.ValueKind == JsonValueKind.String
                    ? named.GetString()
                    : null;
            Type type = kinds.FirstOrDefault(known => KindOf(known) == kind) ?? throw new DataException(kind is null
                ? $"{name} has no member \"kind\", so that it is no result of gbi; expected what a verb prints with --json."
                : $"{name} is of the kind \"{kind}\", which has no page; those that have one: {expected}.");
            string found = document.RootElement.TryGetProperty("schemaVersion", out JsonElement version)
                ? $"the schema version {version}"
                : "no schema version";
            if (found != Text($"the schema version {ResultDocument.CurrentSchemaVersion}"))
            {
                throw new DataException(Text($"{name} has {found}, expected {ResultDocument.CurrentSchemaVersion}; ")
                    + "make it again with this version of gbi.");
            }

            return (ResultDocument)JsonSerializer.Deserialize(document.RootElement, Strict.GetTypeInfo(type))!;
        }
        catch (JsonException failure)
        {
            throw new DataException($"{name} is no document that gbi wrote: {JsonText.Fault(failure)}.", failure);
        }
    }

    private static string KindOf(Type type) => type.GetCustomAttribute<DocumentKindAttribute>()!.Kind;
}
