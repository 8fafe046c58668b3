using Gbi.Documents;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>The parameters that modifiers of one name share: one, or one per bin.</summary>
internal sealed class ParameterSet
{
    private const double GammaLower = 1e-10;
    private const double GammaUpper = 10;

    private ParameterSet(string name, string kind, int count) =>
        (Name, Kind, Count, IsFixed) = (name, kind, count, new bool[count]);

    public string Name { get; }

    public int Count { get; }

    private string Kind { get; }

    public bool IsScalar => Kind is not ("shapefactor" or "shapesys" or "staterror");

    private bool[] IsFixed { get; }

    private double Initial { get; init; } = 1;

    private (double Lower, double Upper) Bounds { get; init; }

    /// <summary>Widths of Gaussian constraints; null for none.</summary>
    private double[]? Widths { get; init; }

    /// <summary>Scales of Poisson constraints; null for none.</summary>
    private double[]? Scales { get; init; }

    /// <summary>Number of the first parameter of a channel, where each has parameters of its own.</summary>
    private Dictionary<string, int> FirstOfChannels { get; init; } = [];

    /// <summary>The set of all modifiers of one name, which are ordered by channel, sample and type.</summary>
    public static ParameterSet Of(IReadOnlyList<DocumentModifier> modifiers)
    {
        DocumentModifier first = modifiers[0];
        RequireAgreement(first, modifiers);
        return first.Kind switch
        {
            "normfactor" => new(first.Name, first.Kind, 1) { Bounds = (0, 10) },
            "normsys" or "histosys" => new(first.Name, first.Kind, 1) { Bounds = (-5, 5), Initial = 0, Widths = [1] },
            "lumi" => new(first.Name, first.Kind, 1) { Widths = [1] },
            "shapefactor" => new(first.Name, first.Kind, first.Nominal.Length) { Bounds = (0, 10) },
            "shapesys" => Uncorrelated(first),
            _ => Statistics(first, modifiers),
        };
    }

    /// <summary>The factors of a channel's bins that the set is.</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="bins">Its number of bins.</param>
    public BinFactors FactorsOf(string channel, int bins)
    {
        int first = FirstOfChannels.GetValueOrDefault(channel);
        return new([.. Enumerable.Range(first, bins).Select(NameOf)]);
    }

    /// <summary>Whether the set is meant by a name: its own, where it has one parameter.</summary>
    public string? ParameterNamed(string name) => name == Name && Count == 1 ? NameOf(0) : null;

    /// <summary>The parameters with the settings of a measurement.</summary>
    /// <param name="settings">The measurement's entry for this set; null where there is none.</param>
    public IEnumerable<FitParameter> Parameters(DocumentNode? settings)
    {
        RequireSettings(settings);
        double[]? initials = settings?.Optional("inits")?.Numbers(Count);
        double[]? observed = settings?.Optional("auxdata")?.Numbers(Count);
        double[]? widths = settings?.Optional("sigmas")?.Numbers(Count) ?? Widths;
        double[]? scales = settings?.Optional("factors")?.Numbers(Count) ?? Scales;
        bool? isFixed = settings?.Optional("fixed")?.Flag();
        for (int i = 0; i < Count; i++)
        {
            (double lower, double upper) = BoundsOf(settings, i);
            yield return new FitParameter
            {
                Name = NameOf(i),
                Initial = initials?[i] ?? Initial,
                Lower = lower,
                Upper = upper,
                IsFixed = isFixed ?? IsFixed[i],
                Constraint = ConstraintOf(i, observed, widths, scales, settings),
            };
        }
    }

    /// <summary>Settings that the type has not are refused, and a luminosity without those that have no default.</summary>
    private void RequireSettings(DocumentNode? settings)
    {
        foreach ((string member, bool isUsed) in (ReadOnlySpan<(string, bool)>)
            [
                ("auxdata", Widths is not null || Scales is not null),
                ("sigmas", Kind is "lumi" or "staterror"),
                ("factors", Scales is not null),
            ])
        {
            if (!isUsed && settings?.Optional(member) is { } unused)
            {
                throw unused.Error($"is set, but the {Kind} '{Name}' has no '{member}'");
            }
        }

        if (Kind == "lumi" && (string[])["auxdata", "inits", "bounds"] is var needed
            && Array.Find(needed, member => settings?.Optional(member) is null) is { } missing)
        {
            throw settings is null
                ? new DocumentException(
                    $"/measurements lacks '{Name}' among the parameters, which needs its 'auxdata', 'sigmas', 'inits' and 'bounds'.")
                : settings.Value.Error($"has no '{missing}', which the luminosity needs");
        }
    }

    private string NameOf(int number) => IsScalar ? Name : $"{Name}[{number}]";

    private Constraint? ConstraintOf(int i, double[]? observed, double[]? widths, double[]? scales, DocumentNode? settings)
    {
        if (Scales is not null)
        {
            return scales![i] > 0
                ? Constraint.Poisson(scales[i], observed?[i])
                : throw settings!.Value.Property("factors").Error("has a number that is not above 0");
        }

        if (Widths is null)
        {
            return null;
        }

        return widths![i] > 0
            ? Constraint.Gaussian(observed?[i] ?? Initial, widths[i])
            : throw settings!.Value.Property("sigmas").Error("has a number that is not above 0");
    }

