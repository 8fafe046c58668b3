using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Trees.Model;

namespace Gbi.Ratios.Parametric;

/// <content>The model as text: JSON whose trees are base-64 of <see cref="TreeEnsembleFormat"/>.</content>
public sealed partial class ParametricRatio
{
    private const string Format = "gbi-parametric-ratio/1";

    /// <summary>The model as one line of text that <see cref="Parse"/> reads.</summary>
    public string Serialize()
    {
        var document = new ParametricRatioDocument
        {
            Format = Format,
            Parameters = [.. Parameters],
            Monomials =
                [.. Monomials.Select(monomial => monomial.Second is { } second ? [monomial.First, second] : new[] { monomial.First })],
            Trees = TreeEnsembleFormat.ToBytes(Trees),
        };
        return JsonSerializer.Serialize(document, ParametricRatioJson.Default.ParametricRatioDocument);
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="DataException">The text is not a parametric ratio of this version.</exception>
    public static ParametricRatio Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            ParametricRatioDocument document = JsonSerializer.Deserialize(text, ParametricRatioJson.Default.ParametricRatioDocument)
                ?? throw new JsonException("The document is null.");
            return document.Format == Format
                ? new ParametricRatio(
                    TreeEnsembleFormat.FromBytes(document.Trees), document.Parameters, [.. document.Monomials.Select(ReadMonomial)])
                : throw new DataException(
                    $"The parametric ratio has format '{document.Format}', expected '{Format}'; train it again with this version.");
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or ArgumentException)
        {
            throw new DataException($"The text is not a parametric ratio: {failure.Message}", failure);
        }
    }

    private static Monomial ReadMonomial(string[]? factors) => factors switch
    {
        [{ } parameter] => Monomial.Of(parameter),
        [{ } first, { } second] => Monomial.Of(first, second),
        _ => throw new InvalidDataException($"A monomial has {factors?.Length ?? 0} factors, expected one or two."),
    };
}

/// <summary>What a parametric ratio's text holds.</summary>
internal sealed record ParametricRatioDocument
{
    public required string Format { get; init; }

    public required string[] Parameters { get; init; }

    /// <summary>The one or two factors of each monomial.</summary>
    public required string[]?[] Monomials { get; init; }

    public required byte[] Trees { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ParametricRatioDocument))]
internal sealed partial class ParametricRatioJson : JsonSerializerContext;
