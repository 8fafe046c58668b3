using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Ratios.Families;
using Gbi.Reports;
using Gbi.Searches.Options;

namespace Gbi.Cli.Options;

/// <summary>The options of a search that decide its result.</summary>
/// <param name="spectrum">The function of the mass spectrum where none is named.</param>
/// <param name="training">What the library trains the verb's ratios with.</param>
internal sealed class SearchOptions(SpectrumShape spectrum, params TrainingDefaults[] training)
{
    private static readonly SpectrumShape[] Shapes =
        [SpectrumShape.Automatic, SpectrumShape.Polynomial, SpectrumShape.Exponential, SpectrumShape.Dijet];

    private readonly Option<string> _mass = OptionOf.Text("--mass", "COL", "Column with the mass of the resonance.", required: true);

    private readonly Option<string[]> _features = OptionOf.Names(
        "--features", "A,B,...", "Columns that separate signal from background; tau* and pt1..pt4 name several.", required: true);

    private readonly Option<Interval?> _region = OptionOf.Interval(
        "--signal-region", "Masses in which the signal is searched for, lower end included.", required: true);

    private readonly Option<Interval?> _range = OptionOf.Interval(
        "--mass-range", "Masses in use: the outer ends of the sidebands.", defaultsTo: "all masses");

    private readonly Option<string> _weight = OptionOf.Weight();
    private readonly Option<double?> _missing = OptionOf.Missing();

    private readonly Option<string> _spectrum = OptionOf.Choice(
        "--spectrum",
        "Function that the mass spectrum is fitted with; auto chooses among exponentials of 4 to 6 parameters and, with "
            + "--collision-energy, dijet functions by AIC, and adds the spread of the others to the error.",
        SpectrumText.NameOf(spectrum), [.. Shapes.Select(SpectrumText.NameOf)]);

    private readonly Option<int?> _parameters = OptionOf.Number(
        "--spectrum-parameters", "N", "Free parameters of a named function: 1 to 8, of the dijet function 3 to 5.", least: 1,
        Sentence.Of(Defaults.Spectrum.ParameterCount));

    private readonly Option<double?> _energy = OptionOf.Real(
        "--collision-energy", "E", "Collision energy in the unit of the mass; dijet functions need it.", "a number above 0",
        energy => energy > 0);

    private readonly TrainingOptions _training = new(training);
    private readonly Option<ulong?> _seed = OptionOf.Seed();

    /// <summary>The options of a search whose mass spectrum is chosen where none is named.</summary>
    public SearchOptions(params TrainingDefaults[] training)
        : this(Defaults.Spectrum.Shape, training)
    {
    }

    /// <summary>What a search does where nothing else is asked for; its columns and window mean nothing.</summary>
    public static ResonanceSearchOptions Defaults { get; } = new()
    {
        Schema = new EventSchema { Features = ["x"], Mass = "m" },
        Window = new MassWindow(0, 1),
    };

    /// <summary>Whether features must be named; without them the mass column takes their place.</summary>
    public bool AreFeaturesRequired { init => _features.Required = value; }

    public Option[] All => [.. Columns, _region, Range, .. Others];

    /// <summary>Mass and features.</summary>
    public Option[] Columns => [_mass, _features];

    /// <summary>The masses in use.</summary>
    public Option Range => _range;

    /// <summary>All but the columns, the signal region and the range of masses.</summary>
    public Option[] Others => [_weight, _missing, _spectrum, _parameters, _energy, .. _training.All, _seed];

    public ResonanceSearchOptions Settings(ParseResult parsed) => UsageException.IfRefused(() =>
    {
        Interval region = parsed.GetRequiredValue(_region)!;
        (double low, double high) = MassRange(parsed);
        return Settings(parsed, new MassWindow(region.Low, region.High, low, high));
    });

    /// <summary>Ends of the masses in use.</summary>
    public (double Low, double High) MassRange(ParseResult parsed) =>
        parsed.GetValue(_range) is { } range ? (range.Low, range.High) : (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The same with a window from elsewhere.</summary>
    public ResonanceSearchOptions Settings(ParseResult parsed, MassWindow window) => UsageException.IfRefused(() =>
    {
        var defaults = new ResonanceSearchOptions
        {
            Schema = new EventSchema
            {
                Features = parsed.GetValue(_features) is { Length: > 0 }
                    ? FeatureColumns.Of(parsed, _features, EventsOf(parsed))
                    : [parsed.GetRequiredValue(_mass)],
                Mass = parsed.GetRequiredValue(_mass),
                Weight = parsed.GetValue(_weight),
                MissingValue = parsed.GetValue(_missing),
            },
            Window = window,
            Seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed),
        };
        return defaults with
        {
            Spectrum = Spectrum(parsed),
            Anomaly = _training.Apply(defaults.Anomaly, parsed),
            Signal = _training.Apply(defaults.Signal, parsed),
        };
    });

    /// <summary>Says which columns wildcards and ranges of features took.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="schema">How the events are read.</param>
    /// <param name="blinded">Signal region that is not to be looked at; null for none.</param>
    /// <param name="cancellation">Stops reading.</param>
    public void SayFeatures(
        ParseResult parsed, Terminal terminal, EventSchema schema, MassWindow? blinded, CancellationToken cancellation) =>
        FeatureColumns.Say(terminal, parsed, _features, EventsOf(parsed), schema, blinded, cancellation);

    /// <summary>How a ratio is learnt, with these defaults.</summary>
    public RatioOptions Training(RatioOptions defaults, ParseResult parsed) => _training.Apply(defaults, parsed);

    /// <summary>How the ratio of a signal family is learnt, with these defaults.</summary>
    public SignalFamilyOptions Training(SignalFamilyOptions defaults, ParseResult parsed) => _training.Apply(defaults, parsed);

    /// <summary>Path of the events, the first argument of every verb that has these options; null where it has none.</summary>
    private static string? EventsOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments.OfType<Argument<string>>().FirstOrDefault() is { } events ? parsed.GetValue(events) : null;

    private MassSpectrumOptions Spectrum(ParseResult parsed)
    {
        SpectrumShape shape = parsed.GetValue(_spectrum) is { } name
            ? Shapes.Single(known => SpectrumText.NameOf(known) == name)
            : spectrum;
        double? energy = parsed.GetValue(_energy);
        int? parameters = parsed.GetValue(_parameters);
        string? wrong = (shape, energy, parameters) switch
        {
            (SpectrumShape.Dijet, null, _) => "--spectrum dijet needs --collision-energy, in the unit of the mass.",
            (SpectrumShape.Polynomial or SpectrumShape.Exponential, not null, _) =>
                "--collision-energy belongs to --spectrum dijet or auto; leave it out, or choose one of these.",
            (SpectrumShape.Automatic, _, not null) =>
                "--spectrum-parameters belongs to a named spectrum, and auto chooses their number; leave it out, or name the function.",
            (SpectrumShape.Dijet, _, not (null or (>= 3 and <= 5))) =>
                $"--spectrum-parameters is {parameters}, but the dijet function has 3 to 5.",
            _ => null,
        };
        return wrong is not null ? throw new UsageException(wrong) : new MassSpectrumOptions
        {
            Shape = shape,
            ParameterCount = parameters ?? Defaults.Spectrum.ParameterCount,
            CollisionEnergy = energy,
        };
    }
}
