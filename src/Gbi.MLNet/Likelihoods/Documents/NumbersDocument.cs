using System.Text.Json.Nodes;

namespace Gbi.Likelihoods.Documents;

/// <summary>Numbers, one a bin or a power, in a document.</summary>
internal static class NumbersDocument
{
    public static JsonArray Write(IReadOnlyList<double> numbers) => new([.. numbers.Select(number => JsonValue.Create(number))]);
}
