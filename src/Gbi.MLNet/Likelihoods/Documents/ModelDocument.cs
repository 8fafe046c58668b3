using System.Text.Json;
using System.Text.Json.Nodes;
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

    public static LikelihoodModelBuilder Read(DocumentPlace document)
    {
        DocumentPlace version = document.Property(Mark);
        if (version.Text() != Version)
        {
            throw version.Error($"is '{version.Text()}', expected '{Version}', the only version known here");
        }

        document.RequireMembers(Mark, "parameterOfInterest", "parameters", "channels");
        var builder = new LikelihoodModelBuilder();
        foreach (DocumentPlace parameter in document.Property("parameters").Items())
        {
            builder.AddParameter(ParameterDocument.Read(parameter));
        }

        foreach (DocumentPlace channel in document.Property("channels").Items())
        {
            Add(builder, channel);
        }

        return document.Optional("parameterOfInterest") is { } name ? builder.WithParameterOfInterest(name.Name()) : builder;
    }

    public static JsonObject Write(LikelihoodModelBuilder builder)
    {
        var document = new JsonObject { [Mark] = Version };
        if (builder.ParameterOfInterest is { } name)
        {
            document["parameterOfInterest"] = name;
        }

        document["parameters"] = new JsonArray([.. builder.Parameters.Select(ParameterDocument.Write)]);
        document["channels"] = new JsonArray([.. builder.Channels.Select(channel =>
            channel.Channel is BinnedChannel ? BinnedChannelDocument.Write(channel) : UnbinnedChannelDocument.Write(channel))]);
        return document;
    }

    private static void Add(LikelihoodModelBuilder builder, DocumentPlace channel)
    {
        switch (channel.Optional("processes"), channel.Optional("samples"))
        {
            case (not null, null):
                UnbinnedChannelDocument.Add(builder, channel);
                break;
            case (null, not null):
                BinnedChannelDocument.Add(builder, channel);
                break;
            default:
                throw channel.Error("must have either 'processes', for events, or 'samples', for bins");
        }
    }
}
