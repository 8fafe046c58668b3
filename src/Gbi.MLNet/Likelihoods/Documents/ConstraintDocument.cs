using System.Diagnostics;
using System.Text.Json.Nodes;
using Gbi.Likelihoods.Constraints;

namespace Gbi.Likelihoods.Documents;

/// <summary>A constraint in a document: { "gaussian": { "observed": 0, "width": 1 } }, and so on.</summary>
internal static class ConstraintDocument
{
    public static Constraint Read(DocumentPlace place)
    {
        (string kind, DocumentPlace found) = place.Choice("gaussian", "logNormal", "poisson");
        string scale = kind switch { "gaussian" => "width", "logNormal" => "kappa", _ => "expected" };
        found.RequireMembers("observed", scale);
        double? observed = found.Optional("observed")?.Number();
        double size = kind == "logNormal"
            ? found.Property(scale).Number("a finite number above 1, the factor of one standard deviation", value => value > 1)
            : found.Property(scale).Number("a finite number above 0", value => value > 0);
        return found.Make(() => kind switch
        {
            "gaussian" => Constraint.Gaussian(observed ?? 0, size),
            "logNormal" => Constraint.LogNormal(size, observed ?? 1),
            _ => Constraint.Poisson(size, observed),
        });
    }

    public static JsonObject Write(Constraint constraint) => constraint switch
    {
        GaussianConstraint gaussian => Of("gaussian", gaussian, "width", gaussian.Sigma),
        LogNormalConstraint logNormal => Of("logNormal", logNormal, "kappa", logNormal.Kappa),
        PoissonConstraint poisson => Of("poisson", poisson, "expected", poisson.Scale),
        _ => throw new UnreachableException(),
    };

    private static JsonObject Of(string kind, Constraint constraint, string scale, double size) =>
        new() { [kind] = new JsonObject { ["observed"] = constraint.Observed, [scale] = size } };
}
