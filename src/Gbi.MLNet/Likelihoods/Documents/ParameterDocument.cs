using System.Text.Json.Nodes;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Documents;

/// <summary>A parameter in a document: { "name": "mu", "initial": 1, "lower": 0, "upper": 10 }.</summary>
internal static class ParameterDocument
{
    public static FitParameter Read(DocumentPlace place)
    {
        place.RequireMembers("name", "initial", "lower", "upper", "fixed", "constraint");
        Constraint? constraint = place.Optional("constraint") is { } known ? ConstraintDocument.Read(known) : null;
        return new FitParameter
        {
            Name = place.Property("name").Name(),
            Initial = place.Optional("initial")?.Number() ?? constraint?.BestValue
                ?? throw place.Error("has no 'initial', where fits start; only a constraint can say it instead"),
            Lower = place.Optional("lower")?.Number() ?? double.NegativeInfinity,
            Upper = place.Optional("upper")?.Number() ?? double.PositiveInfinity,
            IsFixed = place.Optional("fixed")?.Flag() ?? false,
            Constraint = constraint,
        };
    }

    public static JsonObject Write(FitParameter parameter)
    {
        var document = new JsonObject { ["name"] = parameter.Name, ["initial"] = parameter.Initial };
        if (!double.IsNegativeInfinity(parameter.Lower))
        {
            document["lower"] = parameter.Lower;
        }

        if (!double.IsPositiveInfinity(parameter.Upper))
        {
            document["upper"] = parameter.Upper;
        }

        if (parameter.IsFixed)
        {
            document["fixed"] = true;
        }

        if (parameter.Constraint is { } constraint)
        {
            document["constraint"] = ConstraintDocument.Write(constraint);
        }

        return document;
    }
}
