using System.Text.Json.Nodes;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Documents;

/// <summary>A channel of bins in a document: its name, its observed counts and its samples.</summary>
internal static class BinnedChannelDocument
{
    public static void Add(LikelihoodModelBuilder builder, DocumentPlace place)
    {
        place.RequireMembers("name", "observed", "samples");
        IReadOnlyList<DocumentPlace> samples = place.Property("samples").Items();
        if (samples.Count == 0)
        {
            throw place.Property("samples").Error("is empty, expected one sample or more");
        }

        int bins = samples[0].Property("nominal").Items().Count;
        if (bins == 0)
        {
            throw samples[0].Property("nominal").Error("is empty, expected one number a bin");
        }

        var channel = new BinnedChannel(place.Property("name").Name(), [.. samples.Select(sample => Sample(sample, bins))]);
        builder.AddChannel(channel, place.Optional("observed") is { } observed ? Counts(observed, bins) : null);
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

    private static double[] Counts(DocumentPlace place, int bins)
    {
        _ = place.Numbers(bins);
        return [.. place.Items().Select(item => item.Number("a finite count of 0 or more", count => count >= 0))];
    }

    private static BinnedSample Sample(DocumentPlace place, int bins)
    {
        place.RequireMembers("name", "nominal", "factors", "shifts", "binFactors");
        return new BinnedSample(place.Property("name").Name(), place.Property("nominal").Numbers(bins))
        {
            YieldFactors = FactorDocument.ReadAll(place),
            Shifts = [.. place.OptionalItems("shifts").Select(shift => Shift(shift, bins))],
            BinFactors = [.. place.OptionalItems("binFactors").Select(factors => new BinFactors(Names(factors, bins)))],
        };
    }

    private static BinShift Shift(DocumentPlace place, int bins)
    {
        place.RequireMembers("parameter", "down", "up", "law");
        return new BinShift(
            place.Property("parameter").Name(),
            place.Property("down").Numbers(bins),
            place.Property("up").Numbers(bins),
            LawDocument.Read(place, InterpolationLaw.PolynomialLinear));
    }

    private static string?[] Names(DocumentPlace place, int bins)
    {
        string?[] names = [.. place.Items().Select(item => item.Node is null ? null : item.Name())];
        return names.Length == bins ? names : throw place.Error($"has {names.Length} names, expected {bins}: one a bin, null for none");
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
