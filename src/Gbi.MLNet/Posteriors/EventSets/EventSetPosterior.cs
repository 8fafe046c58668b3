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
/// ln p(θ|x₁…x_N) = Σᵢ ln q(θ|xᵢ) − (N−1) ln p(θ) − N ln n(θ) − c, with n(θ) = E[q(θ|x)/p(θ)] over events of the prior, 1 for an exact q.
/// </summary>
/// <remarks>
/// n is known with such events (<see cref="NormalisedBy"/>) and taken as 1 without. From 20 events on the sum is smoothed by a polynomial
/// near the posterior, where all parameters are real. Errors of ln q that do not average out add up with N, while the posterior gets
/// narrower: <c>Diagnostics.Posteriors.EventSetRanks</c> tests it at its N. Where it fails, learn q from more simulations, or from
/// summaries of sets (<see cref="EventSetSimulator"/>).
/// </remarks>
public sealed class EventSetPosterior : ILearntPosterior
{
    /// <summary>Name of the feature: the number of a set, from 0, in the order of the events.</summary>
    public const string Set = "set";

    private const int BlockSize = 16;
    private const int LeastSmoothed = 20;
    private const int PointsOfAFit = 1000;
    private const int PointsOfNorms = 250;

    // The smoothed sum belongs to the set, whoever asks.
    private static readonly Seed OfFit = new Seed(1).Child("event set");

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
        _ofOneEvent = ofOneEvent;
        _normalising = normalising;
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
    public EventSetPosterior Tested() => new(_ofOneEvent, _sets, _normalising) { IsTested = true };

    /// <summary>The same of other events.</summary>
    public EventSetPosterior OfEvents(EventTable events, string? setColumn = null) =>
        new(_ofOneEvent, SetsOf(_ofOneEvent, events, setColumn), _normalising);

    /// <summary>The same with n(θ) as the mean over events.</summary>
    /// <param name="events">
    /// Events at parameters of the prior, one each, which q was not learnt from. Their number M should be 50 times that of the events of a
    /// set: their scatter moves the posterior by √(N/M) of its width.
    /// </param>
    /// <exception cref="DataException">A column is missing or infinite, or there are no events, or they have weights.</exception>
    public EventSetPosterior NormalisedBy(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var rows = new EventSetRows(events, [0]);
        rows.RequireUnweighted();
        return new(_ofOneEvent, _sets, Models.Observations.Of(events, _ofOneEvent.Features)) { IsTested = IsTested };
    }

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

    /// <summary>Σᵢ [ln q(θ|xᵢ) − ln p(θ)]: the log-likelihood of a set, up to a constant, before it is normalised and smoothed.</summary>
    /// <param name="parameters">A column a parameter; one or more rows.</param>
    /// <param name="set">Number of the set, from 0.</param>
    /// <param name="cancellation">Stops between events.</param>
    /// <returns>One a row; −∞ outside the prior.</returns>
    public double[] LogLikelihood(EventTable parameters, int set, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double[] logs = OverEvents(parameters, _sets.Of(set), (density, logPrior) => density - logPrior, cancellation);
        return Array.ConvertAll(logs, value => double.IsNaN(value) ? double.NegativeInfinity : value);
    }

    /// <summary>ln n(θ) of each row, inside the prior; 0 without events to know it by.</summary>
    /// <param name="parameters">A column a parameter.</param>
    /// <param name="cancellation">Stops between events.</param>
    public double[] LogNorms(EventTable parameters, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return _normalising is null ? new double[parameters.Count] : Array.ConvertAll(
            OverEvents(parameters, _normalising, (density, logPrior) => Math.Exp(density - logPrior), cancellation),
            sum => Math.Log(sum / _normalising.Count));
    }

