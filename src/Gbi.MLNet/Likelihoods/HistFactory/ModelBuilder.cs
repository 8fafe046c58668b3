using Gbi.Documents;
using Gbi.Events;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>Makes a model of a workspace's channels and a measurement's settings.</summary>
/// <param name="channelsNode">The channels, of a document by <see cref="WorkspaceSchema"/>.</param>
/// <param name="config">The measurement's settings.</param>
/// <param name="parameterOfInterest">The parameter of interest instead of the measurement's; empty for none, null for that.</param>
/// <param name="laws">The interpolation laws.</param>
internal sealed class ModelBuilder(DocumentNode channelsNode, DocumentNode config, string? parameterOfInterest, WorkspaceLaws laws)
{
    // Every measurement converted from XML sets it, whether a modifier has it or not.
    private const string Luminosity = "lumi";

    private readonly Dictionary<string, ParameterSet> _sets = [];

    public LikelihoodModel Build()
    {
        DocumentChannel[] channels = [.. channelsNode.Items().Select(DocumentChannel.Read)];
        DocumentModifier[] modifiers =
        [
            .. channels.OrderBy(channel => channel.Name, StringComparer.Ordinal)
                .SelectMany(channel => channel.Samples.OrderBy(sample => sample.Name, StringComparer.Ordinal))
                .SelectMany(sample => sample.Modifiers.OrderBy(modifier => modifier.Name, StringComparer.Ordinal))
        ];
        if (modifiers.Length == 0)
        {
            throw channelsNode.Error("has no modifier, so that the model has no parameter");
        }

        List<FitParameter> parameters = Parameters(modifiers);
        BinnedChannel[] built = [.. channels.Select(Channel)];
        string? poi = ParameterOfInterest(parameters);
        return new LikelihoodModel(
            [.. parameters.Select(parameter => parameter.Name == poi
                ? parameter with { UpperOfLimits = double.PositiveInfinity }
                : parameter)],
            built, poi);
    }

    /// <summary>Name of the parameter of interest: one parameter, or a set of one.</summary>
    private string? ParameterOfInterest(List<FitParameter> parameters)
    {
        string name = parameterOfInterest ?? config.Property("poi").Text();
        if (name.Length == 0)
        {
            return null;
        }

        string? found = parameters.Exists(parameter => parameter.Name == name) ? name : _sets.GetValueOrDefault(name)?.ParameterNamed(name);
        if (found is not null)
        {
            return found;
        }

        string whole = name.EndsWith(']') && name.LastIndexOf('[') is > 0 and var bracket ? name[..bracket] : name;
        string what = _sets.TryGetValue(whole, out ParameterSet? set) && set.IsScalar
            ? $"has an index, but {whole} is one parameter; name it without"
            : set is not null
            ? $"is of {set.Count} parameters, one for each bin; name one of {whole}[0] to {whole}[{set.Count - 1}]"
            : "no modifier has as its name; apply a signal's patch, or name another one (--poi NAME, or --poi none for a fit without)";
        throw parameterOfInterest is null
            ? config.Property("poi").Error($"is '{name}', which {what}")
            : new DocumentException($"The parameter of interest is to be '{name}', which {what}.");
    }

    /// <summary>All parameters: by the first type that uses them, then by channel, sample and name.</summary>
    private List<FitParameter> Parameters(DocumentModifier[] modifiers)
    {
        Dictionary<string, DocumentNode> settings = Settings();
        var parameters = new List<FitParameter>();
        ILookup<string, DocumentModifier> byName = modifiers.ToLookup(modifier => modifier.Name);
        foreach (string kind in DocumentModifier.Kinds)
        {
            foreach (DocumentModifier modifier in modifiers.Where(modifier => modifier.Kind == kind && !_sets.ContainsKey(modifier.Name)))
            {
                var set = ParameterSet.Of([.. byName[modifier.Name]]);
                _sets.Add(modifier.Name, set);
                parameters.AddRange(set.Parameters(settings.TryGetValue(modifier.Name, out DocumentNode found) ? found : null));
            }
        }

        RequireUsed(settings);
        return parameters;
    }

    /// <summary>
    /// Settings of a parameter that no modifier has are a mistake, but for the luminosity and the parameter of interest of a workspace
    /// without its signal.
    /// </summary>
    private void RequireUsed(Dictionary<string, DocumentNode> settings)
    {
        string poi = config.Property("poi").Text();
        foreach ((string name, DocumentNode node) in settings)
        {
            if (!_sets.ContainsKey(name) && name != Luminosity && name != poi)
            {
                throw node.Property("name").Error(
                    $"is '{name}', which no modifier has; names, the most similar first: {NearestNames.List(name, _sets.Keys)}");
            }
        }
    }

    private Dictionary<string, DocumentNode> Settings()
    {
        var settings = new Dictionary<string, DocumentNode>();
        foreach (DocumentNode node in config.Property("parameters").Items())
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
                .Select(modifier => _sets[modifier.Name].FactorsOf(modifier.Channel, modifier.Nominal.Length))
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
