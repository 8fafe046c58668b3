using Gbi.Events;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Ratios;
using Gbi.Searches.Anomaly;
using Gbi.Searches.Background;
using Gbi.Searches.Checks;
using Gbi.Searches.Family;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;

namespace Gbi.Searches;

/// <summary>The steps of a search after the background: scores, likelihood, counts, checks. Each takes the values of those before
/// it.</summary>
/// <param name="Options">The search's options.</param>
/// <param name="Sample">The data, divided.</param>
/// <param name="Background">The step that made the template.</param>
/// <param name="Template">The background.</param>
/// <param name="Steps">Told of each step.</param>
internal sealed record SearchCourse(
    ResonanceSearchOptions Options, SearchSample Sample, BackgroundStep Background, BackgroundTemplate Template, SearchSteps Steps)
{
    private const string Counting = "Counting";

    private EventTable Sideband => Sample.Sideband.Events;

    private EventTable RegionFeatures => Sample.Region.WithColumns(Options.Schema.Features);

    /// <summary>Learns data over background.</summary>
    public AnomalyRatio LearnAnomaly() => Steps.Run("Learning data over background", (progress, cancellation) =>
        new AnomalyTrainer(Options.Anomaly, Options.Seed.Child("anomaly")).Learn(
            RegionFeatures, Template, Options.Schema.Features, progress, cancellation));

    /// <summary>Counts the excess alone.</summary>
    public SearchFinding WithoutSignal(AnomalyRatio anomaly)
    {
        LearntScore score = anomaly.ScoreOf(Template, Sideband);
        SearchSamples samples = Samples(score, anomaly, score, signal: null) with { Cuts = anomaly.CutsOf(Template) };
        return new SearchFinding(samples, Steps.Run(Counting, (_, _) => Summary(samples).WithoutSignal()))
        {
            Ratio = anomaly.Model,
        };
    }

    /// <summary>Learns signal over background and fits the signal fraction.</summary>
    /// <exception cref="FitException">The fit finds no signal fraction.</exception>
    public SearchFinding WithSignal(SimulatedSignal simulation, AnomalyRatio? anomaly)
    {
        var ratio = SignalRatio.Learn(Options, simulation, Template, Steps);
        RatioScores ofRegion = ratio.Score(ratio.OfAll, Sample.Region);
        var score = LearntScore.Of(ratio.OfAll, EventScores.Of(ofRegion, ..), Template, Sideband, Options.Seed);
        SearchSamples samples = Samples(score, anomaly, anomaly?.ScoreOf(Template, Sideband), simulation.InRegion);
        SignalLikelihood likelihood = new SignalFit(Options, Background, Template, simulation, ratio)
            .OfRegion(Sample.Region, ofRegion.LogRatio.ToArray(), Steps);
        return new SearchFinding(samples, Steps.Run(Counting, (_, _) => Summary(samples).WithSignal(likelihood)))
        {
            Likelihood = likelihood,
            Ratio = ratio.OfAll.Model.Named("signal", "background"),
        };
    }

    /// <summary>Learns a signal family over background and fits signal fraction and parameters.</summary>
    /// <exception cref="FitException">The fit finds no signal fraction.</exception>
    public SearchFinding WithFamily(FamilySearchOptions family, SimulatedSignal simulation, AnomalyRatio? anomaly)
    {
        var fitted = FamilySearch.Run(Options, family, simulation, Template, RegionFeatures, Steps);
        SearchSamples samples = Samples(
            fitted.Score(Template, Sideband, Options.Seed), anomaly, anomaly?.ScoreOf(Template, Sideband), fitted.Signal);
        SignalContamination contamination = fitted.Contamination(Background, Template, simulation, Sample.Region.SumOfWeights, Steps);
        return new SearchFinding(samples, Steps.Run(Counting, (_, _) => Summary(samples).WithFamily(fitted, contamination)))
        {
            Family = fitted.Learnt.Model,
        };
    }

    /// <summary>The result with the checks of the search and, where they are asked for, with what it expected and its curves.</summary>
    public ResonanceSearchResult Check(SearchFinding found)
    {
        var checks = new SearchChecks(Options, found.Samples);
        ResonanceSearchResult result = found.Result with { Checks = checks.OfResult(found.Result, Steps) };
        return Options.RunsChecks ? Steps.Run("Computing curves", (_, _) => WithCurves(result, found)) : result;
    }

    private ResonanceSearchResult WithCurves(ResonanceSearchResult result, SearchFinding found)
    {
        var failed = new FailedFits();
        SignalSensitivity? sensitivity = found.Likelihood is { } likelihood
            ? failed.Try("What was to be expected", likelihood.Sensitivity)
            : null;
        var fitted = new Estimate(result.SignalFraction.Value, result.SignalFraction.Error);
        return result with
        {
            Sensitivity = sensitivity,
            Curves = new SearchComparisons(Options, found.Samples).Curves(result.SignalYield),
            LikelihoodCurves = sensitivity is null
                ? null
                : failed.Try("Curves of the likelihood", () => found.Likelihood!.Curves(fitted, sensitivity)),
            FailedFits = [.. result.FailedFits, .. failed.Sentences],
        };
    }

    private SearchSummary Summary(SearchSamples samples) => new(Options, samples, Sample.EventCount);

    private SearchSamples Samples(LearntScore score, AnomalyRatio? anomaly, LearntScore? anomalyScore, EventTable? signal)
    {
        var samples = new SearchSamples(Sample.Sideband, Template, score)
        {
            Region = Sample.Region,
            Anomaly = anomalyScore,
            AnomalyArea = anomaly?.Area ?? double.NaN,
            Signal = signal,
        };
        return samples with { Cuts = new PooledCuts(samples.ScoredRegion, samples.ScoredTemplate, Template) };
    }
}
