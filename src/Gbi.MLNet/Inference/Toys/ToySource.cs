using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Toys;

/// <summary>
/// Toys of a model at a point: Poisson counts in bins, events drawn from the reference samples with Poisson weights, and auxiliary
/// measurements by their constraints. A toy depends on the seed and its own number alone.
/// </summary>
/// <remarks>
/// An independent Poisson number of every reference event j, with mean λ_j, is the same as a Poisson number of events in all, each j with
/// probability λ_j/Σλ; the latter is drawn. A toy of weighted data has events of the expected density whose weights are drawn from those
/// observed in the channel, w: a Poisson number of Σλ/⟨w⟩ of them, whose sum of weights has the mean Σλ and the variance Σλ ⟨w²⟩/⟨w⟩.
/// Weights are taken not to depend on the columns that the model reads.
/// </remarks>
internal sealed class ToySource
{
    private const double LeastShareOfPool = 0.5;

    private readonly LikelihoodModel _model;
    private readonly double[] _point;
    private readonly double[] _means;
    private readonly Pool[] _pools;
    private readonly Seed _seed;

    /// <summary>Prepares toys.</summary>
    /// <param name="model">The model; every unbinned channel has a reference sample.</param>
    /// <param name="parameters">The point that they are drawn at.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="observed">The data that toys are of, whose weights those of weighted events have; null for events without
    /// weights.</param>
    /// <exception cref="FitException">
    /// A bin or a reference event is expected with a negative number, a channel has no reference sample, or its effective size
    /// (Σλ)²/Σλ² is below that of a toy and below half the number of its events: toys would repeat the same few events.
    /// </exception>
    public ToySource(LikelihoodModel model, IReadOnlyList<double> parameters, Seed seed, ModelData? observed = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(parameters);
        (_model, _seed, _point) = (model, seed, [.. parameters]);
        ModelData means = model.AsimovData(parameters);
        _means = [.. means.Counts];
        int negative = Array.FindIndex(_means, mean => !(mean >= 0));
        if (negative >= 0)
        {
            throw new FitException(Text(
                $"Bin {negative} expects {_means[negative]:G4} counts, of which no toy can be drawn; choose parameters where it is 0 or "
                    + $"more."));
        }

        _pools = [.. means.Events.Select((events, at) => new Pool(
            model.UnbinnedChannels[at].Name, events, observed is ObservedData data ? data.Events[at].Weights : []))];
    }

    /// <summary>Draws a toy.</summary>
    /// <param name="number">Which one.</param>
    public ModelData Draw(long number)
    {
        Random random = _seed.Child(number).CreateRandom();
        return new ObservedData
        {
            Counts = [.. _means.Select(mean => random.NextPoissonCount(mean))],
            Auxiliary = [.. _model.ConstrainedParameters.Select(i => _model.Parameters[i].Constraint!.Draw(_point[i], random))],
            Events = [.. _pools.Select(pool => pool.Draw(random))],
        };
    }

    /// <summary>The reference events of a channel with the sums of their expected numbers.</summary>
    private sealed class Pool
    {
        private readonly EventTable _events;
        private readonly double[] _sums;
        private readonly double[] _weights;
        private readonly double _meanWeight;

        public Pool(string channel, EventTable expected, ReadOnlySpan<double> weights)
        {
            _events = expected.WithWeights(null);
            _weights = weights.ContainsAnyExcept(0, 1) ? weights.ToArray() : [];
            _meanWeight = _weights.Length == 0 ? 1 : _weights.Average();
            if (!(_meanWeight > 0))
            {
                throw new FitException(Text(
                    $"The weights of channel '{channel}' have the mean {_meanWeight:G4}, of which no toy can be drawn; expected more than "
                        + $"0: use asymptotic formulas."));
            }

            _sums = new double[expected.Count];
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < _sums.Length; i++)
            {
                double mean = expected.Weights[i];
                if (!(mean >= 0))
                {
                    throw new FitException(Text(
                        $"Event {i} of the reference sample of channel '{channel}' is expected {mean:G4} times, of which no toy can be "
                            + $"drawn; take a reference with positive weights and parameters where the density is positive."));
                }

                sum += mean;
                squares += mean * mean;
                _sums[i] = sum;
            }

            double effective = squares > 0 ? sum * sum / squares : 0;
            double drawn = sum / _meanWeight;
            if (sum > 0 && effective < Math.Min(drawn, LeastShareOfPool * _sums.Length))
            {
                throw new FitException(Text(
                    $"The reference sample of channel '{channel}' has {effective:N0} effective events at the toys' parameters, fewer than "
                        + $"the {drawn:N0} of a toy; take more reference events, or ones with more even "
                        + $"weights, or test another strength (--mu)."));
            }
        }

        public EventTable Draw(Random random)
        {
            double total = _sums.Length == 0 ? 0 : _sums[^1];
            int[] rows = new int[random.NextPoisson(total / _meanWeight)];
            for (int i = 0; i < rows.Length; i++)
            {
                int found = Array.BinarySearch(_sums, random.NextDouble() * total);
                rows[i] = Math.Min(found >= 0 ? found + 1 : ~found, _sums.Length - 1);
            }

            Array.Sort(rows);
            EventTable toy = _events.Select(rows);
            return _weights.Length == 0
                ? toy
                : toy.WithWeights(Array.ConvertAll(rows, _ => _weights[random.Next(_weights.Length)]));
        }
    }
}