    /// <summary>Sums over events of a function of ln q(θ|x) and ln p(θ), for each row of parameters.</summary>
    private double[] OverEvents(
        EventTable parameters, EventTable events, Func<double, double, double> term, CancellationToken cancellation)
    {
        double[] logPrior = Prior.LogDensities(parameters);
        double[][] ofBlocks = new double[EventBlocks.CountOf(events.Count, BlockSize)][];
        EventBlocks.ForEach(events.Count, (start, length) =>
        {
            double[] sums = new double[parameters.Count];
            for (int row = start; row < start + length; row++)
            {
                double[] densities = _ofOneEvent.LogDensity(parameters, events.Slice(row, 1), cancellation);
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i] += term(densities[i], logPrior[i]);
                }
            }

            ofBlocks[start / BlockSize] = sums;
        }, BlockSize, cancellation);
        double[] total = new double[parameters.Count];
        foreach (double[] sums in ofBlocks)
        {
            Add(sums, 1, total);
        }

        return total;
    }

    /// <summary>The log-likelihood of a set at points, smoothed by what it is at these points alone.</summary>
    /// <param name="points">Points θ ~ g.</param>
    /// <param name="logNorms">ln n of each.</param>
    /// <param name="set">Number of the set.</param>
    /// <param name="cancellation">Stops between events.</param>
    internal double[] LogLikelihoodAmong(EventTable points, double[] logNorms, int set, CancellationToken cancellation)
    {
        double[] logs = LogLikelihood(points, set, cancellation);
        Add(logNorms, -_sets.RowsOf(set).Count, logs);
        SmoothedLikelihood? smoothed = _isReal && IsSmoothed(set)
            ? SmoothedLikelihood.TryFit(points, logs, new double[points.Count], double.PositiveInfinity)
            : null;
        return smoothed?.Of(points) ?? logs;
    }

    private bool IsSmoothed(int set) => _sets.RowsOf(set).Count >= LeastSmoothed;

    /// <summary>The log-likelihood of a set, normalised and smoothed; as it is for a few events without normalisation.</summary>
    private double[] Smoothed(EventTable parameters, int set, CancellationToken cancellation)
    {
        int events = _sets.RowsOf(set).Count;
        if (events == 1 || !_isReal || (!IsSmoothed(set) && _normalising is null))
        {
            return LogLikelihood(parameters, set, cancellation);
        }

        lock (_locks[set])
        {
            _smoothed[set] ??= Smooth(set, cancellation);
        }

        double[] logs = _smoothed[set]!.Of(parameters);
        if (!IsSmoothed(set))
        {
            Add(LogLikelihood(parameters, set, cancellation), 1, logs);
        }

        return logs;
    }

    /// <summary>Σᵢ ln q/p − N ln n as a polynomial; of a few events −N ln n alone.</summary>
    private SmoothedLikelihood Smooth(int set, CancellationToken cancellation)
    {
        double[] LogJoint(EventTable parameters)
        {
            double[] joint = LogLikelihood(parameters, set, cancellation);
            Add(Prior.LogDensities(parameters), 1, joint);
            return joint;
        }

        var density = new SampledDensity(Prior, LogJoint, new PriorProposal(Prior), cancellation);
        IProposal kernels = AnnealedKernels.Find(density, OfFit.Child("kernels"), SmoothedLikelihood.Power);
        EventTable points = kernels.Draw(PointsOfAFit, OfFit.Child("points"));
        double[] ratios = Prior.LogDensities(points);
        points = points.Select([.. Enumerable.Range(0, points.Count).Where(row => double.IsFinite(ratios[row]))]);
        ratios = Prior.LogDensities(points);
        Add(kernels.LogDensity(points), -1, ratios);
        double[] logs = LogLikelihood(points, set, cancellation);
        SmoothedLikelihood? smoothed = SmoothedLikelihood.TryFit(points, logs, ratios, SmoothedLikelihood.Known);
        if (smoothed is not null && _normalising is not null)
        {
            EventTable some = points.Slice(0, Math.Min(PointsOfNorms, points.Count));
            double[] norms = LogNorms(some, cancellation);
            smoothed = smoothed.TryLess(some, norms, EventCounts[set], keeps: IsSmoothed(set));
        }

        return smoothed ?? throw new DataException(Text(
            $"The sum over the {EventCounts[set]:N0} events of set {set} has too sharp edges to be smoothed; learn the posterior of one ")
            + "event from more simulations, or infer from summaries of sets.");
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
