using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Events;
using Gbi.Simulators.Priors.Distributions;

namespace Gbi.Simulators.Priors.Documents;

/// <summary>
/// A parameter of a prior in a document, { "name": "mass", "uniform": [80, 120] }, or several with a joint density, { "names": ["a", "b"],
/// "normal": { "mean": [0, 0], "covariance": [[1, 0.5], [0.5, 1]] } }.
/// </summary>
internal static class PriorEntry
{
    private static readonly string[] OfOne = ["uniform", "normal", "logNormal", "halfNormal", "beta", "integer", "category"];
    private static readonly string[] OfSeveral = ["normal", "dirichlet", "rows"];

    public static Prior Read(DocumentNode node, string folder)
    {
        string[] kinds = [.. OfOne.Union(OfSeveral)];
        node.RequireMembers(["name", "names", .. kinds]);
        bool isOne = (node.Optional("name"), node.Optional("names")) switch
        {
            (not null, null) => true,
            (null, not null) => false,
            _ => throw node.Error("must have either 'name', of one parameter, or 'names', of several with a joint density"),
        };
        string[] found = [.. kinds.Where(kind => node.Optional(kind) is not null)];
        string[] allowed = isOne ? OfOne : OfSeveral;
        if (found.Length != 1 || !allowed.Contains(found[0]))
        {
            throw node.Error(
                $"has {(found.Length == 0 ? "no density" : string.Join(", ", found))}, expected exactly one of "
                    + $"{string.Join(", ", allowed)} with '{(isOne ? "name" : "names")}'");
        }

        DocumentNode density = node.Property(found[0]);
        return isOne
            ? ReadOne(node.Property("name").Name(), found[0], density)
            : ReadSeveral([.. node.Property("names").Items().Select(item => item.Name())], found[0], density, folder);
    }

    public static JsonObject Write(Prior prior, bool holdsRows)
    {
        (string kind, JsonNode density) = Density(prior, holdsRows);
        return prior is JointNormalPrior or DirichletPrior or RowsPrior
            ? new JsonObject { ["names"] = new JsonArray([.. prior.Parameters.Select(name => JsonValue.Create(name))]), [kind] = density }
            : new JsonObject { ["name"] = prior.Parameters[0], [kind] = density };
    }

    private static (string Kind, JsonNode Density) Density(Prior prior, bool holdsRows) => prior switch
    {
        UniformPrior { IsPeriodic: true } periodic => (
            "uniform", new JsonObject { ["range"] = Pair(periodic.Low, periodic.High), ["periodic"] = true }),
        UniformPrior uniform => ("uniform", Pair(uniform.Low, uniform.High)),
        NormalPrior normal => ("normal", Write(normal)),
        LogNormalPrior log => ("logNormal", new JsonObject { ["median"] = log.Median, ["sigma"] = log.Sigma }),
        HalfNormalPrior half => ("halfNormal", new JsonObject { ["sd"] = half.StandardDeviation }),
        BetaPrior beta => ("beta", new JsonObject { ["a"] = beta.A, ["b"] = beta.B, ["range"] = Pair(beta.Low, beta.High) }),
        DiscretePrior discrete => (discrete.Kind(0) == ParameterKind.Integer ? "integer" : "category", Write(discrete)),
        JointNormalPrior joint => ("normal", new JsonObject
        {
            ["mean"] = NumbersDocument.Write(joint.Mean),
            ["covariance"] = new JsonArray([.. joint.Covariance.Select(NumbersDocument.Write)]),
        }),
        DirichletPrior dirichlet => ("dirichlet", NumbersDocument.Write(dirichlet.Concentrations)),
        RowsPrior rows => ("rows", rows.Source is { } source && !holdsRows ? Write(source) : Write(rows)),
        _ => throw new DataException(
            $"The prior of {string.Join(", ", prior.Parameters)} cannot be written as JSON, because it is a class of your own; keep it as "
                + "code."),
    };

    private static Prior ReadOne(string name, string kind, DocumentNode node)
    {
        switch (kind)
        {
            case "uniform":
                bool isPair = node.Json is JsonArray;
                if (!isPair)
                {
                    node.RequireMembers("range", "periodic");
                }

                double[] ends = (isPair ? node : node.Property("range")).Numbers(2);
                bool isPeriodic = !isPair && (node.Optional("periodic")?.Flag() ?? false);
                return node.Make(() => Prior.Uniform(name, ends[0], ends[1], isPeriodic));
            case "normal":
                node.RequireMembers("mean", "sd", "lower", "upper");
                (double mean, double deviation) = (node.Property("mean").Number(), Positive(node, "sd"));
                double lower = node.Optional("lower")?.Number() ?? double.NegativeInfinity;
                double upper = node.Optional("upper")?.Number() ?? double.PositiveInfinity;
                return node.Make(() => Prior.Normal(name, mean, deviation, lower, upper));
            case "logNormal":
                node.RequireMembers("median", "sigma");
                (double median, double sigma) = (Positive(node, "median"), Positive(node, "sigma"));
                return node.Make(() => Prior.LogNormal(name, median, sigma));
            case "halfNormal":
                node.RequireMembers("sd");
                double width = Positive(node, "sd");
                return node.Make(() => Prior.HalfNormal(name, width));
            case "beta":
                node.RequireMembers("a", "b", "range");
                (double a, double b) = (Positive(node, "a"), Positive(node, "b"));
                double[] on = node.Optional("range")?.Numbers(2) ?? [0, 1];
                return node.Make(() => Prior.Beta(name, a, b, on[0], on[1]));
            default:
                node.RequireMembers("values", "probabilities");
                double[] values = node.Property("values").Numbers();
                double[]? probabilities = node.Optional("probabilities")?.Numbers();
                return node.Make(() =>
                    kind == "integer" ? Prior.Integer(name, values, probabilities) : Prior.Category(name, values, probabilities));
        }
    }

