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
    private readonly ResonanceSearchSettings _settings;
    private readonly EventTable _data;
    private readonly EventTable? _signal;
    private readonly int[] _regionRows;
    private readonly int[] _sidebandRows;
    private readonly IProgress<SearchProgress>? _progress;
    private readonly CancellationToken _cancellation;

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

    /// <summary>The background generator that was learnt.</summary>
    public SidebandGenerator Background { get; private set; } = null!;

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
        EventTable region = _data.Select(_regionRows);
        EventTable sideband = _data.Select(_sidebandRows);
        LearntSideband learnt = SidebandGenerator.Fit(
            sideband, MassColumn, Features, _settings.Window, _settings.Background, _settings.Seed.Child("background"),
            Step("Learning the background from the sidebands"), _cancellation);
        Background = learnt.Generator;
        EventTable background = learnt.Background();
        CrossFittedRatio anomaly = RatioTrainer.CrossFit(
            region, background, Features, _settings.Anomaly, _settings.Seed.Child("anomaly"),
            Step("Learning data over background"), _cancellation);
        FillScores(background, anomaly);
        if (_signal is null)
        {
            Ratio = anomaly.Model.Named("data", "background");
            Result = new SearchSummary(_settings, _data, Background, Scores, anomaly, anomaly).WithoutSignal();
            return;
        }

        EventTable signalInRegion = SignalIn(MassRegion.SignalRegion);
        CrossFittedRatio ratio = RatioTrainer.CrossFit(
            signalInRegion, background, Features, _settings.Signal, _settings.Seed.Child("signal"),
            Step("Learning signal over background"), _cancellation);
        Ratio = ratio.Model.Named("signal", "background");
        FillSignalScores(region, ratio, signalInRegion.Count);
        double leak = SignalIn(MassRegion.Sideband).SumOfWeights / signalInRegion.SumOfWeights;
        Result = new SearchSummary(_settings, _data, Background, Scores, anomaly, ratio).WithSignal(signalInRegion, leak);
    }

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

    private void FillScores(EventTable background, CrossFittedRatio anomaly)
    {
        Array.Fill(Scores.Region, -1);
        for (int i = 0; i < _regionRows.Length; i++)
        {
            Scores.Region[_regionRows[i]] = 1;
            Set(_regionRows[i], anomaly.OutOfFold, i);
        }

        for (int i = 0; i < _sidebandRows.Length; i++)
        {
            Scores.Region[_sidebandRows[i]] = 0;
            Scores.BackgroundWeight[_sidebandRows[i]] = background.Weight(i);
            Set(_sidebandRows[i], anomaly.OutOfFold, _regionRows.Length + i);
        }

        Scores.LogRatio.CopyTo(Scores.AnomalyLogRatio, 0);
    }

    private void FillSignalScores(EventTable region, CrossFittedRatio ratio, int signalCount)
    {
        // The data of the signal region took no part in this training; the sidebands did, as its denominator. One fold's models
        // for each event, so that both are scored alike.
        int[] foldOf = _settings.Seed.Child("scoring folds").Folds(region.Count, ratio.Model.FoldCount);
        RatioScores ofRegion = ratio.Model.ScoreByFold(region, foldOf);
        for (int i = 0; i < _regionRows.Length; i++)
        {
            Set(_regionRows[i], ofRegion, i);
        }

        for (int i = 0; i < _sidebandRows.Length; i++)
        {
            Set(_sidebandRows[i], ratio.OutOfFold, signalCount + i);
        }
    }

    private void Set(int row, RatioScores scores, int at)
    {
        Scores.LogRatio[row] = scores.LogRatio[at];
        Scores.LogRatioSpread[row] = scores.Spread[at];
    }

    private StepProgress Step(string name) => new(_progress, name);
}
