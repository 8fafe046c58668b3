using System.Text.Json.Nodes;
using Gbi.Documents;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Documents;

/// <summary>A channel of bins in a document: its name, its observed counts and its samples.</summary>
internal static class BinnedChannelDocument
{
    public static ChannelDefinition Read(DocumentNode node)
    {
        node.RequireMembers("name", "observed", "samples");
        IReadOnlyList<DocumentNode> samples = node.Property("samples").Items();
        if (samples.Count == 0)
        {
            throw node.Property("samples").Error("is empty, expected one sample or more");
        }

        int bins = samples[0].Property("nominal").Items().Count;
        if (bins == 0)
        {
            throw samples[0].Property("nominal").Error("is empty, expected one number per bin");
        }

        var channel = new BinnedChannel(node.Property("name").Name(), [.. samples.Select(sample => Sample(sample, bins))]);
        return new ChannelDefinition(channel, node.Optional("observed") is { } observed ? Counts(observed, bins) : null);
    }

    public static JsonObject Write(ChannelDefinition definition)
    {
        var channel = (BinnedChannel)definition.Channel;
        var document = new JsonObject { ["name"] = channel.Name };
        if (definition.Observed is { } observed)
        {
            document["observed"] = NumbersDocument.Write(observed);
        }

        document["samples"] = new JsonArray([.. channel.Samples.Select(Write)]);
        return document;
    }

    private static double[] Counts(DocumentNode node, int bins)
    {
        _ = node.Numbers(bins);
        return [.. node.Items().Select(item => item.Number("a finite count of 0 or more", count => count >= 0))];
    }

    private static BinnedSample Sample(DocumentNode node, int bins)
    {
        node.RequireMembers("name", "nominal", "factors", "shifts", "binFactors");
        return new BinnedSample(node.Property("name").Name(), node.Property("nominal").Numbers(bins))
        {
            YieldFactors = FactorDocument.ReadAll(node),
            Shifts = [.. node.OptionalItems("shifts").Select(shift => Shift(shift, bins))],
            BinFactors = [.. node.OptionalItems("binFactors").Select(factors => new BinFactors(Names(factors, bins)))],
        };
    }

    private static BinShift Shift(DocumentNode node, int bins)
    {
        node.RequireMembers("parameter", "down", "up", "law");
        return new BinShift(
            node.Property("parameter").Name(),
            node.Property("down").Numbers(bins),
            node.Property("up").Numbers(bins),
            LawDocument.Read(node, InterpolationLaw.PolynomialLinear));
    }

    private static string?[] Names(DocumentNode node, int bins)
    {
        string?[] names = [.. node.Items().Select(item => item.Json is null ? null : item.Name())];
        return names.Length == bins ? names : throw node.Error($"has {names.Length} names, expected {bins}: one per bin, null for none");
    }

    private static JsonObject Write(BinnedSample sample)
    {
        var document = new JsonObject { ["name"] = sample.Name, ["nominal"] = NumbersDocument.Write(sample.Nominal) };
        FactorDocument.WriteAll(document, sample.YieldFactors);
        if (sample.Shifts.Count > 0)
        {
            document["shifts"] = new JsonArray([.. sample.Shifts.Select(Write)]);
        }

        if (sample.BinFactors.Count > 0)
        {
            document["binFactors"] = new JsonArray([.. sample.BinFactors.Select(factors =>
                new JsonArray([.. factors.Parameters.Select(name => name is null ? null : JsonValue.Create(name))]))]);
        }

        return document;
    }

    private static JsonObject Write(BinShift shift) => new()
    {
        ["parameter"] = shift.Parameter,
        ["down"] = NumbersDocument.Write(shift.Down),
        ["up"] = NumbersDocument.Write(shift.Up),
        ["law"] = LawDocument.Write(shift.Law),
    };
}
