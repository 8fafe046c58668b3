using System.Globalization;
using Gbi.Events;
using Gbi.Generators;
using Gbi.Inference;
using Gbi.Ratios;

namespace Gbi.Analysis;

/// <summary>
/// A search for a resonance: the background in the signal region is generated from the sidebands; a classifier between data and
/// generated background gives an anomaly score; with a signal sample, the ratio of signal over background is learnt and the
/// signal fraction fitted.
/// </summary>
public sealed class ResonanceSearch
{
    private const string Summing = "Counting and fitting";

    private readonly ResonanceSearchSettings _settings;
    private readonly EventTable _data;
    private readonly EventTable? _signal;
    private readonly int[] _regionRows;
    private readonly int[] _sidebandRows;
    private readonly IProgress<SearchProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly StepClock _clock = new();

    private ResonanceSearch(
        EventTable data, EventTable? signal, ResonanceSearchSettings settings, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        _settings = settings;
        _data = data;
        _signal = signal;
        _progress = progress;
        _cancellation = cancellation;
        ReadOnlySpan<float> masses = data[MassColumn];
        _regionRows = settings.Window.Rows(masses, MassRegion.SignalRegion);
        _sidebandRows = settings.Window.Rows(masses, MassRegion.Sideband);
        Scores = new SearchScores(data.Count);
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
    public IReadOnlyList<SearchStepTime> StepTimes => _clock.Times;

    /// <summary>The ratio behind <see cref="SearchScores.LogRatio"/>, for new events; null where <see cref="Family"/> is behind it.</summary>
    public RatioModel? Ratio { get; private set; }

    /// <summary>The signal family, for new events; null without one.</summary>
    public SignalFamily? Family { get; private set; }

    private string MassColumn => _settings.Schema.Mass
        ?? throw new ArgumentException("A resonance search needs a mass column; name it in the schema.");

    private IReadOnlyList<string> Features => _settings.Schema.Features;

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
        var search = new ResonanceSearch(data, signal, settings, progress, cancellation);
        search.RequireEvents();
        search.Run();
        return search;
    }

    private void RequireEvents()
    {
        if (_regionRows.Length > 0)
        {
            return;
        }

        ReadOnlySpan<float> masses = _data[MassColumn];
        float low = float.PositiveInfinity;
        float high = float.NegativeInfinity;
        foreach (float mass in masses)
        {
            low = Math.Min(low, mass);
            high = Math.Max(high, mass);
        }

        throw new DataException(string.Create(CultureInfo.InvariantCulture,
            $"The signal region {_settings.Window} holds none of the {_data.Count} events; '{MassColumn}' runs from {low:G6} to {high:G6}: choose a region inside it."));
    }

    private void Run()
    {
        EventTable region = FeaturesOf(_data.Select(_regionRows));
        Template = new TemplateBuilder(_settings, _data.Select(_sidebandRows), Step).Build(_cancellation);
        MarkRegions();
        if (_signal is null)
        {
            CrossFittedRatio anomaly = LearnAnomaly(region);
            Ratio = anomaly.Model.Named("data", "background");
            Scores.AnomalyLogRatio.CopyTo(Scores.LogRatio, 0);
            Template.LogRatio = Template.Anomaly;
            Sum(summary => summary.WithoutSignal(), LearntRatio.Of(anomaly, Template.Events.Count));
            return;
        }

        if (_settings.LearnsAnomaly)
        {
            _ = LearnAnomaly(region);
        }

        EventTable signal = SignalIn(MassRegion.SignalRegion);
        if (_settings.Family is { } choice)
        {
            FitFamily(choice, region, signal);
            return;
        }

        var training = new SignalTraining(_settings, signal, Template, Step);
        CrossFittedRatio ratio = training.Learn(_cancellation);
        Ratio = ratio.Model.Named("signal", "background");
        FillSignalScores(ratio, signal.Count);
        CrossFittedRatio? ofFeatures = training.LearnFeatures(_cancellation);
        Signal = (signal, ratio.OutOfFold.LogRatio[..signal.Count].ToArray());
        Sum(
            summary =>
            {
                Likelihood = SignalLikelihood.Of(LikelihoodInput(region, signal, ofFeatures), _settings.Inference);
                return summary.WithSignal(Likelihood);
            },
            LearntRatio.Of(ratio, Template.Events.Count));
    }

    private void FitFamily(SignalFamilySettings choice, EventTable region, EventTable signal)
    {
        var search = FamilySearch.Run(choice, _settings, signal, Template.Events, region, Step, _cancellation);
        FamilyPointScores scores = search.Scores;
        Family = search.Learnt.Model;
        Set(_regionRows, scores.Data);
        Set(_sidebandRows, Template.IsSideband
            ? scores.Background
            : scores.Of(EventsIn(MassRegion.Sideband), _settings.Seed.Child("sideband folds").Folds(_sidebandRows.Length, Family.FoldCount)));
        Template.LogRatio = scores.Background;
        Signal = scores.HasEnoughSignal ? (scores.SignalNear, scores.Signal) : null;
        (EventTable near, EventTable beside) = search.Near(signal, SignalIn(MassRegion.Sideband));
        SignalAbsorption absorption = SignalAbsorption.Of(
            Template, EventsIn(MassRegion.Sideband), beside, near.SumOfWeights, _settings.Window, MassColumn);
        Sum(
            summary => summary.WithFamily(search, absorption),
            new LearntRatio(Signal?.LogRatio ?? scores.Data, scores.Background, scores.MeanRatio, scores.MeanRatioError, 0));
    }

