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

    /// <summary>The background's mass spectrum, fitted to the sidebands.</summary>
    public MassSpectrum Spectrum => Template.Spectrum;

    /// <summary>The background generator that was learnt from the sidebands; null where another one was given.</summary>
    public SidebandGenerator? Background => Template.Learnt;

    /// <summary>The background in the signal region: events with weights that sum to the expected number, and their scores.</summary>
    internal BackgroundTemplate Template { get; private set; } = null!;

    /// <summary>The signal simulation in the signal region with ln r of each event, out of fold; null without one.</summary>
    internal (EventTable Events, float[] LogRatio)? Signal { get; private set; }

    /// <summary>The time that each step took, in their order.</summary>
    public IReadOnlyList<SearchStepTime> StepTimes => _clock.Times;

    /// <summary>The ratio behind <see cref="SearchScores.LogRatio"/>, for new events.</summary>
    public RatioModel Ratio { get; private set; } = null!;

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
        Template = _settings.BackgroundGenerator is { } generator ? Generate(generator) : Learn();
        CrossFittedRatio anomaly = RatioTrainer.CrossFit(
            region, Template.Events, Features, _settings.Anomaly, _settings.Seed.Child("anomaly"),
            Step("Learning data over background"), _cancellation);
        FillScores(anomaly);
        if (_signal is null)
        {
            Ratio = anomaly.Model.Named("data", "background");
            _clock.Begin(Summing);
            Result = new SearchSummary(_settings, _data, Template, Scores, anomaly, anomaly).WithoutSignal();
            _clock.End();
            return;
        }

        EventTable signalInRegion = SignalIn(MassRegion.SignalRegion);
        CrossFittedRatio ratio = RatioTrainer.CrossFit(
            FeaturesOf(signalInRegion), Template.Events, Features, _settings.Signal, _settings.Seed.Child("signal"),
            Step("Learning signal over background"), _cancellation);
        Ratio = ratio.Model.Named("signal", "background");
        FillSignalScores(region, ratio, signalInRegion.Count);
        Signal = (signalInRegion, ratio.OutOfFold.LogRatio[..signalInRegion.Count].ToArray());
        _clock.Begin(Summing);
        double leak = SignalIn(MassRegion.Sideband).SumOfWeights / signalInRegion.SumOfWeights;
        Result = new SearchSummary(_settings, _data, Template, Scores, anomaly, ratio).WithSignal(signalInRegion, leak);
        _clock.End();
    }

    private BackgroundTemplate Learn()
    {
        LearntSideband learnt = SidebandGenerator.Fit(
            _data.Select(_sidebandRows), MassColumn, Features, _settings.Window, _settings.Background, _settings.Seed.Child("background"),
            Step("Learning the background from the sidebands"), _cancellation);
        return new BackgroundTemplate(learnt.Generator.Spectrum, learnt.Background(), learnt.Generator);
    }

    private BackgroundTemplate Generate(IEventGenerator generator)
    {
        string[] missing = [.. Features.Except(generator.Features)];
        if (missing.Length > 0)
        {
            throw new DataException(
                $"The background generator gives {string.Join(", ", generator.Features)}, but not the feature {missing[0]} of the search; search in its features, or train it with all of them.");
        }

        StepProgress step = Step("Generating the background");
        step.Report(0);
        EventTable sideband = _data.Select(_sidebandRows);
        MassWindow window = _settings.Window;
        var spectrum = MassSpectrum.Fit(sideband[MassColumn], sideband.Weights, window, _settings.Background.Spectrum);
        int count = (int)Math.Clamp(Math.Ceiling(_settings.Oversampling * spectrum.Expected(window.Low, window.High).Value), 1, Array.MaxLength);
        EventTable events = spectrum.Generate(generator, window.Low, window.High, count, _settings.Seed.Child("background"));
        step.Report(1);
        return new BackgroundTemplate(spectrum, FeaturesOf(events), Learnt: null);
    }

    /// <summary>The features alone: events of data, simulation and generator have no other columns in common.</summary>
    internal EventTable FeaturesOf(EventTable events) => events.WithColumns(Features);

    private EventTable SignalIn(MassRegion where)
    {
        int[] rows = _settings.Window.Rows(_signal![MassColumn], where);
        if (rows.Length == 0 && where == MassRegion.SignalRegion)
        {
            throw new DataException(
                $"The signal sample has no events in the signal region {_settings.Window}; check its mass column and unit.");
        }

        return _signal.Select(rows);
    }

    private void FillScores(CrossFittedRatio anomaly)
    {
        Array.Fill(Scores.Region, -1);
        for (int i = 0; i < _regionRows.Length; i++)
        {
            Scores.Region[_regionRows[i]] = 1;
            Set(_regionRows[i], anomaly.OutOfFold, i);
        }

        foreach (int row in _sidebandRows)
        {
            Scores.Region[row] = 0;
        }

        Template.Anomaly = anomaly.OutOfFold.LogRatio[_regionRows.Length..].ToArray();
        Template.LogRatio = Template.Anomaly;
        FillSidebands(anomaly, _regionRows.Length);
        for (int i = 0; i < _sidebandRows.Length && Template.IsSideband; i++)
        {
            Scores.BackgroundWeight[_sidebandRows[i]] = Template.Events.Weight(i);
        }

        Scores.LogRatio.CopyTo(Scores.AnomalyLogRatio, 0);
    }

    private void FillSignalScores(EventTable region, CrossFittedRatio ratio, int signalCount)
    {
        // The data of the signal region took no part in this training; the background did, as its denominator. One fold's models
        // for each event, so that both are scored alike.
        int[] foldOf = _settings.Seed.Child("scoring folds").Folds(region.Count, ratio.Model.FoldCount);
        RatioScores ofRegion = ratio.Model.ScoreByFold(region, foldOf);
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
            scores = ratio.Model.ScoreByFold(FeaturesOf(_data.Select(_sidebandRows)), foldOf);
            first = 0;
        }

        for (int i = 0; i < _sidebandRows.Length; i++)
        {
            Set(_sidebandRows[i], scores, first + i);
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
