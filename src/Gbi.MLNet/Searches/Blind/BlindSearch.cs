using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Ratios;
using Gbi.Searches.Background;
using Gbi.Searches.Checks;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Blind;

/// <summary>
/// What a search will be able to see, before anybody looks: a <see cref="ResonanceSearch"/> with a signal simulation that takes only the
/// events of the sidebands and puts Asimov data of the background template in place of those of the signal region.
/// </summary>
/// <remarks>
/// Events of the signal region are dropped before anything else happens, so that two data sets which differ only there give the same bytes,
/// even if one of them has no such events. Their number is taken to be the expected background: a fraction is S/B here, and S/N in the
/// search. The Asimov data set is the median one: Cowan et al., arXiv:1007.1727, section 3.2. The widths of the sample-size parameters are
/// those of a fraction of one expected error, at which the template's size weighs more than at a large signal: what is expected of that is
/// on the low side.
/// </remarks>
public sealed class BlindSearch
{
    private BlindSearch(
        ResonanceSearchOptions options, SearchSamples samples, SignalLikelihood likelihood, RatioModel ratio, BlindSearchResult result) =>
        (Options, Samples, Likelihood, Ratio, Result) = (options, samples, likelihood, ratio, result);

    /// <summary>What decided the result, besides the events.</summary>
    public ResonanceSearchOptions Options { get; }

    /// <summary>The events that were looked at.</summary>
    public EventTable Sideband => Samples.Sideband.Events;

    /// <summary>What is expected.</summary>
    public BlindSearchResult Result { get; }

    /// <summary>The background's mass spectrum, fitted to the sidebands; null where the data have none.</summary>
    public MassSpectrum? Spectrum => Template.Spectrum;

    /// <summary>The likelihood of the signal fraction with Asimov data of the background template in place of the signal region's
    /// events.</summary>
    public SignalLikelihood Likelihood { get; }

    /// <summary>The ratio of signal over background, for new events.</summary>
    public RatioModel Ratio { get; }

    /// <summary>The time that each step took, in their order.</summary>
    public IReadOnlyList<SearchStepTime> StepTimes { get; private init; } = [];

    /// <summary>The background in the signal region.</summary>
    internal BackgroundTemplate Template => Samples.Template;

    private SearchSamples Samples { get; }

    /// <summary>Works out what a search expects.</summary>
    /// <param name="data">Events with features and mass; those of the signal region do not matter.</param>
    /// <param name="signal">A simulation of the signal with the same columns.</param>
    /// <param name="options">What the search does.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DataException">The sidebands or the simulation do not determine it; the message says why.</exception>
    /// <exception cref="FitException">A fit of Asimov data finds no minimum.</exception>
    public static BlindSearch Run(
        EventTable data,
        EventTable signal,
        ResonanceSearchOptions options,
        IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Family is not null)
        {
            throw new ArgumentException(
                "What a search for a signal family expects depends on the family's parameters; give a simulation at one point, and no "
                    + "Family.",
                nameof(options));
        }

        EventTable events = data.Select(options.Window.Rows(data[options.MassColumn], MassRegion.Sideband));
        var simulation = SimulatedSignal.Of(signal, options);
        double eventScale = EventScale(events, options.Window);
        var steps = new SearchSteps(progress, cancellation);
        var background = new BackgroundStep(options, options.SidebandOf(events));
        BackgroundTemplate template = steps.Run(background.Name, background.Learn);
        var ratio = SignalRatio.Learn(options, simulation, template, steps);
        SignalLikelihood likelihood = new SignalFit(options, background, template, simulation, ratio).OfAsimov(eventScale, steps);
        var score = LearntScore.Of(ratio.OfAll, EventScores.Of([]), template, sideband: null, options.Seed);
        var samples = new SearchSamples(background.Sideband, template, score) { Signal = simulation.InRegion };
        return new BlindSearch(
            options, samples, likelihood, ratio.OfAll.Model.Named("signal", "background"),
            Summary(options, samples, likelihood, steps) with
            {
                ConstantFeatures = ConstantFeatures.SentencesOf(
                    options.Schema.Features, events.Count > 0 ? events : template.Events, signal),
            })
        {
            StepTimes = steps.Times,
        };
    }

    private static BlindSearchResult Summary(
        ResonanceSearchOptions options, SearchSamples samples, SignalLikelihood likelihood, SearchSteps steps)
    {
        SignalSensitivity sensitivity = steps.Run(SearchSteps.Fitting, (_, _) => likelihood.SensitivityBeforehand());
        return new BlindSearchResult
        {
            EventsInSidebands = samples.Sideband.Events.SumOfWeights,
            ExpectedBackground = samples.Template.Expected,
            SpectrumGoodnessOfFit = samples.Template.Spectrum?.GoodnessOfFit ?? double.NaN,
            Contamination = likelihood.Contamination,
            Sensitivity = sensitivity,
            SensitivityCurve = steps.Run(SearchSteps.Fitting, (_, _) => likelihood.SensitivityCurve(sensitivity)),
            ErrorBudget = likelihood.ErrorBudget(),
            Closure = new SearchClosure(samples.Score.MeanRatio, double.NaN, samples.Score.ClippedCount),
            Checks = new SearchChecks(options, samples).OfBlind(likelihood.Contamination, sensitivity, steps),
            Curves = new SearchComparisons(options, samples).Curves(signalYield: 0),
        };
    }

    /// <summary>Σw²/Σw of the sidebands' events, which those of the signal region are taken to share.</summary>
    private static double EventScale(EventTable sideband, MassWindow window) => (sideband.HasWeights, sideband.SumOfWeights) switch
    {
        (false, _) => 1,
        (true, > 0 and double sum) => sideband.Weights.ToArray().Sum(weight => weight * weight) / sum,
        _ => throw new DataException(Text(
            $"The data are weighted and their weights in the sidebands of {window} sum to {sideband.SumOfWeights:G4}, so that the "
                + $"mean weight in the blinded signal region is unknown; give sidebands, or data without weights.")),
    };
}
