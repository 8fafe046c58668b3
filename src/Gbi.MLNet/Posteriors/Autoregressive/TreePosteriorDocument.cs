using System.Text.Json.Serialization;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Posteriors.Misspecification;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>A posterior as it is written: JSON, the prior as its own document, trees as base-64.</summary>
internal sealed record TreePosteriorDocument
{
    public const string CurrentFormat = "gbi-posterior/1";

    public required string Format { get; init; }

    public required string Prior { get; init; }

    public required string[] Features { get; init; }

    public required int SimulationCount { get; init; }

    public required MeanDocument[][] First { get; init; }

    public required MeanDocument[] Means { get; init; }

    public required ProductDocument[] Products { get; init; }

    public required MemberDocument[] Members { get; init; }

    public required MisspecificationState? Alarm { get; init; }
}

internal sealed record MeanDocument(
    string[] Names, PolynomialTerms.Term[] Terms, double[][] Coefficients, byte[][] Trees, float Scale,
    PredictionRange Range);

internal sealed record ProductDocument(int First, int Second, MeanDocument Mean);

internal sealed record MemberDocument(int[] Order, ConditionalDocument[] Conditionals);

internal sealed record ConditionalDocument
{
    public required MeanDocument[] Location { get; init; }

    public required MeanDocument? Scale { get; init; }

    public required double Factor { get; init; }

    public required float[] Edges { get; init; }

    public required byte[][] Levels { get; init; }

    public required double[] Masses { get; init; }

    public required double[] Slopes { get; init; }

    public required double Below { get; init; }

    public required double Above { get; init; }

    public required float[] Points { get; init; }

    public required bool IsBounded { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TreePosteriorDocument))]
internal sealed partial class TreePosteriorJson : JsonSerializerContext;
