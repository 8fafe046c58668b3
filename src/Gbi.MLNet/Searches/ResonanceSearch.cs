using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Ratios;
using Gbi.Ratios.Families;
using Gbi.Searches.Anomaly;
using Gbi.Searches.Background;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;

namespace Gbi.Searches;

/// <summary>
/// A search for a resonance: the background in the signal region is generated from the sidebands; a classifier between data and
/// generated background gives an anomaly score; with a signal sample, the ratio of signal over background is learnt and the
/// signal fraction fitted.
/// </summary>
public sealed class ResonanceSearch
{
    private ResonanceSearch(
        ResonanceSearchOptions options, EventTable events, BackgroundTemplate template, SearchScores scores,
        ResonanceSearchResult result) =>
        (Options, Events, Template, Scores, Result) = (options, events, template, scores, result);

    /// <summary>What decided the result, besides the events.</summary>
    public ResonanceSearchOptions Options { get; }

    /// <summary>The events that were searched.</summary>
    public EventTable Events { get; }

    /// <summary>What was found.</summary>
    public ResonanceSearchResult Result { get; }

    /// <summary>The columns that the search adds to its events.</summary>
    public SearchScores Scores { get; }

    /// <summary>The background's mass spectrum, fitted to the sidebands; null where the data have none.</summary>
    public MassSpectrum? Spectrum => Template.Spectrum;

    /// <summary>The background generator that was learnt from the sidebands; null for other backgrounds.</summary>
    public SidebandGenerator? Background => (Template as ReweightedSidebandTemplate)?.Learnt.Generator;

    /// <summary>The likelihood of the signal fraction; null without a signal sample, and for a family.</summary>
    public SignalLikelihood? Likelihood { get; private init; }

    /// <summary>The ratio behind <see cref="SearchScores.LogRatio"/>, for new events; null where <see cref="Family"/> is behind
    /// it.</summary>
    public RatioModel? Ratio { get; private init; }

    /// <summary>The signal family, for new events; null without one.</summary>
    public SignalFamily? Family { get; private init; }

    /// <summary>The time that each step took, in their order.</summary>
    public IReadOnlyList<SearchStepTime> StepTimes { get; private init; } = [];

    /// <summary>The background in the signal region: events with weights that sum to the expected number.</summary>
    internal BackgroundTemplate Template { get; }

    /// <summary>Runs a search: background, scores, likelihood, checks, result.</summary>
    /// <param name="data">Events with features and mass, weighted or not.</param>
    /// <param name="signal">A simulation of the signal with the same columns, or null.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="DataException">The data cannot be searched; the message says why.</exception>
    /// <exception cref="FitException">The fit finds no signal fraction.</exception>
    public static ResonanceSearch Run(
        EventTable data,
        EventTable? signal,
        ResonanceSearchOptions options,
        IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Family?.Require(options, signal);
        var sample = SearchSample.Of(data, options);
        SimulatedSignal? simulation = signal is null ? null : SimulatedSignal.Of(signal, options);
        var steps = new SearchSteps(progress, cancellation);
        var background = new BackgroundStep(options, sample.Sideband);
        BackgroundTemplate template = steps.Run(background.Name, background.Learn);
        var course = new SearchCourse(options, sample, background, template, steps);
        AnomalyRatio? anomaly = simulation is null || options.LearnsAnomaly ? course.LearnAnomaly() : null;
        SearchFinding found = (simulation, options.Family) switch
        {
            (null, _) => course.WithoutSignal(anomaly!),
            (_, null) => course.WithSignal(simulation, anomaly),
            (_, { } family) => course.WithFamily(family, simulation, anomaly),
        };
        ResonanceSearchResult result = course.Check(found);
        if (options.RunsChecks)
        {
            EventTable[] compared = signal is null ? [data] : [data, signal];
            result = result with { ConstantFeatures = ConstantFeatures.SentencesOf(options.Schema.Features, compared) };
        }

        var scores = new SearchScores(data.Count, found.Samples, (sample.RegionRows, sample.SidebandRows));
        return new ResonanceSearch(options, data, template, scores, result)
        {
            Likelihood = found.Likelihood,
            Ratio = found.Ratio,
            Family = found.Family,
            StepTimes = steps.Times,
        };
    }
}

/// <summary>What the steps of a search found, before it is checked.</summary>
/// <param name="Samples">The samples with their scores.</param>
/// <param name="Result">The result so far.</param>
internal sealed record SearchFinding(SearchSamples Samples, ResonanceSearchResult Result)
{
    public SignalLikelihood? Likelihood { get; init; }

    public RatioModel? Ratio { get; init; }

    public SignalFamily? Family { get; init; }
}