    private (double Lower, double Upper) BoundsOf(DocumentNode? settings, int i)
    {
        if (settings?.Optional("bounds") is not { } node)
        {
            return Bounds;
        }

        double[] bounds = node.Items().Count == Count
            ? node.Items()[i].Numbers(2)
            : throw node.Error($"has {node.Items().Count} pairs, expected {Count}");
        return bounds[0] <= bounds[1] ? (bounds[0], bounds[1]) : throw node.Items()[i].Error("is reversed");
    }

    /// <summary>τ = (nominal/uncertainty)² in bins where both are above 0; in others the parameter is fixed.</summary>
    private static ParameterSet Uncorrelated(DocumentModifier modifier)
    {
        double[] uncertainties = modifier.Uncertainties();
        var set = new ParameterSet(modifier.Name, modifier.Kind, uncertainties.Length)
        {
            Bounds = (GammaLower, GammaUpper),
            Scales = new double[uncertainties.Length],
        };
        for (int bin = 0; bin < uncertainties.Length; bin++)
        {
            set.IsFixed[bin] = !(modifier.Nominal[bin] > 0 && uncertainties[bin] > 0);
            set.Scales[bin] = set.IsFixed[bin] ? 1 : Math.Pow(modifier.Nominal[bin] / uncertainties[bin], 2);
        }

        return set;
    }

    /// <summary>
    /// σ² = Σ uncertainty²/(Σ nominal)² over the samples that share the set; where it is 0, or Σ nominal not above 0, the parameter is
    /// fixed. Bins of several channels follow each other.
    /// </summary>
    private static ParameterSet Statistics(DocumentModifier first, IReadOnlyList<DocumentModifier> modifiers)
    {
        IGrouping<string, DocumentModifier>[] channels = [.. modifiers.GroupBy(modifier => modifier.Channel)];
        Dictionary<string, int> firstOfChannels = [];
        List<double> widths = [];
        foreach (IGrouping<string, DocumentModifier> channel in channels)
        {
            firstOfChannels.Add(channel.Key, widths.Count);
            double[][] uncertainties = [.. channel.Select(modifier => modifier.Uncertainties())];
            for (int bin = 0; bin < uncertainties[0].Length; bin++)
            {
                double nominal = channel.Sum(modifier => modifier.Nominal[bin]);
                double variance = uncertainties.Sum(one => one[bin] * one[bin]);
                widths.Add(nominal > 0 ? Math.Sqrt(variance) / nominal : 0);
            }
        }

        var set = new ParameterSet(first.Name, first.Kind, widths.Count)
        {
            Bounds = (GammaLower, GammaUpper),
            Widths = [.. widths.Select(width => width > 0 ? width : 1)],
            FirstOfChannels = firstOfChannels,
        };
        for (int bin = 0; bin < widths.Count; bin++)
        {
            set.IsFixed[bin] = !(widths[bin] > 0);
        }

        return set;
    }

    private static void RequireAgreement(DocumentModifier first, IReadOnlyList<DocumentModifier> modifiers)
    {
        foreach (DocumentModifier other in modifiers.Skip(1))
        {
            if (other.Kind != first.Kind && !(first.Kind is "normsys" or "histosys" && other.Kind is "normsys" or "histosys"))
            {
                throw other.Node.Error(
                    $"is a {other.Kind} named '{other.Name}' like the {first.Kind} at {first.Node.Pointer}; give it another name");
            }

            if (first.Kind == "shapesys")
            {
                throw other.Node.Error(
                    $"shares the name '{other.Name}' with {first.Node.Pointer}, which a shapesys may not; give it another name");
            }

            if (first.Kind == "shapefactor" && other.Nominal.Length > first.Nominal.Length)
            {
                throw other.Node.Error(
                    $"has {other.Nominal.Length} bins, but {first.Node.Pointer} of the same name, which comes first by the names of "
                        + $"channels and samples, has {first.Nominal.Length} parameters");
            }
        }

        if (first.Kind == "staterror")
        {
            RequireSameSamples(modifiers);
        }
    }

    /// <summary>Statistics that channels share have the same samples in each.</summary>
    private static void RequireSameSamples(IReadOnlyList<DocumentModifier> modifiers)
    {
        ILookup<string, DocumentModifier> channels = modifiers.ToLookup(modifier => modifier.Channel);
        HashSet<string> expected = [.. channels.First().Select(modifier => modifier.Sample)];
        foreach (IGrouping<string, DocumentModifier> channel in channels)
        {
            if (!expected.SetEquals(channel.Select(modifier => modifier.Sample)))
            {
                throw channel.First().Node.Error(
                    $"is a staterror named '{channel.First().Name}' like that of channel '{channels.First().Key}', but of other samples; "
                        + $"give it another name");
            }
        }
    }
}