    private static Prior ReadSeveral(string[] names, string kind, DocumentNode node, string folder)
    {
        switch (kind)
        {
            case "normal":
                node.RequireMembers("mean", "covariance", "sd", "correlations");
                double[] mean = node.Property("mean").Numbers(names.Length);
                if (node.Optional("covariance") is { } covariance)
                {
                    node.RequireMembers("mean", "covariance");
                    double[][] matrix = Matrix(covariance, names.Length);
                    return covariance.Make(() => Prior.Normal(names, mean, matrix));
                }

                double[] deviations = node.Property("sd").Numbers(names.Length);
                double[][] correlations = Matrix(node.Property("correlations"), names.Length);
                return node.Make(() => Prior.Normal(names, mean, deviations, correlations));
            case "dirichlet":
                double[] concentrations = node.Numbers();
                return node.Make(() => Prior.Dirichlet(names, concentrations));
            default:
                try
                {
                    return node.Optional("values") is { } ? Rows(names, node) : ReadRows(names, node, folder);
                }
                catch (DataException failure)
                {
                    throw new DocumentException($"{node.Pointer}: {failure.Message}", failure);
                }
        }
    }

    private static RowsPrior ReadRows(string[] names, DocumentNode node, string folder)
    {
        node.RequireMembers("file", "weight");
        string path = Path.Combine(folder, node.Property("file").Name());
        string? weight = node.Optional("weight")?.Name();
        return node.Make(() => RowsPrior.Read(path, names, weight));
    }

    private static Prior Rows(string[] names, DocumentNode node)
    {
        node.RequireMembers("values", "weights");
        IReadOnlyList<DocumentNode> columns = node.Property("values").Items();
        if (columns.Count != names.Length)
        {
            throw node.Property("values").Error($"has {columns.Count} columns, expected {names.Length}: one a parameter");
        }

        (string Name, float[] Values)[] table = [.. names.Zip(columns, (name, column) => (name, Single(column)))];
        double[]? weights = node.Optional("weights")?.Numbers();
        return node.Make(() =>
        {
            var rows = EventTable.FromColumns(table);
            return Prior.Rows(weights is null ? rows : rows.WithWeights(weights));
        });
    }

    private static float[] Single(DocumentNode column) => [.. column.Numbers().Select(number => (float)number)];

    private static JsonObject Write(RowsPrior prior)
    {
        // A number of single precision is written with its own digits, not with those of a double.
        JsonNode[] columns =
        [
            .. prior.Parameters.Select(name =>
                new JsonArray([.. prior.Table[name].ToArray().Select(value => (JsonNode)JsonValue.Create(value))])),
        ];
        var node = new JsonObject { ["values"] = new JsonArray(columns) };
        if (prior.Table.HasWeights)
        {
            node["weights"] = NumbersDocument.Write(prior.Table.Weights.ToArray());
        }

        return node;
    }

    private static double Positive(DocumentNode node, string member) =>
        node.Property(member).Number("a finite number above 0", value => value > 0);

    private static double[][] Matrix(DocumentNode node, int size) => node.Items().Count == size
        ? [.. node.Items().Select(row => row.Numbers(size))]
        : throw node.Error($"has {node.Items().Count} rows, expected {size}: one a parameter");

    private static JsonArray Pair(double low, double high) => new(low, high);

    private static JsonObject Write(NormalPrior normal)
    {
        var node = new JsonObject { ["mean"] = normal.Mean, ["sd"] = normal.StandardDeviation };
        if (double.IsFinite(normal.Low))
        {
            node["lower"] = normal.Low;
        }

        if (double.IsFinite(normal.High))
        {
            node["upper"] = normal.High;
        }

        return node;
    }

    private static JsonObject Write(DiscretePrior discrete)
    {
        var node = new JsonObject { ["values"] = NumbersDocument.Write(discrete.Values(0)) };
        if (!discrete.IsUniform)
        {
            node["probabilities"] = NumbersDocument.Write(discrete.Probabilities);
        }

        return node;
    }

    private static JsonObject Write(RowsSource source)
    {
        var node = new JsonObject { ["file"] = source.Path };
        if (source.WeightColumn is { } weight)
        {
            node["weight"] = weight;
        }

        return node;
    }
}
