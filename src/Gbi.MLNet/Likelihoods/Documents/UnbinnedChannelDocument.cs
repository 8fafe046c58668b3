using System.Text.Json.Nodes;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Documents;

/// <summary>A channel of events in a document: its name, its files and its processes.</summary>
internal static class UnbinnedChannelDocument
{
    public static void Add(LikelihoodModelBuilder builder, DocumentPlace place)
    {
        place.RequireMembers("name", "events", "reference", "normaliseShapes", "processes");
        Process[] processes = [.. place.Property("processes").Items().Select(Process)];
        var channel = new UnbinnedChannel(
            place.Property("name").Name(),
            processes.Length > 0 ? processes : throw place.Property("processes").Error("is empty, expected one process or more"))
        {
            NormalisesShapes = place.Optional("normaliseShapes")?.Flag() ?? true,
        };
        builder.AddChannel(channel, File(place, "events"), File(place, "reference"));
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

    private static EventFile? File(DocumentPlace channel, string name)
    {
        if (channel.Optional(name) is not { } place)
        {
            return null;
        }

        place.RequireMembers("file", "weight");
        return new EventFile(place.Property("file").Name(), place.Optional("weight")?.Name());
    }

    private static Process Process(DocumentPlace place)
    {
        place.RequireMembers("name", "yield", "factors", "logRatio", "ratio", "shapes");
        return new Process(
            place.Property("name").Name(), place.Property("yield").Number("a finite number of 0 or more", value => value >= 0))
        {
            YieldFactors = FactorDocument.ReadAll(place),
            LogRatio = place.Optional("logRatio")?.Name(),
            Ratio = place.Optional("ratio")?.Name(),
            ShapeVariations = [.. place.OptionalItems("shapes").Select(ShapeDocument.Read)],
        };
    }

    private static JsonObject Write(EventFile file)
    {
        var document = new JsonObject { ["file"] = file.Path };
        if (file.WeightColumn is { } weight)
        {
            document["weight"] = weight;
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
