using Gbi.Events;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.EventSets;

/// <summary>
/// A simulator whose observation is a set of N independent events at the same parameters, by a simulator of a single event: its features
/// are those of an <see cref="EventSetSummary"/>. A set with an event that failed has failed.
/// </summary>
/// <example>
/// <code>
/// var sets = new EventSetSimulator(ofOneEvent, new EventSetSize(100, 10_000));
/// InferredPosterior inferred = PosteriorInference.Infer(sets, prior, 10_000, new Seed(1));
/// Posterior posterior = inferred.Posterior.Given(sets.Summary.Of(events));
/// </code>
/// </example>
public sealed class EventSetSimulator : ISimulator
{
    // Of a batch, so that its rows take megabytes.
    private const int MostEvents = 100_000;
    private const int MostSets = 200;

    private readonly ISimulator _ofOneEvent;
    private readonly Func<IReadOnlyList<string>, IReadOnlyList<string>> _choose;
    private readonly string _chosen;

    /// <summary>A simulator of sets.</summary>
    /// <param name="ofOneEvent">Simulates one event a row of parameters.</param>
    /// <param name="size">Number of events of a set.</param>
    /// <param name="columns">Columns of an event that are summarised; null for all.</param>
    public EventSetSimulator(ISimulator ofOneEvent, EventSetSize size, IReadOnlyList<string>? columns = null)
        : this(ofOneEvent, size, string.Join(' ', columns ?? []), all => columns ?? all)
    {
    }

    /// <summary>The same with columns that are chosen when those of an event are known.</summary>
    internal EventSetSimulator(
        ISimulator ofOneEvent, EventSetSize size, string chosen, Func<IReadOnlyList<string>, IReadOnlyList<string>> choose)
    {
        ArgumentNullException.ThrowIfNull(ofOneEvent);
        ArgumentNullException.ThrowIfNull(size);
        (_ofOneEvent, Size, _chosen, _choose) = (ofOneEvent, size, chosen, choose);
        BatchSize = BatchOf(size);
    }

    /// <summary>Number of events of a set.</summary>
    public EventSetSize Size { get; }

    /// <summary>What an observation is turned into features by.</summary>
    /// <exception cref="DataException">The simulator of an event does not know its columns before it ran.</exception>
    public EventSetSummary Summary => new(_choose(_ofOneEvent.Features));

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => _ofOneEvent.Parameters;

    /// <inheritdoc/>
    public IReadOnlyList<string> Features => Summary.Features;

    /// <summary>Sets of a batch. Range: 1 or more. Default: 200, or as many as have 100,000 events together, or one.</summary>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(BatchSize), value, "BatchSize must be 1 or more: a batch has sets.");
    }

    /// <summary>Of the simulator of an event, the sizes and the columns; null where the former has none.</summary>
    public string? Fingerprint => _ofOneEvent.Fingerprint is { } one ? $"{one} events {Size} {_chosen}" : null;

    /// <summary>The default of <see cref="BatchSize"/>.</summary>
    internal static int BatchOf(EventSetSize size) => Math.Clamp(MostEvents / size.Most, 1, MostSets);

    /// <inheritdoc/>
    public EventTable Simulate(EventTable parameters, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Seed sizes = seed.Child("sizes");
        int[] starts = new int[parameters.Count];
        var rows = new List<int>(parameters.Count * Size.Least);
        for (int set = 0; set < starts.Length; set++)
        {
            starts[set] = rows.Count;
            rows.AddRange(Enumerable.Repeat(set, Size.Draw(sizes.Child(set))));
        }

        EventTable events = _ofOneEvent.Simulate(parameters.Select([.. rows]), seed.Child("events"), cancellation);
        if (events.Count != rows.Count)
        {
            throw new DataException(Text(
                $"The simulator returned {events.Count:N0} events of {rows.Count:N0} points; expected one a point, in their order."));
        }

        if (events.ColumnNames.Count == 0)
        {
            return new EventTable([], parameters.Count);
        }

        var summary = new EventSetSummary(_choose(events.ColumnNames));
        return summary.Of(new EventSetRows(events.WithColumns(summary.Columns), starts));
    }
}
