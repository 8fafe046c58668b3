using Gbi.Documents;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.HistFactory;

/// <summary>The parameters that modifiers of one name share: one, or one per bin.</summary>
internal sealed class ParameterSet
{
    private const double GammaLower = 1e-10;
    private const double GammaUpper = 10;

    private ParameterSet(string name, bool isScalar, int count, int[] ofBins) =>
        (Name, IsScalar, Count, OfBins, IsFixed) = (name, isScalar, count, ofBins, new bool[count]);

    public string Name { get; }

    public int Count { get; }

    /// <summary>For each bin the number of its parameter within the set; −1 for none.</summary>
    private int[] OfBins { get; }

    /// <summary>The factors of single bins that the set is.</summary>
    public BinFactors BinFactors => new([.. OfBins.Select(number => number < 0 ? null : NameOf(number))]);

    private bool IsScalar { get; }

    private bool[] IsFixed { get; }

    private double Initial { get; init; } = 1;

    private (double Lower, double Upper) Bounds { get; init; }

    /// <summary>Widths of Gaussian constraints; null for none.</summary>
    private double[]? Widths { get; init; }

    /// <summary>Scales of Poisson constraints; null for none.</summary>
    private double[]? Scales { get; init; }

    /// <summary>The set of all modifiers of one name.</summary>
    public static ParameterSet Of(IReadOnlyList<DocumentModifier> modifiers)
    {
        DocumentModifier first = modifiers[0];
        RequireAgreement(first, modifiers);
        string name = first.Name;
        int bins = first.Nominal.Length;
        return first.Kind switch
        {
            "normfactor" => new(name, true, 1, []) { Bounds = (0, 10) },
            "normsys" or "histosys" => new(name, true, 1, []) { Bounds = (-5, 5), Initial = 0, Widths = [1] },
            "lumi" => new(name, true, 1, []) { Bounds = (0, 10), Widths = [double.NaN] },
            "shapefactor" => new(name, false, bins, [.. Enumerable.Range(0, bins)]) { Bounds = (0, 10) },
            "shapesys" => Uncorrelated(first),
            _ => Statistics(name, bins, modifiers),
        };
    }

    /// <summary>The parameters with the settings of a measurement.</summary>
    /// <param name="settings">The measurement's entry for this set; null where there is none.</param>
    public IEnumerable<FitParameter> Parameters(DocumentNode? settings)
    {
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
                Initial = initials?[i] ?? (Widths is [double.NaN] ? observed?[i] : null) ?? Initial,
                Lower = lower,
                Upper = upper,
                IsFixed = isFixed ?? IsFixed[i],
                Constraint = ConstraintOf(i, observed, widths, scales, settings),
            };
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
            : throw (settings is null
                ? new DocumentException(
                    $"/measurements lacks '{Name}', which needs its 'auxdata' and 'sigmas' among the parameters.")
                : settings.Value.Error($"needs 'sigmas' above 0 for '{Name}'"));
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

    /// <summary>τ = (nominal/uncertainty)² in bins that have both; others have no parameter.</summary>
    private static ParameterSet Uncorrelated(DocumentModifier modifier)
    {
        double[] uncertainties = modifier.Uncertainties();
        var scales = new List<double>();
        int[] ofBins = new int[uncertainties.Length];
        for (int bin = 0; bin < ofBins.Length; bin++)
        {
            bool isUncertain = modifier.Nominal[bin] > 0 && uncertainties[bin] > 0;
            ofBins[bin] = isUncertain ? scales.Count : -1;
            if (isUncertain)
            {
                scales.Add(Math.Pow(modifier.Nominal[bin] / uncertainties[bin], 2));
            }
        }

        return new(modifier.Name, false, scales.Count, ofBins) { Bounds = (GammaLower, GammaUpper), Scales = [.. scales] };
    }

    /// <summary>σ² = Σ uncertainty² / (Σ nominal)² over the samples that share the set; where it is 0 the parameter is fixed.</summary>
    private static ParameterSet Statistics(string name, int bins, IReadOnlyList<DocumentModifier> modifiers)
    {
        var set = new ParameterSet(name, false, bins, [.. Enumerable.Range(0, bins)])
        {
            Bounds = (GammaLower, GammaUpper),
            Widths = new double[bins]
        };
        double[][] uncertainties = [.. modifiers.Select(modifier => modifier.Uncertainties())];
        for (int bin = 0; bin < bins; bin++)
        {
            double nominal = 0;
            double variance = 0;
            for (int sample = 0; sample < modifiers.Count; sample++)
            {
                nominal += modifiers[sample].Nominal[bin];
                variance += uncertainties[sample][bin] * uncertainties[sample][bin];
            }

            set.IsFixed[bin] = !(variance > 0 && nominal > 0);
            set.Widths[bin] = set.IsFixed[bin] ? 1 : Math.Sqrt(variance) / nominal;
        }

        return set;
    }

    private static void RequireAgreement(DocumentModifier first, IReadOnlyList<DocumentModifier> modifiers)
    {
        foreach (DocumentModifier other in modifiers.Skip(1))
        {
            bool isScalar = first.Kind is "normsys" or "histosys" or "normfactor" or "lumi";
            bool sameKind = other.Kind == first.Kind || (first.Kind is "normsys" or "histosys" && other.Kind is "normsys" or "histosys");
            if (!sameKind)
            {
                throw other.Node.Error(
                    $"is a {other.Kind} named '{other.Name}' like the {first.Kind} at {first.Node.Pointer}; give it another name");
            }

            if (first.Kind == "shapesys" || (first.Kind == "staterror" && other.Channel != first.Channel))
            {
                throw other.Node.Error(
                    $"shares the name '{other.Name}' with {first.Node.Pointer}, which a {first.Kind} may not; give it another name");
            }

            if (!isScalar && other.Nominal.Length != first.Nominal.Length)
            {
                throw other.Node.Error(
                    $"has {other.Nominal.Length} bins, but {first.Node.Pointer} of the same name {first.Nominal.Length}");
            }
        }
    }
}
