using System.Text.Json.Serialization;

namespace Gbi.Jobs.Toys;

/// <summary>The file of a test by toys; the names of these properties, in camel case, are its keys.</summary>
internal sealed record ToyRunDocument(
    string Format,
    string PackageVersion,
    string Model,
    string ParameterOfInterest,
    string Statistic,
    double Mu,
    ulong Seed,
    int Toys,
    int Shard,
    int Shards,
    double Observed,
    double MuHat,
    ToyFitsDocument Tested,
    ToyFitsDocument? Background,
    string? Measurement = null,
    string? File = null,
    double? QAsimov = null,
    bool IsBounded = false);

/// <summary>Toys of one kind. Null stands for the numbers of a toy whose fits failed.</summary>
internal sealed record ToyFitsDocument(
    long First, IReadOnlyList<double?> Values, IReadOnlyList<double?> MuHat, IReadOnlyList<ToyFailureDocument> Failures);

internal sealed record ToyFailureDocument(long Toy, string Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ToyRunDocument))]
internal sealed partial class ToyRunContext : JsonSerializerContext;
