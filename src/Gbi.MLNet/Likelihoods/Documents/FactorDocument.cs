using System.Diagnostics;
using System.Text.Json.Nodes;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Documents;

/// <summary>A factor on a yield in a document: { "strength": "mu" }, and so on.</summary>
internal static class FactorDocument
{
    /// <summary>The factors of a process or a sample; none where they are left out.</summary>
    public static IReadOnlyList<YieldFactor> ReadAll(DocumentPlace owner) => [.. owner.OptionalItems("factors").Select(Read)];

    public static void WriteAll(JsonObject owner, IReadOnlyList<YieldFactor> factors)
    {
        if (factors.Count > 0)
        {
            owner["factors"] = new JsonArray([.. factors.Select(Write)]);
        }
    }

    private static YieldFactor Read(DocumentPlace place)
    {
        (string kind, DocumentPlace found) = place.Choice("strength", "polynomial", "exponential", "interpolated");
        return kind switch
        {
            "strength" => YieldFactor.Strength(found.Name()),
            "polynomial" => Polynomial(found),
            "exponential" => Exponential(found),
            _ => Interpolated(found),
        };
    }

    private static YieldFactor Polynomial(DocumentPlace place)
    {
        place.RequireMembers("parameter", "coefficients");
        string parameter = place.Property("parameter").Name();
        double[] coefficients = place.Property("coefficients").Numbers();
        return place.Make(() => YieldFactor.Polynomial(parameter, coefficients));
    }

    private static YieldFactor Exponential(DocumentPlace place)
    {
        place.RequireMembers("parameter", "linear", "quadratic");
        return YieldFactor.Exponential(
            place.Property("parameter").Name(), place.Property("linear").Number(), place.Optional("quadratic")?.Number() ?? 0);
    }

    private static YieldFactor Interpolated(DocumentPlace place)
    {
        place.RequireMembers("parameter", "down", "up", "law");
        string parameter = place.Property("parameter").Name();
        InterpolationLaw law = LawDocument.Read(place, InterpolationLaw.PolynomialExponential);
        return YieldFactor.Interpolated(parameter, Ratio("down"), Ratio("up"), law);

        double Ratio(string side) => Interpolation.UsesLogs(law)
            ? place.Property(side).Number("a finite number above 0, because the law raises it to a power", value => value > 0)
            : place.Property(side).Number();
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
