using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Documents;

/// <summary>A channel of events in a document: its name, its files and its processes.</summary>
internal static class UnbinnedChannelDocument
{
    public static ChannelDefinition Read(DocumentNode node)
    {
        node.RequireMembers("name", "events", "reference", "normaliseShapes", "processes");
        Process[] processes = [.. node.Property("processes").Items().Select(Process)];
        var channel = new UnbinnedChannel(
            node.Property("name").Name(),
            processes.Length > 0 ? processes : throw node.Property("processes").Error("is empty, expected one process or more"))
        {
            NormalisesShapes = node.Optional("normaliseShapes")?.Flag() ?? true,
        };
        return new ChannelDefinition(channel, File(node, "events", "asimov"), File(node, "reference"));
    }

    public static JsonObject Write(ChannelDefinition definition)
    {
        var channel = (UnbinnedChannel)definition.Channel;
        var document = new JsonObject { ["name"] = channel.Name };
        if (definition.Events is { } events)
        {
            document["events"] = Write(events);
        }

        if (definition.Reference is { } reference)
        {
            document["reference"] = Write(reference);
        }

        if (!channel.NormalisesShapes)
        {
            document["normaliseShapes"] = false;
        }

        document["processes"] = new JsonArray([.. channel.Processes.Select(Write)]);
        return document;
    }

    /// <param name="channel">The channel.</param>
    /// <param name="name">The member that names the file.</param>
    /// <param name="asimov">The member that makes Asimov data of it; null where there is none.</param>
    private static EventFile? File(DocumentNode channel, string name, string? asimov = null)
    {
        if (channel.Optional(name) is not { } node)
        {
            return null;
        }

        node.RequireMembers(asimov is null ? ["file", "weight"] : ["file", "weight", asimov]);
        bool isAsimov = asimov is not null && node.Optional(asimov) is { } flag && flag.Flag();
        return new EventFile(node.Property("file").Name(), node.Optional("weight")?.Name(), isAsimov);
    }

    private static Process Process(DocumentNode node)
    {
        node.RequireMembers("name", "yield", "factors", "logRatio", "ratio", "shapes");
        return new Process(
            node.Property("name").Name(), node.Property("yield").Number("a finite number of 0 or more", value => value >= 0))
        {
            YieldFactors = FactorDocument.ReadAll(node),
            LogRatio = node.Optional("logRatio")?.Name(),
            Ratio = node.Optional("ratio")?.Name(),
            ShapeVariations = [.. node.OptionalItems("shapes").Select(ShapeDocument.Read)],
        };
    }

    private static JsonObject Write(EventFile file)
    {
        var document = new JsonObject { ["file"] = file.Path };
        if (file.WeightColumn is { } weight)
        {
            document["weight"] = weight;
        }

        if (file.IsAsimov)
        {
            document["asimov"] = true;
        }

        return document;
    }

    private static JsonObject Write(Process process)
    {
        var document = new JsonObject { ["name"] = process.Name, ["yield"] = process.ExpectedYield };
        FactorDocument.WriteAll(document, process.YieldFactors);
        if (process.LogRatio is { } logRatio)
        {
            document["logRatio"] = logRatio;
        }

        if (process.Ratio is { } ratio)
        {
            document["ratio"] = ratio;
        }

        if (process.ShapeVariations.Count > 0)
        {
            document["shapes"] = new JsonArray([.. process.ShapeVariations.Select(ShapeDocument.Write)]);
        }

        return document;
    }
}

/// <summary>
/// A variation of a shape in a document: { "exponential": [{ "monomial": "jes", "column": "Delta_jes" }] }, or
/// { "upDown": { "parameter": "tes", "down": "tes_down", "up": "tes_up" } }.
/// </summary>
internal static class ShapeDocument
{
    public static ShapeVariation Read(DocumentNode node)
    {
        (string kind, DocumentNode found) = node.Choice("exponential", "upDown");
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
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static UpDownVariation UpDown(DocumentNode node)
    {
        node.RequireMembers("parameter", "down", "up", "law");
        return new UpDownVariation(
            node.Property("parameter").Name(),
            node.Property("down").Name(),
            node.Property("up").Name(),
            LawDocument.Read(node, InterpolationLaw.PolynomialExponential));
    }

    private static ExponentTerm Term(DocumentNode node)
    {
        node.RequireMembers("monomial", "column");
        DocumentNode monomial = node.Property("monomial");
        string column = node.Property("column").Name();
        return monomial.Make(() => ExponentTerm.Of(monomial.Name(), column));
    }
}
