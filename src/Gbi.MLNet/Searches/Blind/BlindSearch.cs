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
    private readonly SearchSteps _steps;

    private BlindSearch(EventTable sideband, ResonanceSearchSettings settings, IProgress<SearchProgress>? progress) =>
        (Sideband, Settings, _steps) = (sideband, settings, new SearchSteps(progress));

    /// <summary>What decided the result, besides the events.</summary>
    public ResonanceSearchSettings Settings { get; }

    /// <summary>The events that were looked at.</summary>
    public EventTable Sideband { get; }

    /// <summary>What is expected.</summary>
    public BlindSearchResult Result { get; private set; } = null!;

    /// <summary>The background's mass spectrum, fitted to the sidebands; null where the data have none.</summary>
    public MassSpectrum? Spectrum => Template.Spectrum;

    /// <summary>The likelihood of the signal fraction with Asimov data of the background template in place of the signal region's
    /// events.</summary>
    public SignalLikelihood Likelihood { get; private set; } = null!;

    /// <summary>The ratio of signal over background, for new events.</summary>
    public RatioModel Ratio { get; private set; } = null!;

    /// <summary>The time that each step took, in their order.</summary>
    public IReadOnlyList<SearchStepTime> StepTimes => _steps.Times;

    /// <summary>The background in the signal region, and the scores of its events.</summary>
    internal BackgroundTemplate Template { get; private set; } = null!;

    /// <summary>The signal simulation in the signal region with ln r of each event, out of fold.</summary>
    internal (EventTable Events, float[] LogRatio) Signal { get; private set; }

    /// <summary>Works out what a search expects.</summary>
    /// <param name="data">Events with features and mass; those of the signal region do not matter.</param>
    /// <param name="signal">A simulation of the signal with the same columns.</param>
    /// <param name="settings">What the search does.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DataException">The sidebands or the simulation do not determine it; the message says why.</exception>
    /// <exception cref="FitException">A fit of Asimov data finds no minimum.</exception>
    public static BlindSearch Run(
        EventTable data,
        EventTable signal,
        ResonanceSearchSettings settings,
        IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Family is not null)
        {
            throw new ArgumentException(
                "What a search for a signal family expects depends on the family's parameters; give a simulation at one point, and no "
                    + "Family.",
                nameof(settings));
        }

        var search = new BlindSearch(data.Select(settings.Window.Rows(data[settings.MassColumn], MassRegion.Sideband)), settings, progress);
        search.Run(SimulatedSignal.Of(signal, settings), cancellation);
        return search;
    }

    private void Run(SimulatedSignal simulation, CancellationToken cancellation)
    {
        double eventScale = EventScale();
        Template = new TemplateBuilder(Settings, Sideband, _steps.Begin).Build(cancellation);
        var learnt = new LearntSignal(Settings, simulation, Template, _steps.Begin, cancellation);
        Ratio = learnt.Ratio.Model.Named("signal", "background");
        Template.LogRatio = learnt.OfTemplate;
        Signal = (simulation.InRegion, learnt.OfSimulation);
        _steps.Begin(SearchSteps.Fitting);
        Likelihood = SignalLikelihood.Of(learnt.Asimov(Sideband) with { EventScale = eventScale }, Settings.Inference);
        Result = Summary(learnt.Ratio, cancellation);
        _steps.End();
    }

    private BlindSearchResult Summary(CrossFittedRatio ratio, CancellationToken cancellation)
    {
        SignalSensitivity sensitivity = Likelihood.SensitivityBeforehand();
        IReadOnlyList<ExpectedSignificance> curve = sensitivity.Curve(Likelihood);
        var guards = new SearchGuards(
            Settings, Template, Sideband, LearntRatio.Of(ratio, Template.Events.Count), _steps.Begin) { Signal = Signal.Events };
        return new BlindSearchResult
        {
            EventsInSidebands = Sideband.SumOfWeights,
            ExpectedBackground = Template.Expected,
            SpectrumGoodnessOfFit = Template.Spectrum?.GoodnessOfFit ?? double.NaN,
            Absorption = Likelihood.Absorption,
            Sensitivity = sensitivity,
            Curve = curve,
            ErrorBudget = SignalErrorBudget.Of(Likelihood),
            Closure = new SearchClosure(ratio.MeanRatio, ratio.MeanRatioError, double.NaN, ratio.OutOfFold.ClippedCount),
            Guards = guards.All(
                guards.Contamination(Likelihood.Absorption, sensitivity.AtRootBackground.Fraction, sensitivity.Error), near: null,
                cancellation),
        };
    }

    /// <summary>Σw²/Σw of the sidebands' events, which those of the signal region are taken to share.</summary>
    private double EventScale() => (Sideband.HasWeights, Sideband.SumOfWeights) switch
    {
        (false, _) => 1,
        (true, > 0 and double sum) => Sideband.Weights.ToArray().Sum(weight => weight * weight) / sum,
        _ => throw new DataException(Text(
            $"The data are weighted and their weights in the sidebands of {Settings.Window} sum to {Sideband.SumOfWeights:G4}, so that "
                + $"nothing tells how much an event of the signal region counts before it is looked at; give sidebands, or data without "
                + $"weights.")),
    };
}
