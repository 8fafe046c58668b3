using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.EventSets;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.EventSets;

/// <summary>
/// The posterior of N independent events that share their parameters, by a posterior q of a single event:
/// ln p(θ|x₁…x_N) = Σᵢ ln q(θ|xᵢ) − (N−1) ln p(θ) − c.
/// </summary>
/// <remarks>
/// From 20 events on the sum is smoothed by a polynomial near the posterior, where all parameters are real. Errors of ln q that do not
/// average out add up with N, while the posterior gets narrower: <c>Diagnostics.Posteriors.EventSetRanks</c> tests it at its N. Where it
/// fails, learn q from more simulations, or from summaries of sets (<see cref="EventSetSimulator"/>).
/// </remarks>
public sealed class EventSetPosterior : ILearntPosterior
{
    /// <summary>Name of the feature: the number of a set, from 0, in the order of the events.</summary>
    public const string Set = "set";

    private const int BlockSize = 16;
    private const int LeastSmoothed = 20;
    private const int PointsOfAFit = 1000;

    // The smoothed sum belongs to the set, whoever asks.
    private static readonly Seed OfFit = new Seed(1).Child("event set");

    private readonly ILearntPosterior _ofOneEvent;
    private readonly EventSetRows _sets;
    private readonly LikelihoodPosterior _posterior;
    private readonly bool _isReal;
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
        : this(ofOneEvent, SetsOf(ofOneEvent, events, setColumn))
    {
    }

    private EventSetPosterior(ILearntPosterior ofOneEvent, EventSetRows sets)
    {
        sets.RequireUnweighted();
        _ofOneEvent = ofOneEvent;
        _sets = sets with { Events = Models.Observations.Of(sets.Events, ofOneEvent.Features) };
        Prior prior = ofOneEvent.Prior;
        _isReal = Enumerable.Range(0, prior.Parameters.Count).All(parameter => prior.Values(parameter).Count == 0);
        _posterior = new LikelihoodPosterior(prior, [Set], LogLikelihood, new SamplingOptions
        {
            Method = _isReal ? SamplingMethod.AnnealedKernels : SamplingMethod.Automatic,
        });
        _smoothed = new SmoothedLikelihood?[sets.Count];
        _locks = [.. Enumerable.Range(0, sets.Count).Select(_ => new Lock())];
        Observations = EventTable.FromColumns((Set, [.. Enumerable.Range(0, sets.Count).Select(set => (float)set)]));
    }

    /// <inheritdoc/>
    public Prior Prior => _ofOneEvent.Prior;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => Prior.Parameters;

    /// <summary>One feature, <see cref="Set"/>.</summary>
    public IReadOnlyList<string> Features { get; } = [Set];

    /// <summary>The sets, a row each.</summary>
    public EventTable Observations { get; }

    /// <summary>Number of events of each set.</summary>
    public IReadOnlyList<int> EventCounts => [.. Enumerable.Range(0, _sets.Count).Select(set => _sets.RowsOf(set).Count)];

    /// <summary>Columns of the events.</summary>
    public IReadOnlyList<string> EventFeatures => _ofOneEvent.Features;

    /// <summary>Whether it was tested at its number of events, so that it no longer warns.</summary>
    public bool IsTested { get; private init; }

    /// <summary>The same after a test that it passed or failed: that is told by others from now on.</summary>
    public EventSetPosterior Tested() => new(_ofOneEvent, _sets) { IsTested = true };

    /// <summary>The same of other events.</summary>
    public EventSetPosterior OfEvents(EventTable events, string? setColumn = null) => new(_ofOneEvent, events, setColumn);

    /// <summary>The posterior of a set.</summary>
    /// <param name="observation">One row of <see cref="Observations"/>.</param>
    public Posterior Given(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        EventTable one = Models.Observations.One(observation, Features);
        EventTable events = _sets.Of(SetOf(one, 0));
        return new Posterior(this, one, events.Count == 1 ? _ofOneEvent.Given(events).Warnings : IsTested ? [] :
        [
            Text($"It is a sum over {events.Count:N0} events, in which errors of the posterior of one event add up; test it with ")
                + "the simulator.",
        ]);
    }

    /// <inheritdoc/>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default) =>
        _posterior.LogDensity(parameters, observations, cancellation);

