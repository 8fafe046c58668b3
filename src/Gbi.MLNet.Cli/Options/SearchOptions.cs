using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Ratios.Families;
using Gbi.Searches.Options;

namespace Gbi.Cli.Options;

/// <summary>The options of a search that decide its result.</summary>
internal sealed class SearchOptions
{
    private readonly Option<string> _mass = OptionOf.Text("--mass", "COL", "Column with the resonance's mass.", required: true);
    private readonly Option<string[]> _features = OptionOf.Names("--features", "Columns that tell signal from background.", required: true);
    private readonly Option<Interval?> _region = OptionOf.Interval(
        "--signal-region", "Masses in which the signal is looked for, lower end inside.", required: true);
    private readonly Option<Interval?> _range = OptionOf.Interval("--mass-range", "Outer ends of the sidebands (default: all masses).");
    private readonly Option<string> _weight = OptionOf.Text(
        "--weight", "COL", "Column with event weights (default: every event counts 1).");
    private readonly Option<double?> _missing = OptionOf.Real("--missing", "V", "A number that stands for a missing value, such as -25.");
    private readonly Option<string> _spectrum = OptionOf.Choice(
        "--spectrum", "Function of the mass spectrum (default: polynomial).", "polynomial", "dijet");
    private readonly Option<int?> _parameters = OptionOf.Number("--spectrum-parameters", "N", "Its free parameters.", least: 1);
    private readonly Option<double?> _energy = OptionOf.Real(
        "--collision-energy", "E", "In the unit of the mass; the dijet function needs it.");
    private readonly TrainingOptions _training = new();
    private readonly Option<ulong?> _seed = OptionOf.Seed();

    public Option[] All => [.. Columns, _region, _range, .. Others];

    /// <summary>Mass and features.</summary>
    public Option[] Columns => [_mass, _features];

    /// <summary>All but the columns, the signal region and the range of masses.</summary>
    public Option[] Others => [_weight, _missing, _spectrum, _parameters, _energy, .. _training.All, _seed];

    public ResonanceSearchSettings Settings(ParseResult parsed) => UsageException.Guard(() =>
    {
        Interval region = parsed.GetRequiredValue(_region)!;
        Interval? range = parsed.GetValue(_range);
        return Settings(parsed, new MassWindow(
            region.Low, region.High, range?.Low ?? double.NegativeInfinity, range?.High ?? double.PositiveInfinity));
    });

    /// <summary>The same with a window from elsewhere.</summary>
    public ResonanceSearchSettings Settings(ParseResult parsed, MassWindow window) => UsageException.Guard(() =>
    {
        var defaults = new ResonanceSearchSettings
        {
            Schema = new EventSchema
            {
                Features = parsed.GetRequiredValue(_features),
                Mass = parsed.GetRequiredValue(_mass),
                Weight = parsed.GetValue(_weight),
                MissingValue = parsed.GetValue(_missing),
            },
            Window = window,
            Seed = new Seed(parsed.GetValue(_seed) ?? 1),
        };
        return defaults with
        {
            Spectrum = Spectrum(defaults.Spectrum, parsed),
            Anomaly = _training.Apply(defaults.Anomaly, parsed),
            Signal = _training.Apply(defaults.Signal, parsed),
        };
    });

    /// <summary>How a ratio is learnt, with these defaults.</summary>
    public RatioOptions Training(RatioOptions defaults, ParseResult parsed) => _training.Apply(defaults, parsed);

    /// <summary>How the ratio of a signal family is learnt, with these defaults.</summary>
    public SignalFamilyOptions Training(SignalFamilyOptions defaults, ParseResult parsed) => _training.Apply(defaults, parsed);

    private MassSpectrumOptions Spectrum(MassSpectrumOptions defaults, ParseResult parsed)
    {
        bool isDijet = parsed.GetValue(_spectrum) == "dijet";
        double? energy = parsed.GetValue(_energy);
        if (isDijet != energy is not null)
        {
            throw new UsageException(isDijet
                ? "--spectrum dijet needs --collision-energy, in the unit of the mass."
                : "--collision-energy belongs to --spectrum dijet; leave it out, or choose that spectrum.");
        }

        int? parameters = parsed.GetValue(_parameters);
        if (isDijet && parameters is not (null or 3 or 4))
        {
            throw new UsageException($"--spectrum-parameters is {parameters}, but the dijet function has 3 or 4.");
        }

        return new MassSpectrumOptions
        {
            Shape = isDijet ? SpectrumShape.Dijet : SpectrumShape.Polynomial,
            ParameterCount = parameters ?? defaults.ParameterCount,
            CollisionEnergy = energy,
        };
    }
}
