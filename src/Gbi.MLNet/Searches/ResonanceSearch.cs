using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Ratios;
using Gbi.Ratios.Families;
using Gbi.Searches.Background;
using Gbi.Searches.Checks;
using Gbi.Searches.Family;
using Gbi.Searches.Family.Fits;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches;

/// <summary>
/// A search for a resonance: the background in the signal region is generated from the sidebands; a classifier between data and
/// generated background gives an anomaly score; with a signal sample, the ratio of signal over background is learnt and the
/// signal fraction fitted.
/// </summary>
public sealed class ResonanceSearch
{
    private readonly ResonanceSearchSettings _settings;
    private readonly EventTable _data;
    private readonly int[] _regionRows;
    private readonly int[] _sidebandRows;
    private readonly EventTable _region;
    private readonly EventTable _sideband;
    private readonly SearchSteps _steps;
    private readonly CancellationToken _cancellation;

    private ResonanceSearch(
        EventTable data, ResonanceSearchSettings settings, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        _settings = settings;
        _data = data;
        _steps = new SearchSteps(progress);
        _cancellation = cancellation;
        ReadOnlySpan<float> masses = data[settings.MassColumn];
        _regionRows = settings.Window.Rows(masses, MassRegion.SignalRegion);
        _sidebandRows = settings.Window.Rows(masses, MassRegion.Sideband);
        _region = data.Select(_regionRows);
        _sideband = data.Select(_sidebandRows);
        Scores = new SearchScores(data.Count);
        Scores.Mark(_regionRows, 1);
        Scores.Mark(_sidebandRows, 0);
    }

    /// <summary>What decided the result, besides the events.</summary>
    public ResonanceSearchSettings Settings => _settings;

    /// <summary>The events that were searched.</summary>
    public EventTable Events => _data;

    /// <summary>What was found.</summary>
    public ResonanceSearchResult Result { get; private set; } = null!;

    /// <summary>The columns that the search adds to its events.</summary>
    public SearchScores Scores { get; }

    /// <summary>The background's mass spectrum, fitted to the sidebands; null where the data have none.</summary>
    public MassSpectrum? Spectrum => Template.Spectrum;

    /// <summary>The background generator that was learnt from the sidebands; null for other backgrounds.</summary>
    public SidebandGenerator? Background => Template.Learnt?.Generator;

    /// <summary>The likelihood of the signal fraction; null without a signal sample.</summary>
    public SignalLikelihood? Likelihood { get; private set; }

    /// <summary>The background in the signal region: events with weights that sum to the expected number, and their scores.</summary>
    internal BackgroundTemplate Template { get; private set; } = null!;

    /// <summary>The signal simulation in the signal region with ln r of each event, out of fold; null without one.</summary>
    internal (EventTable Events, float[] LogRatio)? Signal { get; private set; }

    /// <summary>The time that each step took, in their order.</summary>
    public IReadOnlyList<SearchStepTime> StepTimes => _steps.Times;

    /// <summary>The ratio behind <see cref="SearchScores.LogRatio"/>, for new events; null where <see cref="Family"/> is behind
    /// it.</summary>
    public RatioModel? Ratio { get; private set; }

    /// <summary>The signal family, for new events; null without one.</summary>
    public SignalFamily? Family { get; private set; }

    /// <summary>Runs a search.</summary>
    /// <param name="data">Events with features and mass, weighted or not.</param>
    /// <param name="signal">A simulation of the signal with the same columns, or null.</param>
    /// <param name="settings">What to do.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="DataException">The data cannot be searched; the message says why.</exception>
    /// <exception cref="FitException">The fit finds no signal fraction.</exception>
    public static ResonanceSearch Run(
        EventTable data,
        EventTable? signal,
        ResonanceSearchSettings settings,
        IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Family?.Require(settings, signal);
        var search = new ResonanceSearch(data, settings, progress, cancellation);
        search.RequireEvents();
        search.Run(signal is null ? null : SimulatedSignal.Of(signal, settings));
        return search;
    }

    private void RequireEvents()
    {
        if (_regionRows.Length > 0)
        {
            return;
        }

        ReadOnlySpan<float> masses = _data[_settings.MassColumn];
        float low = float.PositiveInfinity;
        float high = float.NegativeInfinity;
        foreach (float mass in masses)
        {
            low = Math.Min(low, mass);
            high = Math.Max(high, mass);
        }

        throw new DataException(
            Text(
                $"The signal region {_settings.Window} holds none of the {_data.Count} events; '{_settings.MassColumn}' runs from "
                    + $"{low:G6} to {high:G6}: choose a region inside it."));
    }

