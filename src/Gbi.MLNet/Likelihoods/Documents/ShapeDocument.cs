using System.Diagnostics;
using System.Text.Json.Nodes;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Documents;

/// <summary>
/// A variation of a shape in a document: { "exponential": [{ "monomial": "jes", "column": "Delta_jes" }] }, or
/// { "upDown": { "parameter": "tes", "down": "tes_down", "up": "tes_up" } }.
/// </summary>
internal static class ShapeDocument
{
    public static ShapeVariation Read(DocumentPlace place)
    {
        (string kind, DocumentPlace found) = place.Choice("exponential", "upDown");
        return kind == "upDown" ? UpDown(found) : found.Make(() => new ExponentialVariation([.. found.Items().Select(Term)]));
    }

    public static JsonObject Write(ShapeVariation shape) => shape switch
    {
        ExponentialVariation exponential => new()
        {
            ["exponential"] = new JsonArray([.. exponential.Terms.Select(term => new JsonObject
            {
                ["monomial"] = term.MonomialName,
                ["column"] = term.Column,
            })]),
        },
        UpDownVariation upDown => new()
        {
            ["upDown"] = new JsonObject
            {
                ["parameter"] = upDown.Parameter,
                ["down"] = upDown.Down,
                ["up"] = upDown.Up,
                ["law"] = LawDocument.Write(upDown.Law),
            },
        },
        _ => throw new UnreachableException(),
    };

    private static UpDownVariation UpDown(DocumentPlace place)
    {
        place.RequireMembers("parameter", "down", "up", "law");
        return new UpDownVariation(
            place.Property("parameter").Name(),
            place.Property("down").Name(),
            place.Property("up").Name(),
            LawDocument.Read(place, InterpolationLaw.PolynomialExponential));
    }

    private static ExponentTerm Term(DocumentPlace place)
    {
        place.RequireMembers("monomial", "column");
        DocumentPlace monomial = place.Property("monomial");
        string column = place.Property("column").Name();
        return monomial.Make(() => ExponentTerm.Of(monomial.Name(), column));
    }
}
