using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.EventSets;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>
/// Tests the posterior of a set of N events near itself: sets of N events are simulated at true parameters near it, and each truth is
/// ranked among other points by the likelihood of its set.
/// </summary>
/// <remarks>
/// Truth and points are drawn from one density g, of normal kernels twice as wide as the posterior and inside the prior. Given the set, the
/// truth is point i of them with the probability wᵢ = Lᵢ/ΣL, so that Σ w over the points below it plus v w of its own, v uniform in (0, 1),
/// is uniform for an exact likelihood, whatever g and however many points there are. The test says nothing of parameters far from the
/// posterior, which this needs no knowledge of.
/// </remarks>
public static class EventSetRanks
{
    private const int Draws = 200;
    private const int PointsOfAParameter = 50;
    private const double Widening = 2;

    // Points of a pair are some of so many times as many, so that pairs share few of them.
    private const int PoolFactor = 6;
    private const int MostAttempts = 1000;

    /// <summary>Simulates sets and ranks their true parameters.</summary>
    /// <param name="posterior">The posterior of sets.</param>
    /// <param name="set">Number of the set that is tested near, from 0.</param>
    /// <param name="simulator">Simulates one event a row of parameters.</param>
    /// <param name="pairCount">Sets that are simulated. Range: 2 or more; 545 show widths that are wrong by a fifth.</param>
    /// <param name="seed">Same seed, same ranks.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between sets.</param>
    /// <exception cref="DataException">A simulated event has failed, or the posterior cannot be drawn from.</exception>
    public static PosteriorRanks Of(
        EventSetPosterior posterior, int set, ISimulator simulator, int pairCount, Seed seed, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairCount, 2);
        string? discrete = posterior.Parameters.Where((_, k) => posterior.Prior.Kind(k) != ParameterKind.Continuous).FirstOrDefault();
        if (discrete is not null)
        {
            throw new DataException(
                $"The parameter '{discrete}' is no real number on a line, so that there are no points near a posterior to test it by; test "
                    + "the posterior of one event, or infer from sets of events.");
        }

