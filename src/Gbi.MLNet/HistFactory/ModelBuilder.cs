using Gbi.Inference;
using Gbi.Inference.Binned;

namespace Gbi.HistFactory;

/// <summary>Makes a model of a workspace's channels and a measurement's settings.</summary>
internal sealed class ModelBuilder(DocumentPlace channelsPlace, DocumentPlace config, WorkspaceLaws laws)
{
    private readonly Dictionary<string, ParameterSet> _sets = [];

    public BinnedModel Build()
    {
        DocumentChannel[] channels = [.. channelsPlace.Items().Select(DocumentChannel.Read)];
        if (channels.Length == 0)
        {
            throw channelsPlace.Error("is empty, expected at least one channel");
        }

        for (int i = 0; i < channels.Length; i++)
        {
            if (channels.Take(i).Any(other => other.Name == channels[i].Name))
            {
                throw channelsPlace.Items()[i].Error($"has the name '{channels[i].Name}' of a channel before it; names must differ");
            }
        }

        List<FitParameter> parameters = Parameters([.. channels.SelectMany(channel => channel.Samples.OrderBy(sample => sample.Name, StringComparer.Ordinal))
            .SelectMany(sample => sample.Modifiers.OrderBy(modifier => modifier.Name, StringComparer.Ordinal))]);
        BinnedChannel[] built = [.. channels.Select(Channel)];
        string poi = config.Property("poi").Text();
        int index = parameters.FindIndex(parameter => parameter.Name == poi);
        return poi.Length > 0 && index < 0
            ? throw config.Property("poi").Error($"is '{poi}', which no modifier has as its name")
            : new BinnedModel(parameters, built, poi.Length == 0 ? null : index);
    }

    /// <summary>All parameters: by the first type that uses them, then by channel, sample and name.</summary>
    private List<FitParameter> Parameters(DocumentModifier[] modifiers)
    {
        Dictionary<string, DocumentPlace> settings = Settings();
        var parameters = new List<FitParameter>();
        foreach (string kind in DocumentModifier.Kinds)
        {
            foreach (DocumentModifier modifier in modifiers.Where(modifier => modifier.Kind == kind && !_sets.ContainsKey(modifier.Name)))
            {
                var set = ParameterSet.Of([.. modifiers.Where(other => other.Name == modifier.Name)]);
                set.Start = parameters.Count;
                _sets.Add(modifier.Name, set);
                parameters.AddRange(set.Parameters(settings.TryGetValue(modifier.Name, out DocumentPlace found) ? found : null));
            }
        }

        return parameters;
    }

    private Dictionary<string, DocumentPlace> Settings()
    {
        var settings = new Dictionary<string, DocumentPlace>();
        foreach (DocumentPlace place in config.Optional("parameters")?.Items() ?? [])
        {
            string name = place.Property("name").Text();
            if (!settings.TryAdd(name, place))
            {
                throw place.Error($"sets '{name}' a second time");
            }
        }

        return settings;
    }

    private BinnedChannel Channel(DocumentChannel channel) =>
        new(channel.Name, [.. channel.Samples.Select(sample => new BinnedSample(sample.Name, sample.Nominal, [.. sample.Modifiers.Select(Modifier)]))]);

    private SampleModifier Modifier(DocumentModifier modifier)
    {
        ParameterSet set = _sets[modifier.Name];
        int bins = modifier.Nominal.Length;
        return modifier.Kind switch
        {
            "normfactor" or "lumi" => new YieldFactor(set.Start),
            "normsys" => new YieldVariation(set.Start, Factor(modifier, "lo"), Factor(modifier, "hi"), laws.Normalisation),
            "histosys" => new ShapeVariation(
                set.Start, modifier.Data.Property("lo_data").Numbers(bins), modifier.Data.Property("hi_data").Numbers(bins), laws.Shape),
            _ => new BinFactors([.. set.OfBins.Select(number => number < 0 ? -1 : set.Start + number)]),
        };
    }

    private double Factor(DocumentModifier modifier, string side)
    {
        DocumentPlace place = modifier.Data.Property(side);
        double factor = place.Number();
        return factor > 0 || laws.Normalisation == FactorLaw.Linear
            ? factor
            : throw place.Error(FormattableString.Invariant($"is {factor}, expected a factor above 0"));
    }
}
