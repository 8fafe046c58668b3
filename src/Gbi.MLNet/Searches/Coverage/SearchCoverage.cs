using Gbi.Events;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Searches.Hunt;

namespace Gbi.Searches.Coverage;

/// <summary>
/// The whole <see cref="ResonanceSearch"/>, its training included, on many pseudo-data sets of known truth: whether it claims a signal
/// where there is none, finds one where there is, and gives intervals that cover.
/// </summary>
/// <param name="options">What is repeated, and how often.</param>
/// <param name="background">Where data without signal come from.</param>
/// <param name="injected">Signal events to add; each is in a data set once at most. Null for none.</param>
/// <param name="signal">The simulation that the search is given, without the injected events where it is the same table; null to count
/// the excess.</param>
public sealed class SearchCoverage(
    SearchCoverageOptions options, BackgroundToys background, EventTable? injected = null, EventTable? signal = null)
{
    /// <summary>What is repeated.</summary>
    public SearchCoverageOptions Options { get; } = options ?? throw new ArgumentNullException(nameof(options));

    internal BackgroundToys Background { get; } = background ?? throw new ArgumentNullException(nameof(background));

    internal EventTable[] Given => [.. new[] { injected, signal }.OfType<EventTable>()];

    internal const string Step = "Searches of pseudo-data";

    /// <summary>Draws a data set and searches it.</summary>
    /// <param name="number">Its number, on which alone and on the options its result depends.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="DataException">The data cannot be searched; the message says why.</exception>
    /// <exception cref="FitException">The fit finds no signal fraction.</exception>
    public CoverageToy Search(int number, CancellationToken cancellation = default)
    {
        Seed seed = Options.Seed.Child("coverage").Child(number);
        string[] columns = [.. Options.Search.Schema.Features, Options.Search.MassColumn];
        EventTable data = Background.Draw(seed.Child("events")).WithColumns(columns);
        EventTable? simulation = signal;
        int inRegion = 0;
        if (injected is not null && Options.InjectedSignal > 0)
        {
            int count = seed.Child("signal count").CreateRandom().NextPoisson(Options.InjectedSignal);
            if (count > injected.Count)
            {
                throw new DataException(
                    $"{count:N0} signal events are to be injected, but the file has {injected.Count:N0}; ask for fewer, or give more.");
            }

            int[] order = seed.Child("signal").Permutation(injected.Count);
            EventTable added = injected.WithColumns(columns).Select(order.AsSpan(0, count));

            // The search does not learn from the events that it has to find.
            simulation = ReferenceEquals(signal, injected) ? injected.Select(order.AsSpan(count)) : signal;
            inRegion = Options.Search.Window.Rows(added[Options.Search.MassColumn], MassRegion.SignalRegion).Length;
            data = data.Append(added);
        }

        var search = ResonanceSearch.Run(data, simulation, Options.Search with { Seed = seed.Child("search") }, cancellation: cancellation);
        return CoverageToy.Of(search.Result, inRegion / search.Result.EventsInRegion);
    }

    /// <summary>All searches in memory, on all cores.</summary>
    /// <param name="progress">Told of each search.</param>
    /// <param name="cancellation">Stops between and in searches.</param>
    /// <exception cref="DataException">No search has a result.</exception>
    public SearchCoverageResult Run(IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        var outcomes = new JobOutcome<CoverageToy>[Options.ToyCount];
        int finished = 0;
        EventBlocks.ForEachIndex(outcomes.Length, toy =>
        {
            outcomes[toy] = JobFile<CoverageToy>.OutcomeOf(toy, Search, cancellation);
            progress?.Report(new SearchProgress(Step, (double)Interlocked.Increment(ref finished) / outcomes.Length));
        }, cancellation);
        return SearchCoverageResult.Of(Options, outcomes);
    }
}