    private void Run(SimulatedSignal? simulation)
    {
        Template = new TemplateBuilder(_settings, _sideband, _steps.Begin).Build(_cancellation);
        if (Template.IsSideband)
        {
            for (int i = 0; i < _sidebandRows.Length; i++)
            {
                Scores.BackgroundWeight[_sidebandRows[i]] = Template.Events.Weight(i);
            }
        }

        CrossFittedRatio? anomaly = simulation is null || _settings.LearnsAnomaly ? LearnAnomaly() : null;
        if (simulation is null)
        {
            Ratio = anomaly!.Model.Named("data", "background");
            Template.LogRatio = Template.Anomaly;
            Sum(summary => summary.WithoutSignal(), LearntRatio.Of(anomaly, Template.Events.Count));
        }
        else if (_settings.Family is { } choice)
        {
            FitFamily(choice, simulation);
        }
        else
        {
            FitSignal(simulation);
        }
    }

    private CrossFittedRatio LearnAnomaly()
    {
        IReadOnlyList<string> features = _settings.Schema.Features;
        CrossFittedRatio anomaly = RatioTrainer.CrossFit(
            _region.WithColumns(features), Template.Events, features, _settings.Anomaly, _settings.Seed.Child("anomaly"),
            _steps.Begin("Learning data over background"), _cancellation);
        Scores.Set(_regionRows, anomaly.OutOfFold);
        Template.Anomaly = anomaly.OutOfFold.LogRatio[_regionRows.Length..].ToArray();
        ScoreSidebands(anomaly, _regionRows.Length);
        Scores.LogRatio.CopyTo(Scores.AnomalyLogRatio, 0);
        return anomaly;
    }

    private void FitSignal(SimulatedSignal simulation)
    {
        var learnt = new LearntSignal(_settings, simulation, Template, _steps.Begin, _cancellation);
        Ratio = learnt.Ratio.Model.Named("signal", "background");
        RatioScores ofRegion = learnt.Score(_region);
        Scores.Set(_regionRows, ofRegion);
        Template.LogRatio = learnt.OfTemplate;
        ScoreSidebands(learnt.Ratio, simulation.InRegion.Count);
        Signal = (simulation.InRegion, learnt.OfSimulation);
        _steps.Begin(SearchSteps.Fitting);
        Likelihood = SignalLikelihood.Of(learnt.Input(_sideband, _region, ofRegion.LogRatio.ToArray()), _settings.Inference);
        Sum(summary => summary.WithSignal(Likelihood), LearntRatio.Of(learnt.Ratio, Template.Events.Count));
    }

    private void FitFamily(SignalFamilySettings choice, SimulatedSignal simulation)
    {
        var search = FamilySearch.Run(
            choice, _settings, simulation.InRegion, Template, _region.WithColumns(_settings.Schema.Features), _steps.Begin, _cancellation);
        FamilyPointScores scores = search.Scores;
        Family = search.Learnt.Model;
        Scores.Set(_regionRows, scores.Data);
        Scores.Set(_sidebandRows, Template.IsSideband ? scores.Background : scores.Of(_sideband, SidebandFolds(Family.FoldCount)));
        Template.LogRatio = scores.Background;
        Signal = scores.HasEnoughSignal ? (scores.SignalNear, scores.Signal) : null;
        _steps.Begin(SearchSteps.Fitting);
        SignalAbsorption absorption = search.Absorption(_settings, Template, _sideband, simulation, _region.SumOfWeights);
        Sum(
            summary => summary.WithFamily(search, absorption),
            new LearntRatio(Signal?.LogRatio ?? scores.Data, scores.Background, scores.MeanRatio, scores.MeanRatioError, 0));
    }

    /// <summary>Scores of the sidebands: those of the background where they are it, by one fold's models for each where they took no
    /// part.</summary>
    private void ScoreSidebands(CrossFittedRatio ratio, int firstOfBackground)
    {
        if (Template.IsSideband)
        {
            Scores.Set(_sidebandRows, ratio.OutOfFold, firstOfBackground);
        }
        else
        {
            Scores.Set(_sidebandRows, ratio.Model.ScoreByFold(_sideband, SidebandFolds(ratio.Model.FoldCount)));
        }
    }

    private int[] SidebandFolds(int count) => _settings.Seed.Child("sideband folds").Folds(_sidebandRows.Length, count);

    private void Sum(Func<SearchSummary, ResonanceSearchResult> result, LearntRatio ratio)
    {
        _steps.Begin("Counting");
        Result = result(new SearchSummary(_settings, _data, Template, Scores, ratio));
        Result = new SearchGuards(_settings, Template, _sideband, ratio, _steps.Begin)
        {
            Signal = Signal?.Events,
            Region = (_region.WithColumns(_settings.Schema.Features), [.. _regionRows.Select(row => Scores.LogRatio[row])]),
        }.Guarded(Result, Likelihood, _cancellation);
        _steps.End();
    }
}
