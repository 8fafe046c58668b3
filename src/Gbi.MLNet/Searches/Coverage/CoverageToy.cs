using System.Text.Json.Serialization;

namespace Gbi.Searches.Coverage;

/// <summary>What the search of one pseudo-data set found.</summary>
/// <param name="TrueFraction">Share of injected signal among the events of the signal region.</param>
/// <param name="Fraction">The estimate of it.</param>
/// <param name="Lower68">Lower end of the 68.27 % interval.</param>
/// <param name="Upper68">Upper end of the 68.27 % interval.</param>
/// <param name="Lower95">Lower end of the 95 % interval.</param>
/// <param name="Upper95">Upper end of the 95 % interval.</param>
/// <param name="Significances">Z without a cut, then after each cut on the score; negative for a deficit.</param>
/// <param name="LowerLimit">Lower limit of the fraction without a signal model; null with one.</param>
/// <param name="Failed">Names of the checks that failed.</param>
/// <param name="Inconclusive">Names of the checks that were inconclusive.</param>
public sealed record CoverageToy(
    double TrueFraction, double Fraction, double Lower68, double Upper68, double Lower95, double Upper95,
    IReadOnlyList<double> Significances, double? LowerLimit, IReadOnlyList<string> Failed, IReadOnlyList<string> Inconclusive);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CoverageToy))]
internal sealed partial class CoverageToyContext : JsonSerializerContext;