        KernelProposal kernels = Near(posterior, set, seed.Child("posterior"), cancellation);
        int count = PointsOfAParameter * (posterior.Parameters.Count + 1);
        EventTable truths = Inside(posterior, kernels, pairCount, seed.Child("truths"), cancellation);
        EventTable pool = Inside(posterior, kernels, PoolFactor * count, seed.Child("points"), cancellation);
        int events = posterior.EventCounts[set];
        var pairs = new RankedPoints(truths, count, kernels, seed.Child("ties"));
        progress?.Report(0);
        EventTable simulated = Simulate(
            simulator, truths, events, posterior.EventFeatures, seed.Child("events"), cancellation);
        double[] ofTruths = posterior.LogNorms(truths, cancellation);
        double[] ofPool = posterior.LogNorms(pool, cancellation);
        int done = 0;
        EventBlocks.ForEachIndex(
            pairCount,
            pair =>
            {
                int[] chosen = seed.Child("chosen").Child(pair).Permutation(pool.Count)[..count];
                EventTable points = pool.Select(chosen);
                EventSetPosterior ofSet = posterior.OfEvents(simulated.Slice(pair * events, events));
                pairs.Rank(pair, points, ofSet.LogLikelihoodAmong(
                    truths.Slice(pair, 1).Append(points), [ofTruths[pair], .. chosen.Select(row => ofPool[row])], 0, cancellation));
                progress?.Report((double)Interlocked.Increment(ref done) / pairCount);
            },
            cancellation);
        return pairs.Ranks();
    }

    /// <summary>Events at each truth, those of one after those of the one before.</summary>
    private static EventTable Simulate(
        ISimulator simulator, EventTable truths, int events, IReadOnlyList<string> features, Seed seed, CancellationToken cancellation)
    {
        int[] truthOf = [.. Enumerable.Range(0, checked(truths.Count * events)).Select(row => row / events)];
        EventTable simulated = simulator.Simulate(truths.WithColumns(simulator.Parameters).Select(truthOf), seed, cancellation);
        if (simulated.Count != truthOf.Length)
        {
            throw new DataException(Text(
                $"The simulator returned {simulated.Count:N0} events of {truthOf.Length:N0} points; expected one a point, in order."));
        }

        foreach (string name in features)
        {
            int failed = Array.FindIndex(simulated.WithColumns([name])[name].ToArray(), value => !float.IsFinite(value));
            if (failed >= 0)
            {
                throw new DataException(Text(
                    $"'{name}' of simulated event {failed:N0} is no number: where events fail, a set of {events:N0} cannot be tested. ")
                    + "Infer from sets of events, or mend the simulator.");
            }
        }

        return simulated.WithColumns(features);
    }

    /// <summary>Kernels at draws of the posterior, stretched about their mean.</summary>
    private static KernelProposal Near(EventSetPosterior posterior, int set, Seed seed, CancellationToken cancellation)
    {
        EventTable draws = posterior.Draw(posterior.Observations.Slice(set, 1), Draws, seed, cancellation).Table;
        EventTable stretched = EventTable.FromColumns([.. draws.ColumnNames.Select(name =>
        {
            float[] values = draws[name].ToArray();
            double mean = values.Average(value => (double)value);
            return (name, Array.ConvertAll(values, value => (float)(mean + (Widening * (value - mean)))));
        })]);
        return KernelProposal.TryOf(stretched) ?? throw new DataException(
            $"The posterior of {string.Join(", ", posterior.Parameters)} has no spread in some direction, so that nothing is near it; "
                + "infer from sets of events instead.");
    }

    private static EventTable Inside(
        EventSetPosterior posterior, KernelProposal kernels, int count, Seed seed, CancellationToken cancellation)
    {
        EventTable? found = null;
        for (int attempt = 0; found is null || found.Count < count; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (attempt == MostAttempts)
            {
                throw new DataException("Hardly a point near the posterior is in the prior, so that it cannot be tested there.");
            }

            EventTable drawn = kernels.Draw(count, seed.Child(attempt));
            double[] logPrior = posterior.Prior.LogDensities(drawn);
            EventTable inside = drawn.Select([.. Enumerable.Range(0, count).Where(row => double.IsFinite(logPrior[row]))]);
            found = found?.Append(inside) ?? inside;
        }

        return found.Slice(0, count);
    }

    /// <summary>Ranks of each truth among it and the points.</summary>
    private sealed class RankedPoints
    {
        private readonly EventTable _truths;
        private readonly int _count;
        private readonly KernelProposal _kernels;
        private readonly double[] _logNearTruths;
        private readonly Seed _ties;
        private readonly RankColumns _columns;

        public RankedPoints(EventTable truths, int count, KernelProposal kernels, Seed ties)
        {
            (_truths, _count, _kernels, _ties) = (truths, count, kernels, ties);
            _logNearTruths = kernels.LogDensity(truths);
            _columns = new RankColumns(
                Columns(), Columns(), Columns(), new double[truths.Count], new double[truths.Count], new double[truths.Count]);

            double[][] Columns() => [.. truths.ColumnNames.Select(_ => new double[truths.Count])];
        }

        /// <param name="pair">Number of the truth.</param>
        /// <param name="points">The points.</param>
        /// <param name="logLikelihoods">Of the truth, and then of the points.</param>
        public void Rank(int pair, EventTable points, double[] logLikelihoods)
        {
            double mean = LogMath.MeanExp(logLikelihoods);
            double[] weights = Array.ConvertAll(logLikelihoods, value => Math.Exp(value - mean) / logLikelihoods.Length);
            double[] densities = [_logNearTruths[pair], .. _kernels.LogDensity(points)];
            double[] distances = new double[weights.Length];
            for (int i = 0; i < weights.Length; i++)
            {
                densities[i] += logLikelihoods[i];
            }

            for (int k = 0; k < _truths.ColumnNames.Count; k++)
            {
                string name = _truths.ColumnNames[k];
                double[] values = [_truths[name][pair], .. points[name].ToArray()];
                double centre = values.Zip(weights, (value, weight) => value * weight).Sum();
                double variance = values.Zip(weights, (value, weight) => (value - centre) * (value - centre) * weight).Sum();
                _columns.Means[k][pair] = centre;
                _columns.Deviations[k][pair] = Math.Sqrt(variance);
                _columns.Ranks[k][pair] = Below(values, weights, _ties.Child(k).Uniform(pair));
                for (int i = 0; i < values.Length; i++)
                {
                    distances[i] += (values[i] - centre) * (values[i] - centre) / Math.Max(variance, double.Epsilon);
                }
            }

            int last = _truths.ColumnNames.Count;
            _columns.DensityRanks[pair] = 1 - Below(densities, weights, _ties.Child(last).Uniform(pair));
            _columns.DistanceRanks[pair] = Below(distances, weights, _ties.Child(last + 1).Uniform(pair));
            _columns.LogDensities[pair] = _logNearTruths[pair] + logLikelihoods[0] - mean;
        }

        public PosteriorRanks Ranks() => new(new TestPairs(_truths, _truths), _columns, _count);

        /// <summary>Weight below the first value, and a share of its own.</summary>
        private static double Below(double[] values, double[] weights, double share)
        {
            double below = share * weights[0];
            for (int i = 1; i < values.Length; i++)
            {
                below += values[i] < values[0] ? weights[i] : 0;
            }

            return below;
        }
    }
}
