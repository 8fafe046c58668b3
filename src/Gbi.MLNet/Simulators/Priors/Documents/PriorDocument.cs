using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Events;
using Gbi.Simulators.Priors.Constraints;

namespace Gbi.Simulators.Priors.Documents;

/// <summary>The document of a prior: parameters, alone or in groups, and constraints on them.</summary>
internal static class PriorDocument
{
    private const string Mark = "gbiPrior";
    private const string Version = "1";

    public static Prior Read(DocumentNode document, string folder)
    {
        DocumentNode version = document.Property(Mark);
        if (version.Text() != Version)
        {
            throw version.Error($"is '{version.Text()}', expected '{Version}', the only version known here");
        }

        document.RequireMembers(Mark, "parameters", "constraints");
        DocumentNode entries = document.Property("parameters");
        if (entries.Items().Count == 0)
        {
            throw entries.Error("is empty, expected one parameter or more");
        }

        Prior[] priors = [.. entries.Items().Select(entry => PriorEntry.Read(entry, folder))];
        RequireOnce(entries.Items(), priors);
        LinearConstraint[] constraints = [.. document.OptionalItems("constraints").Select(node => Constraint(node, priors))];
        var prior = Prior.Independent(priors);
        return constraints.Length == 0 ? prior : document.Property("constraints").Make(() => prior.Where(constraints));
    }

    public static JsonObject Write(Prior prior, bool holdsRows)
    {
        List<Prior> parts = [];
        List<LinearConstraint> constraints = [];
        Add(prior);
        var document = new JsonObject
        {
            [Mark] = Version,
            ["parameters"] = new JsonArray([.. parts.Select(part => PriorEntry.Write(part, holdsRows))]),
        };
        if (constraints.Count > 0)
        {
            document["constraints"] = new JsonArray([.. constraints.Select(Write)]);
        }

        return document;

        // Constraints of independent parts are constraints of their product.
        void Add(Prior one)
        {
            switch (one)
            {
                case ProductPrior product:
                    product.Parts.ToList().ForEach(Add);
                    break;
                case ConstrainedPrior { HasConditions: true }:
                    throw new DataException(
                        "The prior has a condition in C#, which a JSON document cannot hold; give linear constraints, or keep the prior as "
                            + "code.");
                case ConstrainedPrior constrained:
                    Add(constrained.Inner);
                    constraints.AddRange(constrained.Constraints);
                    break;
                default:
                    parts.Add(one);
                    break;
            }
        }
    }

    private static void RequireOnce(IReadOnlyList<DocumentNode> entries, Prior[] priors)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < priors.Length; i++)
        {
            foreach (string name in priors[i].Parameters)
            {
                if (!known.Add(name))
                {
                    throw entries[i].Error($"has the parameter '{name}' a second time; list each parameter once");
                }
            }
        }
    }

    private static LinearConstraint Constraint(DocumentNode node, Prior[] priors)
    {
        node.RequireMembers("sum", "above", "below");
        DocumentNode sum = node.Property("sum");
        sum.RequireMembers([.. priors.SelectMany(prior => prior.Parameters)]);
        string[] names = [.. sum.Json!.AsObject().Select(member => member.Key)];
        if (names.Length == 0)
        {
            throw sum.Error("is empty, expected the coefficient of one parameter or more");
        }

        return new LinearConstraint
        {
            Sum = names.ToDictionary(
                name => name,
                name => sum.Property(name).Number("a finite number other than 0", value => value != 0),
                StringComparer.Ordinal),
            Above = node.Optional("above")?.Number() ?? double.NegativeInfinity,
            Below = node.Optional("below")?.Number() ?? double.PositiveInfinity,
        };
    }

    private static JsonObject Write(LinearConstraint constraint)
    {
        var node = new JsonObject
        {
            ["sum"] = new JsonObject(constraint.Sum.Select(term => KeyValuePair.Create(term.Key, (JsonNode?)JsonValue.Create(term.Value)))),
        };
        if (double.IsFinite(constraint.Above))
        {
            node["above"] = constraint.Above;
        }

        if (double.IsFinite(constraint.Below))
        {
            node["below"] = constraint.Below;
        }

        return node;
    }
}
