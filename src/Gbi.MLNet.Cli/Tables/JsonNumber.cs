using System.Text.Json.Nodes;

namespace Gbi.Cli.Tables;

/// <summary>Numbers for JSON, which knows no NaN and no infinity: those become null.</summary>
internal static class JsonNumber
{
    public static JsonNode? Of(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
