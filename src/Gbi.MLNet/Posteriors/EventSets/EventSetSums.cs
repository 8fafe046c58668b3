using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Sampling;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.EventSets;

/// <content>Sums over events, normalised and smoothed.</content>
public sealed partial class EventSetPosterior
{
    private const int BlockSize = 16;
    private const int LeastSmoothed = 20;
    private const int PointsOfAFit = 1000;
    private const int PointsOfNorms = 250;

    // The smoothed sum belongs to the set, whoever asks.
    private static readonly Seed OfFit = new Seed(1).Child("event set");

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
        Add(logNorms, EventCounts[set] == 1 ? 0 : -EventCounts[set], logs);
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
        parameters = parameters.WithColumns(Parameters);
        if (!_isReal || (!IsSmoothed(set) && (_normalising is null || events == 1)))
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
        MixtureProposal kernels = AnnealedKernels.TryFind(density, OfFit.Child("kernels"), SmoothedLikelihood.Power)
            ?? throw Unbounded(set);
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

        return smoothed ?? throw Unbounded(set);
    }

    private DataException Unbounded(int set) => new(Text(
        $"The sum over the {EventCounts[set]:N0} events of set {set} has no maximum that a polynomial follows: errors of the posterior of ")
        + "one event add up, most where the prior has few simulations. Learn it from more simulations, or infer from sets of events.");

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

    private static void Add(double[] values, double factor, double[] sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += factor * values[i];
        }
    }
}
