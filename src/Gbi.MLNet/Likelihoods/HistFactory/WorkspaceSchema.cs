using Gbi.Documents;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>
/// What pyhf's JSON schemas of a workspace ask for, in all versions, which differ by their number alone; and that names differ wherever
/// one is looked up by its name.
/// </summary>
/// <remarks>scikit-hep/pyhf, src/pyhf/schemas; ATL-PHYS-PUB-2019-029.</remarks>
internal static class WorkspaceSchema
{
    /// <summary>The versions of the schema.</summary>
    public static readonly IReadOnlyList<string> Versions = ["1.0.0", "1.0.1", "1.1.0"];

    /// <summary>Refuses a document that is no workspace.</summary>
    /// <exception cref="DocumentException">The message begins with the JSON pointer.</exception>
    public static void Require(DocumentNode document)
    {
        document.Property("channels");
        document.RequireMembers("channels", "measurements", "observations", "version");
        RequireVersion(document);
        Named(document, "channels", Channel);
        Named(document, "observations", Observation);
        Named(document, "measurements", Measurement);
    }

    /// <summary>Refuses a version that there is not.</summary>
    public static void RequireVersion(DocumentNode document)
    {
        DocumentNode version = document.Property("version");
        if (!Versions.Contains(version.Text()))
        {
            throw version.Error($"is '{version.Text()}', expected {string.Join(", ", Versions.SkipLast(1))} or {Versions[^1]}");
        }
    }

    /// <summary>Refuses an array of a member that is empty.</summary>
    public static IReadOnlyList<DocumentNode> Filled(DocumentNode owner, string member) =>
        owner.Property(member) is var node && node.Items() is { Count: > 0 } items
            ? items
            : throw node.Error("is empty, expected one item or more");

    /// <summary>Refuses numbers that are none, or no number at all.</summary>
    public static void Numbers(DocumentNode owner, string member)
    {
        foreach (DocumentNode number in Filled(owner, member))
        {
            number.Number();
        }
    }

    private static void Named(DocumentNode owner, string member, Action<DocumentNode> require)
    {
        Dictionary<string, string> known = [];
        foreach (DocumentNode item in Filled(owner, member))
        {
            require(item);
            string name = item.Property("name").Text();
            if (!known.TryAdd(name, item.Pointer))
            {
                throw item.Property("name").Error($"is '{name}' like that of {known[name]}; names must differ");
            }
        }
    }

    private static void Channel(DocumentNode channel)
    {
        channel.RequireMembers("name", "samples");
        channel.Property("name").Name();
        Named(channel, "samples", Sample);
    }

    private static void Sample(DocumentNode sample)
    {
        sample.RequireMembers("name", "data", "modifiers");
        sample.Property("name").Name();
        Numbers(sample, "data");
        Dictionary<(string, string), string> known = [];
        foreach (DocumentNode modifier in sample.Property("modifiers").Items())
        {
            string kind = Modifier(modifier);
            string name = modifier.Property("name").Name();
            if (!known.TryAdd((name, kind), modifier.Pointer))
            {
                throw modifier.Property("name").Error(
                    $"is '{name}' like that of {known[(name, kind)]}, another {kind} of the sample; names must differ");
            }
        }
    }

    private static string Modifier(DocumentNode modifier)
    {
        string kind = modifier.Property("type").Text();
        if (!DocumentModifier.Kinds.Contains(kind))
        {
            throw modifier.Property("type").Error($"is '{kind}', expected one of {string.Join(", ", DocumentModifier.Kinds)}");
        }

        modifier.RequireMembers("name", "type", "data");
        DocumentNode data = modifier.Property("data");
        switch (kind)
        {
            case "histosys":
                data.RequireMembers("lo_data", "hi_data");
                Numbers(data, "lo_data");
                Numbers(data, "hi_data");
                break;
            case "normsys":
                data.RequireMembers("lo", "hi");
                data.Property("lo").Number();
                data.Property("hi").Number();
                break;
            case "shapesys" or "staterror":
                Numbers(modifier, "data");
                break;
            default:
                RequireNull(data, kind);
                break;
        }

        return kind == "lumi" && modifier.Property("name").Text() != "lumi"
            ? throw modifier.Property("name").Error($"is '{modifier.Property("name").Text()}', expected 'lumi' for the type lumi")
            : kind;
    }

    private static void RequireNull(DocumentNode data, string kind)
    {
        if (data.Json is not null)
        {
            throw data.Error($"is not null, as that of a {kind} is");
        }
    }

    private static void Observation(DocumentNode observation)
    {
        observation.RequireMembers("name", "data");
        Numbers(observation, "data");
    }

    private static void Measurement(DocumentNode measurement)
    {
        measurement.RequireMembers("name", "config");
        DocumentNode config = measurement.Property("config");
        config.RequireMembers("poi", "parameters");
        config.Property("poi").Text();
        foreach (DocumentNode parameter in config.Property("parameters").Items())
        {
            Parameter(parameter);
        }
    }

    private static void Parameter(DocumentNode parameter)
    {
        parameter.RequireMembers("name", "inits", "bounds", "auxdata", "factors", "sigmas", "fixed");
        parameter.Property("name").Text();
        parameter.Optional("fixed")?.Flag();
        foreach (string member in (string[])["inits", "auxdata", "factors", "sigmas"])
        {
            if (parameter.Optional(member) is not null)
            {
                Numbers(parameter, member);
            }
        }

        if (parameter.Optional("bounds") is not null)
        {
            foreach (DocumentNode pair in Filled(parameter, "bounds"))
            {
                pair.Numbers(2);
            }
        }
    }
}
