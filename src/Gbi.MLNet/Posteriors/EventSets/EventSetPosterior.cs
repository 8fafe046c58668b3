using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Sampling;
using Gbi.Posteriors.Truncation;
using Gbi.Simulators.EventSets;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.EventSets;

/// <summary>
/// The posterior of N independent events that share their parameters, by a posterior q of a single event:
/// ln p(θ|x₁…x_N) = Σᵢ ln q(θ|xᵢ) − (N−1) ln p(θ) − N ln n(θ) − c, with n(θ) = E[q(θ|x)/p(θ)] over events of the prior, 1 for an exact q.
/// </summary>
/// <remarks>
/// n is known with such events (<see cref="NormalisedBy"/>) and taken as 1 without. From 20 events on the sum is smoothed by a polynomial
/// near the posterior, where all parameters are real. Errors of ln q that do not average out add up with N, while the posterior gets
/// narrower: <c>Diagnostics.Posteriors.EventSetRanks</c> tests it at its N. Where it fails, learn q from more simulations, or from
/// summaries of sets (<see cref="EventSetSimulator"/>).
/// </remarks>
public sealed partial class EventSetPosterior : ILearntPosterior
{
    /// <summary>Name of the feature: the number of a set, from 0, in the order of the events.</summary>
    public const string Set = "set";

    private const double AlarmLevel = 0.01;

    private readonly ILearntPosterior _ofOneEvent;
    private readonly EventSetRows _sets;
    private readonly LikelihoodPosterior _posterior;
    private readonly bool _isReal;
    private readonly EventTable? _normalising;
    private readonly SmoothedLikelihood?[] _smoothed;
    private readonly Lock[] _locks;

    /// <summary>The posterior of one set or of several.</summary>
    /// <param name="ofOneEvent">q, with the prior p(θ) that it was learnt with.</param>
    /// <param name="events">Columns of q's features, a row an event.</param>
    /// <param name="setColumn">Column whose value is the same in all events of a set and changes from one set to the next; null where
    /// all events are one set.</param>
    /// <exception cref="DataException">
    /// A column is missing or infinite, there is no event, or events have weights or a set is in two places; or the prior has no density.
    /// </exception>
    public EventSetPosterior(ILearntPosterior ofOneEvent, EventTable events, string? setColumn = null)
        : this(ofOneEvent, SetsOf(ofOneEvent, events, setColumn), null)
    {
    }

    private EventSetPosterior(ILearntPosterior ofOneEvent, EventSetRows sets, EventTable? normalising)
    {
        sets.RequireUnweighted();
        TruncatedPosterior.RefuseIn(ofOneEvent);
        _ofOneEvent = ofOneEvent;
        _normalising = normalising;
        _sets = sets with { Events = Models.Observations.Of(sets.Events, ofOneEvent.Features) };
        Prior prior = ofOneEvent.Prior;
        _isReal = Enumerable.Range(0, prior.Parameters.Count).All(parameter => prior.Kind(parameter) == ParameterKind.Continuous);
        _posterior = new LikelihoodPosterior(prior, [Set], LogLikelihood, new SamplingOptions
        {
            Method = _isReal ? SamplingMethod.AnnealedKernels : SamplingMethod.Automatic,
        });
        EventCounts = [.. Enumerable.Range(0, sets.Count).Select(set => sets.RowsOf(set).Count)];
        _smoothed = new SmoothedLikelihood?[sets.Count];
        _locks = [.. Enumerable.Range(0, sets.Count).Select(_ => new Lock())];
        Observations = EventTable.FromColumns((Set, [.. Enumerable.Range(0, sets.Count).Select(set => (float)set)]));
    }

    /// <summary>The posterior of a single event.</summary>
    internal ILearntPosterior OfOneEvent => _ofOneEvent;

    /// <inheritdoc/>
    public Prior Prior => _ofOneEvent.Prior;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => Prior.Parameters;

    /// <summary>One feature, <see cref="Set"/>.</summary>
    public IReadOnlyList<string> Features { get; } = [Set];