    /// <inheritdoc/>
    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default) =>
        _posterior.Draw(observations, count, seed, cancellation);

    /// <summary>Σᵢ [ln q(θ|xᵢ) − ln p(θ)]: the log-likelihood of a set, up to a constant, before it is smoothed.</summary>
    /// <param name="parameters">A column a parameter; one or more rows.</param>
    /// <param name="set">Number of the set, from 0.</param>
    /// <param name="cancellation">Stops between events.</param>
    /// <returns>One a row; −∞ outside the prior.</returns>
    public double[] LogLikelihood(EventTable parameters, int set, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        EventTable events = _sets.Of(set);
        double[][] ofBlocks = new double[EventBlocks.CountOf(events.Count, BlockSize)][];
        EventBlocks.ForEach(events.Count, (start, length) =>
        {
            double[] sums = new double[parameters.Count];
            for (int row = start; row < start + length; row++)
            {
                Add(_ofOneEvent.LogDensity(parameters, events.Slice(row, 1), cancellation), 1, sums);
            }

            ofBlocks[start / BlockSize] = sums;
        }, BlockSize, cancellation);
        double[] logs = new double[parameters.Count];
        Add(Prior.LogDensities(parameters), -events.Count, logs);
        foreach (double[] sums in ofBlocks)
        {
            Add(sums, 1, logs);
        }

        // Outside the prior both terms are infinite.
        return Array.ConvertAll(logs, value => double.IsNaN(value) || value > double.MaxValue ? double.NegativeInfinity : value);
    }

    /// <summary>The log-likelihood of a set at points, smoothed by what it is at these points alone.</summary>
    /// <param name="points">Points θ ~ g.</param>
    /// <param name="logPriorOverProposal">ln p/g of each.</param>
    /// <param name="set">Number of the set.</param>
    /// <param name="cancellation">Stops between events.</param>
    internal double[] LogLikelihoodAmong(EventTable points, double[] logPriorOverProposal, int set, CancellationToken cancellation)
    {
        double[] logs = LogLikelihood(points, set, cancellation);
        SmoothedLikelihood? smoothed = IsSmoothed(set)
            ? SmoothedLikelihood.TryFit(points, logs, logPriorOverProposal, double.PositiveInfinity)
            : null;
        return smoothed?.Of(points) ?? logs;
    }

    private bool IsSmoothed(int set) => _isReal && _sets.RowsOf(set).Count >= LeastSmoothed;

    private double[] Smoothed(EventTable parameters, int set, CancellationToken cancellation)
    {
        if (!IsSmoothed(set))
        {
            return LogLikelihood(parameters, set, cancellation);
        }

        lock (_locks[set])
        {
            _smoothed[set] ??= Smooth(set, cancellation);
        }

        return _smoothed[set]!.Of(parameters);
    }

    private SmoothedLikelihood Smooth(int set, CancellationToken cancellation)
    {
        double[] LogJoint(EventTable parameters)
        {
            double[] joint = LogLikelihood(parameters, set, cancellation);
            Add(Prior.LogDensities(parameters), 1, joint);
            return joint;
        }

        var density = new SampledDensity(Prior, LogJoint, new PriorProposal(Prior), cancellation);
        KernelProposal kernels = AnnealedKernels.Find(density, OfFit.Child("kernels"), SmoothedLikelihood.Power);
        EventTable points = kernels.Draw(PointsOfAFit, OfFit.Child("points"));
        double[] ratios = Prior.LogDensities(points);
        Add(kernels.LogDensity(points), -1, ratios);
        double[] logs = LogLikelihood(points, set, cancellation);
        return SmoothedLikelihood.TryFit(points, logs, ratios, SmoothedLikelihood.Known) ?? throw new DataException(Text(
            $"The sum over the {EventCounts[set]:N0} events of set {set} has too sharp edges to be smoothed; learn the posterior of one event ")
            + "from more simulations, or infer from summaries of sets.");
    }

    private double[] LogLikelihood(EventTable parameters, EventTable observations, CancellationToken cancellation)
    {
        if (observations.Count == 1)
        {
            return Smoothed(parameters, SetOf(observations, 0), cancellation);
        }

        double[] logs = new double[parameters.Count];
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, logs.Length).GroupBy(row => SetOf(observations, row)))
        {
            double[] ofSet = Smoothed(parameters.Select([.. rows]), rows.Key, cancellation);
            foreach ((int row, double value) in rows.Zip(ofSet))
            {
                logs[row] = value;
            }
        }

        return logs;
    }

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

    private static void Add(double[] values, double factor, double[] sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += factor * values[i];
        }
    }
}
