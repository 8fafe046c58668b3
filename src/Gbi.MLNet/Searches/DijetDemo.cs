using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches.Options;
using Gbi.Simulators;

namespace Gbi.Searches;

/// <summary>What a <see cref="DijetDemo"/> simulates.</summary>
internal sealed record DijetDemoOptions
{
    /// <summary>Events of the data.</summary>
    public int EventCount { get; init; } = 200_000;

    /// <summary>Share of signal among all of them.</summary>
    public double SignalFraction { get; init; } = 0.003;

    /// <summary>Events of the signal simulation.</summary>
    public int SignalCount { get; init; } = 30_000;

    /// <summary>True background events that the generated background is compared with.</summary>
    public int ClosureCount { get; init; } = 100_000;

    /// <summary>The origin of every random number.</summary>
    public Seed Seed { get; init; } = new(1);
}

/// <summary>
/// Area under the ROC curve of a classifier between true background in the signal region and an imitation of it; 0.5 where it cannot
/// separate them.
/// </summary>
/// <param name="GeneratedAuc">Against the generated background.</param>
/// <param name="SidebandAuc">Against the sidebands as they are.</param>
internal sealed record BackgroundClosure(double GeneratedAuc, double SidebandAuc);

/// <summary>A search on a simulated dijet data set, whose truth is known.</summary>
internal sealed class DijetDemo
{
    private const string SimulationStep = "Simulating events";

    private DijetDemo(DijetDemoOptions options, EventTable data, EventTable signal, ResonanceSearch search, BackgroundClosure closure)
    {
        Options = options;
        Data = data;
        Signal = signal;
        Search = search;
        Closure = closure;
        ReadOnlySpan<float> labels = data[DijetSimulator.Label];
        for (int row = 0; row < labels.Length; row++)
        {
            bool isInRegion = search.Scores.Region[row] == 1;
            TrueSignal += isInRegion && labels[row] == 1 ? 1 : 0;
            TrueBackground += isInRegion && labels[row] == 0 ? 1 : 0;
        }
    }

    /// <summary>What was simulated.</summary>
    public DijetDemoOptions Options { get; }

    /// <summary>The data, with their truth in the label column, which the search does not read.</summary>
    public EventTable Data { get; }

    /// <summary>The signal simulation.</summary>
    public EventTable Signal { get; }

    /// <summary>The search.</summary>
    public ResonanceSearch Search { get; }

    /// <summary>How well the background generator imitates true background.</summary>
    public BackgroundClosure Closure { get; }

    /// <summary>Signal events in the signal region.</summary>
    public int TrueSignal { get; }

    /// <summary>Background events in the signal region.</summary>
    public int TrueBackground { get; }

    /// <summary>Share of signal in the signal region.</summary>
    public double TrueFraction => (double)TrueSignal / (TrueSignal + TrueBackground);

    /// <summary>Simulates, searches and compares.</summary>
    /// <param name="options">What to simulate.</param>
    /// <param name="adapt">Changes the options of the search, for example to train less.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static DijetDemo Run(
        DijetDemoOptions options,
        Func<ResonanceSearchOptions, ResonanceSearchOptions>? adapt = null,
        IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        progress?.Report(new SearchProgress(SimulationStep, 0));
        EventTable data = DijetSimulator.Data(
            options.EventCount, options.SignalFraction, options.Seed.Child("data"), cancellation: cancellation);
        EventTable signal = DijetSimulator.Signal(options.SignalCount, options.Seed.Child("signal simulation"), cancellation: cancellation);
        progress?.Report(new SearchProgress(SimulationStep, 1));
        ResonanceSearchOptions searchOptions = SearchOptions(options.Seed);
        ResonanceSearch search = ResonanceSearch.Run(data, signal, adapt?.Invoke(searchOptions) ?? searchOptions, progress, cancellation);
        return new DijetDemo(options, data, signal, search, Close(search, options, progress, cancellation));
    }

    /// <summary>How the demo searches: the dijet spectrum, and the LHC Olympics' signal region from 3.3 to 3.7 TeV.</summary>
    public static ResonanceSearchOptions SearchOptions(Seed seed) => new()
    {
        Schema = new EventSchema { Features = new DijetSimulator().Features, Mass = DijetSimulator.Mass },
        Window = new MassWindow(3.3, 3.7),
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = DijetSimulator.CollisionEnergy },
        Seed = seed,
    };

    private static BackgroundClosure Close(
        ResonanceSearch search,
        DijetDemoOptions options,
        IProgress<SearchProgress>? progress,
        CancellationToken cancellation)
    {
        Seed seed = options.Seed.Child("closure");
        MassWindow window = search.Options.Window;
        EventTable truth = DijetSimulator.Background(
            options.ClosureCount, seed.Child("truth"), window.Low, window.High, cancellation: cancellation);
        int[] sideband = window.Rows(search.Events[DijetSimulator.Mass], MassRegion.Sideband);
        EventTable plain = search.Events.Select(sideband);
        return new BackgroundClosure(
            Auc(search.Template.Events, "Comparing generated with true background"),
            Auc(plain, "Comparing sidebands with true background"));

        double Auc(EventTable imitation, string step)
        {
            // Generated events have the features alone, which is all that is compared.
            RatioScores scores = RatioTrainer.CrossFit(
                truth.WithColumns(search.Options.Schema.Features), imitation, search.Options.Schema.Features,
                RatioOptions.ForSmallDifferences, seed, new StepProgress(progress, step), cancellation).OutOfFold;
            return RocCurve.Area(
                WeightedScores.Of(truth, scores.LogRatio[..truth.Count]), WeightedScores.Of(imitation, scores.LogRatio[truth.Count..]));
        }
    }
}