    /// <summary>The sets, a row each.</summary>
    public EventTable Observations { get; }

    /// <summary>Number of events of each set.</summary>
    public IReadOnlyList<int> EventCounts { get; }

    /// <summary>Columns of the events.</summary>
    public IReadOnlyList<string> EventFeatures => _ofOneEvent.Features;

    /// <summary>The set that passed a test at its number of events, so that it no longer asks for one; null for none.</summary>
    public int? TestedSet { get; private init; }

    /// <summary>The same after a test near a set that it passed.</summary>
    public EventSetPosterior Tested(int set) => new(_ofOneEvent, _sets, _normalising) { TestedSet = set };

    /// <summary>The same of other events.</summary>
    public EventSetPosterior OfEvents(EventTable events, string? setColumn = null) =>
        new(_ofOneEvent, SetsOf(_ofOneEvent, events, setColumn), _normalising);

    /// <summary>The same with n(θ) as the mean over events.</summary>
    /// <param name="events">
    /// Events at parameters of the prior, one each, which q was not learnt from. M of them move the posterior of one parameter by about
    /// √(0.14 (N/M) W/s) of its width by chance, W the width of a flat prior and s that of one event's posterior.
    /// </param>
    /// <exception cref="DataException">A column is missing or infinite, or there are no events, or they have weights.</exception>
    public EventSetPosterior NormalisedBy(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var rows = new EventSetRows(events, [0]);
        rows.RequireUnweighted();
        return new(_ofOneEvent, _sets, Models.Observations.Of(events, _ofOneEvent.Features)) { TestedSet = TestedSet };
    }

    /// <summary>The posterior of a set.</summary>
    /// <param name="observation">One row of <see cref="Observations"/>.</param>
    public Posterior Given(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        EventTable one = Models.Observations.One(observation, Features);
        int set = SetOf(one, 0);
        return new Posterior(this, one, [.. Warnings(set)]);
    }

    private IEnumerable<string> Warnings(int set)
    {
        EventTable events = _sets.Of(set);
        var ofEvents = new IReadOnlyList<string>[events.Count];
        EventBlocks.ForEachIndex(events.Count, row => ofEvents[row] = _ofOneEvent.Given(events.Slice(row, 1)).Warnings);
        if (events.Count == 1)
        {
            return ofEvents[0];
        }

        int[] warned = [.. Enumerable.Range(0, events.Count).Where(row => ofEvents[row].Count > 0)];
        bool isChance = warned.Length == 0
            || 1 - MathNet.Numerics.Distributions.Binomial.CDF(AlarmLevel, events.Count, warned.Length - 1) >= AlarmLevel;
        return
        [
            .. isChance ? Array.Empty<string>() :
            [
                Text($"{warned.Length:N0} of {events.Count:N0} events have a warning of their own, one in a hundred would by chance; ")
                    + Text($"event {warned[0]:N0}: {ofEvents[warned[0]][0]}"),
            ],
            .. set == TestedSet ? Array.Empty<string>() :
            [
                Text($"It is a sum over {events.Count:N0} events, in which errors of the posterior of one event add up; test it with ")
                    + "the simulator.",
            ],
        ];
    }

    /// <inheritdoc/>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default) =>
        _posterior.LogDensity(parameters, observations, cancellation);

    /// <inheritdoc/>
    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default) =>
        _posterior.Draw(observations, count, seed, cancellation);

    private int SetOf(EventTable observations, int row)
    {
        float set = observations[Set][row];
        return set >= 0 && set < _sets.Count && set == MathF.Floor(set) ? (int)set : throw new DataException(
            Text($"Set {set} was asked for in row {row:N0}, expected a number from 0 to {_sets.Count - 1:N0}; give rows of Observations."));
    }

    private static EventSetRows SetsOf(ILearntPosterior ofOneEvent, EventTable events, string? setColumn)
    {
        ArgumentNullException.ThrowIfNull(ofOneEvent);
        ArgumentNullException.ThrowIfNull(events);
        return setColumn is null ? new EventSetRows(events, [0]) : EventSetRows.By(setColumn, events);
    }
}