    private void Sum(Func<SearchSummary, ResonanceSearchResult> result, LearntRatio ratio)
    {
        _clock.Begin(Summing);
        Result = result(new SearchSummary(_settings, _data, Template, Scores, ratio));
        Result = new SearchGuards(_settings, Template, EventsIn(MassRegion.Sideband), ratio, Step)
        {
            Signal = Signal?.Events,
            Region = (FeaturesOf(EventsIn(MassRegion.SignalRegion)), [.. _regionRows.Select(row => Scores.LogRatio[row])]),
        }.Guarded(Result, Likelihood, _cancellation);
        _clock.End();
    }

    private CrossFittedRatio LearnAnomaly(EventTable region)
    {
        CrossFittedRatio anomaly = RatioTrainer.CrossFit(
            region, Template.Events, Features, _settings.Anomaly, _settings.Seed.Child("anomaly"),
            Step("Learning data over background"), _cancellation);
        FillScores(anomaly);
        return anomaly;
    }

    private SignalLikelihoodInput LikelihoodInput(EventTable region, EventTable signal, CrossFittedRatio? ofFeatures)
    {
        float[][] ofTemplate = [];
        float[][] ofRegion = [];
        if (Template.Members is { } members && _settings.Inference.VariesGenerator)
        {
            ofTemplate = members.OfTemplate();
            ofRegion = members.Of(_data.Select(_regionRows), _settings.Seed.Child("generator folds"));
        }

        return new SignalLikelihoodInput(
            new RegionSample([.. _regionRows.Select(row => Scores.LogRatio[row])], RegionSample.WeightsOf(region), ofRegion)
            {
                FeatureLogRatio = ofFeatures is null ? null : ofFeatures.Model.ScoreByFold(region, ScoringFolds(ofFeatures)).LogRatio.ToArray(),
            },
            RegionSample.OfTemplate(Template, ofTemplate, ofFeatures),
            RegionSample.OfSimulation(signal, Signal!.Value.LogRatio, ofFeatures),
            Template.Expected,
            SignalAbsorption.Of(Template, EventsIn(MassRegion.Sideband), SignalIn(MassRegion.Sideband), signal.SumOfWeights, _settings.Window, MassColumn));
    }

    /// <summary>The events of the signal region or of the sidebands.</summary>
    internal EventTable EventsIn(MassRegion where) => _data.Select(where == MassRegion.SignalRegion ? _regionRows : _sidebandRows);

    /// <summary>The features alone: events of data, simulation and generator have no other columns in common.</summary>
    internal EventTable FeaturesOf(EventTable events) => events.WithColumns(Features);

    private EventTable SignalIn(MassRegion where) => SignalTraining.EventsIn(where, _signal!, _settings);

    private void MarkRegions()
    {
        Array.Fill(Scores.Region, -1);
        foreach (int row in _regionRows)
        {
            Scores.Region[row] = 1;
        }

        for (int i = 0; i < _sidebandRows.Length; i++)
        {
            Scores.Region[_sidebandRows[i]] = 0;
            Scores.BackgroundWeight[_sidebandRows[i]] = Template.IsSideband ? Template.Events.Weight(i) : 0;
        }
    }

    private void FillScores(CrossFittedRatio anomaly)
    {
        for (int i = 0; i < _regionRows.Length; i++)
        {
            Set(_regionRows[i], anomaly.OutOfFold, i);
        }

        Template.Anomaly = anomaly.OutOfFold.LogRatio[_regionRows.Length..].ToArray();
        FillSidebands(anomaly, _regionRows.Length);
        Scores.LogRatio.CopyTo(Scores.AnomalyLogRatio, 0);
    }

    // The data of the signal region took no part in this training; the background did, as its denominator. One fold's models
    // for each event, so that both are scored alike.
    private int[] ScoringFolds(CrossFittedRatio ratio) => _settings.Seed.Child("scoring folds").Folds(_regionRows.Length, ratio.Model.FoldCount);

    private void FillSignalScores(CrossFittedRatio ratio, int signalCount)
    {
        RatioScores ofRegion = ratio.Model.ScoreByFold(_data.Select(_regionRows), ScoringFolds(ratio));
        for (int i = 0; i < _regionRows.Length; i++)
        {
            Set(_regionRows[i], ofRegion, i);
        }

        Template.LogRatio = ratio.OutOfFold.LogRatio[signalCount..].ToArray();
        FillSidebands(ratio, signalCount);
    }

    /// <summary>Scores of the sidebands: those of the background where they are it, by one fold's models for each where they took no part.</summary>
    private void FillSidebands(CrossFittedRatio ratio, int firstOfBackground)
    {
        RatioScores scores = ratio.OutOfFold;
        int first = firstOfBackground;
        if (!Template.IsSideband)
        {
            int[] foldOf = _settings.Seed.Child("sideband folds").Folds(_sidebandRows.Length, ratio.Model.FoldCount);
            scores = ratio.Model.ScoreByFold(_data.Select(_sidebandRows), foldOf);
            first = 0;
        }

        for (int i = 0; i < _sidebandRows.Length; i++)
        {
            Set(_sidebandRows[i], scores, first + i);
        }
    }

    private void Set(int[] rows, float[] logRatios)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Scores.LogRatio[rows[i]] = logRatios[i];
            Scores.LogRatioSpread[rows[i]] = float.NaN;
        }
    }

    private void Set(int row, RatioScores scores, int at)
    {
        Scores.LogRatio[row] = scores.LogRatio[at];
        Scores.LogRatioSpread[row] = scores.Spread[at];
    }

    private StepProgress Step(string name)
    {
        _clock.Begin(name);
        return new StepProgress(_progress, name);
    }
}
