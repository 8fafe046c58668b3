using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.GlobalProbability;
using Gbi.Inference.Tests;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Searches.Results;

namespace Gbi.Searches.Hunt;

/// <summary>
/// A hunt for a resonance of unknown mass: the whole search of <see cref="ResonanceSearch"/>, its training included, in each window of a
/// scan, and in each window of toys without signal, which show how often the smallest of so many p-values is as small by chance.
/// </summary>
/// <param name="options">What to do.</param>
/// <param name="signal">
/// A simulation of the signal with the same columns, or null. Windows in which it has no events have no result: give events of all masses
/// of the scan.
/// </param>
/// <remarks>
/// The local p-value is one-sided and asymptotic, Φ(−Z); its error is that of the data, the spectrum and the template's size, and not that
/// of a background which is learnt wrongly. Toys that resemble the data's background hold this error, too, since they are trained anew.
/// </remarks>
public sealed class BumpHunt(BumpHuntOptions options, EventTable? signal = null)
{
    /// <summary>What is done.</summary>
    public BumpHuntOptions Options { get; } = options ?? throw new ArgumentNullException(nameof(options));

    internal EventTable? Signal => signal;

    /// <summary>Searches one window.</summary>
    /// <param name="events">Data or a toy.</param>
    /// <param name="window">Its number in the scan.</param>
    /// <param name="seed">The seed of this data set's hunt.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="DataException">The window cannot be searched; the message says why.</exception>
    /// <exception cref="FitException">The ratio fit finds no minimum.</exception>
    public BumpPoint Search(EventTable events, int window, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        var search = ResonanceSearch.Run(
            events,
            signal,
            Options.Search with
            {
                Window = Options.Scan.Windows[window],
                BackgroundEfficiencies = Options.BackgroundEfficiencies,
                RunsChecks = false,
                Seed = seed.Child(window),
            },
            cancellation: cancellation);
        ResonanceSearchResult result = search.Result;
        return search.Likelihood is { } likelihood
            ? OfRatio(result, likelihood.Fits)
            : OfCuts(result, Options.BackgroundEfficiencies.Contains(1));
    }

    /// <summary>Searches all windows of a data set or toy, on all cores.</summary>
    /// <param name="events">Data or a toy.</param>
    /// <param name="seed">The seed of this data set's hunt.</param>
    /// <param name="cancellation">Stops between windows and in each.</param>
    public IReadOnlyList<JobOutcome<BumpPoint>> Scan(EventTable events, Seed seed, CancellationToken cancellation = default)
    {
        var outcomes = new JobOutcome<BumpPoint>[Options.Scan.Count];
        EventBlocks.ForEachIndex(
            outcomes.Length,
            window => outcomes[window] = JobFile<BumpPoint>.OutcomeOf(window, (at, stop) => Search(events, at, seed, stop), cancellation),
            cancellation);
        return outcomes;
    }

    /// <summary>Draws a toy and searches its windows.</summary>
    /// <param name="toys">Where it comes from.</param>
    /// <param name="number">Its number, on which alone and on the options its result depends.</param>
    /// <param name="cancellation">Stops between windows and in each.</param>
    public BumpToy SearchToy(BackgroundToys toys, int number, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(toys);
        Seed seed = Options.Seed.Child("toys").Child(number);
        return new BumpToy([.. Scan(toys.Draw(seed.Child("events")), seed.Child("windows"), cancellation)
            .Select(outcome => outcome.Result?.Significance ?? double.NaN)]);
    }

