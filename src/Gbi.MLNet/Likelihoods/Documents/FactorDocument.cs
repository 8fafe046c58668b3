using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Documents;

/// <summary>A factor on a yield in a document: { "strength": "mu" }, and so on.</summary>
internal static class FactorDocument
{
    /// <summary>The factors of a process or a sample; none where they are left out.</summary>
    public static IReadOnlyList<YieldFactor> ReadAll(DocumentNode owner) => [.. owner.OptionalItems("factors").Select(Read)];

    public static void WriteAll(JsonObject owner, IReadOnlyList<YieldFactor> factors)
    {
        if (factors.Count > 0)
        {
            owner["factors"] = new JsonArray([.. factors.Select(Write)]);
        }
    }

    private static YieldFactor Read(DocumentNode node)
    {
        (string kind, DocumentNode found) = node.Choice("strength", "polynomial", "exponential", "interpolated");
        return kind switch
        {
            "strength" => YieldFactor.Strength(found.Name()),
            "polynomial" => Polynomial(found),
            "exponential" => Exponential(found),
            _ => Interpolated(found),
        };
    }

    private static YieldFactor Polynomial(DocumentNode node)
    {
        node.RequireMembers("parameter", "coefficients");
        string parameter = node.Property("parameter").Name();
        double[] coefficients = node.Property("coefficients").Numbers();
        return node.Make(() => YieldFactor.Polynomial(parameter, coefficients));
    }

    private static YieldFactor Exponential(DocumentNode node)
    {
        node.RequireMembers("parameter", "linear", "quadratic");
        return YieldFactor.Exponential(
            node.Property("parameter").Name(), node.Property("linear").Number(), node.Optional("quadratic")?.Number() ?? 0);
    }

    private static YieldFactor Interpolated(DocumentNode node)
    {
        node.RequireMembers("parameter", "down", "up", "law");
        string parameter = node.Property("parameter").Name();
        InterpolationLaw law = LawDocument.Read(node, InterpolationLaw.PolynomialExponential);
        return YieldFactor.Interpolated(parameter, Ratio("down"), Ratio("up"), law);

        double Ratio(string side) => Interpolation.UsesLogs(law)
            ? node.Property(side).Number("a finite number above 0, because the law raises it to a power", value => value > 0)
            : node.Property(side).Number();
    }

    private static JsonObject Write(YieldFactor factor) => factor switch
    {
        YieldFactor.StrengthFactor => new() { ["strength"] = factor.Parameter },
        YieldFactor.PolynomialFactor polynomial => new()
        {
            ["polynomial"] = new JsonObject
            {
                ["parameter"] = factor.Parameter,
                ["coefficients"] = NumbersDocument.Write(polynomial.Coefficients),
            },
        },
        YieldFactor.ExponentialFactor exponential => new()
        {
            ["exponential"] = new JsonObject
            {
                ["parameter"] = factor.Parameter,
                ["linear"] = exponential.Linear,
                ["quadratic"] = exponential.Quadratic,
            },
        },
        YieldFactor.InterpolatedFactor interpolated => new()
        {
            ["interpolated"] = new JsonObject
            {
                ["parameter"] = factor.Parameter,
                ["down"] = interpolated.Down,
                ["up"] = interpolated.Up,
                ["law"] = LawDocument.Write(interpolated.Law),
            },
        },
        _ => throw new UnreachableException(),
    };
}

/// <summary>The name of an interpolation law in a document: "polynomialExponential".</summary>
internal static class LawDocument
{
    /// <param name="node">What has the law as its member "law".</param>
    /// <param name="usual">The law where it is left out.</param>
    public static InterpolationLaw Read(DocumentNode node, InterpolationLaw usual)
    {
        if (node.Optional("law") is not { } law)
        {
            return usual;
        }

        InterpolationLaw[] laws = Enum.GetValues<InterpolationLaw>();
        int at = Array.FindIndex(laws, candidate => Write(candidate) == law.Text());
        return at >= 0 ? laws[at] : throw law.Error($"is '{law.Text()}', expected one of {string.Join(", ", laws.Select(Write))}");
    }

    public static string Write(InterpolationLaw law) => JsonNamingPolicy.CamelCase.ConvertName(law.ToString());
}
