using Gbi.Documents;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>Makes a model of a workspace's channels and a measurement's settings.</summary>
internal sealed class ModelBuilder(DocumentNode channelsNode, DocumentNode config, WorkspaceLaws laws)
{
    private readonly Dictionary<string, ParameterSet> _sets = [];

    public LikelihoodModel Build()
    {
        DocumentChannel[] channels = [.. channelsNode.Items().Select(DocumentChannel.Read)];
        if (channels.Length == 0)
        {
            throw channelsNode.Error("is empty, expected at least one channel");
        }

        for (int i = 0; i < channels.Length; i++)
        {
            if (channels.Take(i).Any(other => other.Name == channels[i].Name))
            {
                throw channelsNode.Items()[i].Error($"has the name '{channels[i].Name}' of a channel before it; names must differ");
            }
        }

        List<FitParameter> parameters =
            Parameters([.. channels.SelectMany(channel => channel.Samples.OrderBy(sample => sample.Name, StringComparer.Ordinal))
            .SelectMany(sample => sample.Modifiers.OrderBy(modifier => modifier.Name, StringComparer.Ordinal))]);
        BinnedChannel[] built = [.. channels.Select(Channel)];
        string poi = config.Property("poi").Text();
        return poi.Length > 0 && !parameters.Exists(parameter => parameter.Name == poi)
            ? throw config.Property("poi").Error($"is '{poi}', which no modifier has as its name")
            : new LikelihoodModel(
                [.. parameters.Select(parameter => parameter.Name == poi
                    ? parameter with { UpperOfLimits = double.PositiveInfinity }
                    : parameter)],
                built, poi.Length == 0 ? null : poi);
    }

    /// <summary>All parameters: by the first type that uses them, then by channel, sample and name.</summary>
    private List<FitParameter> Parameters(DocumentModifier[] modifiers)
    {
        Dictionary<string, DocumentNode> settings = Settings();
        var parameters = new List<FitParameter>();
        foreach (string kind in DocumentModifier.Kinds)
        {
            foreach (DocumentModifier modifier in modifiers.Where(modifier => modifier.Kind == kind && !_sets.ContainsKey(modifier.Name)))
            {
                var set = ParameterSet.Of([.. modifiers.Where(other => other.Name == modifier.Name)]);
                _sets.Add(modifier.Name, set);
                parameters.AddRange(set.Parameters(settings.TryGetValue(modifier.Name, out DocumentNode found) ? found : null));
            }
        }

        return parameters;
    }

    private Dictionary<string, DocumentNode> Settings()
    {
        var settings = new Dictionary<string, DocumentNode>();
        foreach (DocumentNode node in config.Optional("parameters")?.Items() ?? [])
        {
            string name = node.Property("name").Text();
            if (!settings.TryAdd(name, node))
            {
                throw node.Error($"sets '{name}' a second time");
            }
        }

        return settings;
    }

    private BinnedChannel Channel(DocumentChannel channel) => new(channel.Name, [.. channel.Samples.Select(Sample)]);

    private BinnedSample Sample(DocumentSample sample) => new(sample.Name, sample.Nominal)
    {
        YieldFactors = [.. sample.Modifiers.Select(YieldFactorOf).OfType<YieldFactor>()],
        Shifts = [.. sample.Modifiers.Where(modifier => modifier.Kind == "histosys").Select(Shift)],
        BinFactors =
        [
            .. sample.Modifiers.Where(modifier => modifier.Kind is "shapefactor" or "shapesys" or "staterror")
                .Select(modifier => _sets[modifier.Name].BinFactors)
        ],
    };

    private YieldFactor? YieldFactorOf(DocumentModifier modifier) => modifier.Kind switch
    {
        "normfactor" or "lumi" => YieldFactor.Strength(modifier.Name),
        "normsys" => YieldFactor.Interpolated(modifier.Name, Factor(modifier, "lo"), Factor(modifier, "hi"), laws.Normalisation),
        _ => null,
    };

    private BinShift Shift(DocumentModifier modifier) => new(
        modifier.Name,
        modifier.Data.Property("lo_data").Numbers(modifier.Nominal.Length),
        modifier.Data.Property("hi_data").Numbers(modifier.Nominal.Length),
        laws.Shape);

    private double Factor(DocumentModifier modifier, string side)
    {
        DocumentNode node = modifier.Data.Property(side);
        double factor = node.Number();
        return factor > 0 || laws.Normalisation == InterpolationLaw.PiecewiseLinear
            ? factor
            : throw node.Error(Text($"is {factor}, expected a factor above 0"));
    }
}