    /// <summary>The whole hunt in memory; <see cref="BumpHuntFolder"/> does it in parts that survive an interruption.</summary>
    /// <param name="data">Events with features and mass.</param>
    /// <param name="toys">Where the toys come from; null for the data (<see cref="BackgroundToys.FromData"/>).</param>
    /// <param name="progress">Told of each window and toy.</param>
    /// <param name="cancellation">Stops the hunt.</param>
    /// <exception cref="DataException">No window could be searched, or the data make no toys; the message says why.</exception>
    public BumpHuntResult Run(
        EventTable data, BackgroundToys? toys = null, IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        progress?.Report(new SearchProgress(WindowsStep, 0));
        IReadOnlyList<JobOutcome<BumpPoint>> windows = Scan(data, WindowSeed, cancellation);
        progress?.Report(new SearchProgress(WindowsStep, 1));
        if (Options.ToyCount == 0)
        {
            return Of(data, BumpHuntResult.Of(Options, windows));
        }

        BackgroundToys source = toys ?? ToysOf(data, windows);
        var outcomes = new JobOutcome<BumpToy>[Options.ToyCount];
        int finished = 0;
        EventBlocks.ForEachIndex(outcomes.Length, toy =>
        {
            outcomes[toy] = JobFile<BumpToy>.OutcomeOf(toy, (at, stop) => SearchToy(source, at, stop), cancellation);
            progress?.Report(new SearchProgress(ToysStep, (double)Interlocked.Increment(ref finished) / outcomes.Length));
        }, cancellation);
        return Of(data, BumpHuntResult.Of(Options, windows, outcomes, source));
    }

    /// <summary>The result with a remark for each feature that has one value in all events.</summary>
    internal BumpHuntResult Of(EventTable data, BumpHuntResult result)
    {
        EventTable[] compared = signal is null ? [data] : [data, signal];
        return result with
        {
            Remarks = [.. ConstantFeatures.SentencesOf(Options.Search.Schema.Features, compared), .. result.Remarks],
        };
    }

    internal const string WindowsStep = "Windows of the bump hunt";

    internal const string ToysStep = "Toys of the bump hunt";

    internal Seed WindowSeed => Options.Seed.Child("windows");

    /// <summary>Toys of the data outside their most significant window.</summary>
    internal BackgroundToys ToysOf(EventTable data, IReadOnlyList<JobOutcome<BumpPoint>> windows)
    {
        MassWindow best = BumpHuntResult.Of(Options, windows).Best.Window;
        BumpScan scan = Options.Scan;
        var hidden = new MassWindow(best.Low, best.High, scan.LowestMass, scan.HighestMass);
        return BackgroundToys.FromData(data, Options.Search, hidden, Options.Seed.Child("toy generator"));
    }

    private static BumpPoint OfRatio(ResonanceSearchResult result, ProfileLikelihood fits)
    {
        double significance = Math.CopySign(Significance.OfDiscovery(fits.TMu(0)), fits.MuHat);
        return new BumpPoint(
            significance, 1, result.EventsInRegion, result.ExpectedBackground, result.SpectrumGoodnessOfFit, result.Warnings);
    }

    private static BumpPoint OfCuts(ResonanceSearchResult result, bool countsAll)
    {
        ExcessAfterCut[] cuts = [.. result.Excess.Skip(countsAll ? 0 : 1)];
        ExcessAfterCut best = cuts.MaxBy(cut => cut.Significance) ?? throw new DataException(
            "The background above every cut on the score has weights that do not sum to more than 0, so that no excess can be counted; "
                + "cut less tightly.");
        return new BumpPoint(
            OfBest(best.Significance, cuts.Length), best.BackgroundEfficiency, best.Observed, best.Expected, result.SpectrumGoodnessOfFit,
            result.Warnings)
        {
            CutSignificance = best.Significance,
        };
    }

    /// <summary>
    /// Z of the largest of several: that of the p-value 1 − (1 − p)ⁿ, for a deficit from its complement, so that it stays finite.
    /// </summary>
    private static double OfBest(double significance, int cuts) => (cuts, significance) switch
    {
        (1, _) => significance,
        (_, > 0) => Significance.OfProbability(
            LookElsewhere.OfIndependentTrials(BumpPoint.ProbabilityOf(significance), cuts).Value),
        _ => -Significance.OfProbability(Math.Pow(BumpPoint.ProbabilityOf(-significance), cuts)),
    };
}
