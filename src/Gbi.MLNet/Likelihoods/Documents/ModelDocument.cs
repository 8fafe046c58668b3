using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Documents;

/// <summary>The document of a model as a whole.</summary>
internal static class ModelDocument
{
    private const string Mark = "gbiModel";
    private const string Version = "1";

    public static bool IsOne(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject members && members.ContainsKey(Mark);
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            // Not JSON, or a member twice: the reader of whatever it is meant to be says so.
            return json.Contains($"\"{Mark}\"", StringComparison.Ordinal);
        }
    }

    public static ModelDefinition Read(DocumentNode document)
    {
        DocumentNode version = document.Property(Mark);
        if (version.Text() != Version)
        {
            throw version.Error($"is '{version.Text()}', expected '{Version}', the only version known here");
        }

        document.RequireMembers(Mark, "parameterOfInterest", "parameters", "channels");
        return new ModelDefinition(
            [.. document.Property("parameters").Items().Select(ParameterDocument.Read)],
            [.. document.Property("channels").Items().Select(Channel)],
            document.Optional("parameterOfInterest")?.Name());
    }

    public static JsonObject Write(ModelDefinition definition)
    {
        var document = new JsonObject { [Mark] = Version };
        if (definition.ParameterOfInterest is { } name)
        {
            document["parameterOfInterest"] = name;
        }

        document["parameters"] = new JsonArray([.. definition.Parameters.Select(ParameterDocument.Write)]);
        document["channels"] = new JsonArray([.. definition.Channels.Select(channel =>
            channel.Channel is BinnedChannel ? BinnedChannelDocument.Write(channel) : UnbinnedChannelDocument.Write(channel))]);
        return document;
    }

    private static ChannelDefinition Channel(DocumentNode channel) => (channel.Optional("processes"), channel.Optional("samples")) switch
    {
        (not null, null) => UnbinnedChannelDocument.Read(channel),
        (null, not null) => BinnedChannelDocument.Read(channel),
        _ => throw channel.Error("must have either 'processes', for events, or 'samples', for bins"),
    };
}

/// <summary>A parameter in a document: { "name": "mu", "initial": 1, "lower": 0, "upper": 10 }.</summary>
internal static class ParameterDocument
{
    private const string None = "none";

    public static FitParameter Read(DocumentNode node)
    {
        node.RequireMembers("name", "initial", "lower", "upper", "upperOfLimits", "fixed", "constraint");
        Constraint? constraint = node.Optional("constraint") is { } known ? ConstraintDocument.Read(known) : null;
        return new FitParameter
        {
            Name = node.Property("name").Name(),
            Initial = node.Optional("initial")?.Number() ?? constraint?.BestValue
                ?? throw node.Error("has no 'initial', where fits start; only a constraint can say it instead"),
            Lower = node.Optional("lower")?.Number() ?? double.NegativeInfinity,
            Upper = node.Optional("upper")?.Number() ?? double.PositiveInfinity,
            UpperOfLimits = node.Optional("upperOfLimits") is { } released ? UpperOfLimits(released) : double.NaN,
            IsFixed = node.Optional("fixed")?.Flag() ?? false,
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

        if (parameter.UpperOfLimits > parameter.Upper)
        {
            document["upperOfLimits"] = double.IsPositiveInfinity(parameter.UpperOfLimits) ? None : parameter.UpperOfLimits;
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

    private static double UpperOfLimits(DocumentNode node) => node.Json is JsonValue value && value.TryGetValue(out string? text)
        ? text == None ? double.PositiveInfinity : throw node.Error($"is '{text}', expected a number or \"{None}\"")
        : node.Number();
}

/// <summary>A constraint in a document: { "gaussian": { "observed": 0, "width": 1 } }, and so on.</summary>
internal static class ConstraintDocument
{
    public static Constraint Read(DocumentNode node)
    {
        (string kind, DocumentNode found) = node.Choice("gaussian", "logNormal", "poisson");
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
