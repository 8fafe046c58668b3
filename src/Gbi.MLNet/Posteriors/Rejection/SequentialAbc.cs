using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Posteriors.Rejection;

/// <summary>How populations follow each other.</summary>
public sealed record SequentialAbcOptions
{
    /// <summary>Members of a population. Range: 20 or more.</summary>
    public int PopulationSize
    {
        get;
        init => field = value >= 20 ? value : throw new ArgumentOutOfRangeException(
            nameof(PopulationSize), value, "PopulationSize must be 20 or more: its covariance makes the next one.");
    } = 1000;

    /// <summary>Simulations, at most; the last population that is complete counts. Range: 1 or more.</summary>
    public int MaxSimulations
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxSimulations), value, "MaxSimulations must be 1 or more.");
    } = 10_000;

    /// <summary>The next tolerance is this quantile of the distances. Range: (0, 1).</summary>
    public double Quantile
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(Quantile), value, "Quantile must lie between 0 and 1: each population is nearer than the one before.");
    } = 0.2;
}

/// <summary>
/// Sequential Monte Carlo ABC: each population simulates at members of the one before, moved by N(0, 2 Cov_w), and keeps what is within a
/// smaller distance from the observation, with weights p(θ)/Σ w'K. The distance is that of standardised features.
/// </summary>
/// <remarks>Beaumont, Cornuet, Marin and Robert, Biometrika 96 (2009) 983.</remarks>
public static class SequentialAbc
{
    private const double KernelFactor = 2;
    private const int MostTrials = 10_000;

    /// <summary>Runs populations until the simulations are spent.</summary>
    /// <param name="simulator">The simulator, with the prior's parameters.</param>
    /// <param name="prior">A prior of real numbers, with a density.</param>
    /// <param name="observation">One row with the simulator's features.</param>
    /// <param name="options">How populations follow each other.</param>
    /// <param name="seed">Same seed, same sample.</param>
    /// <param name="cancellation">Stops between simulations.</param>
    /// <exception cref="DataException">
    /// The prior has a parameter that is no real number, the simulations are fewer than a population, or all of them have failed.
    /// </exception>
    public static AbcSample Run(
        ISimulator simulator, Prior prior, EventTable observation, SequentialAbcOptions options, Seed seed,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(observation);
        ArgumentNullException.ThrowIfNull(options);
        int size = options.PopulationSize;
        if (!prior.HasTransform || options.MaxSimulations < size)
        {
            throw new DataException(prior.HasTransform
                ? $"There are {options.MaxSimulations:N0} simulations for a population of {size:N0}; allow more."
                : $"A parameter of {string.Join(", ", prior.Parameters)} is no real number with a density, which no kernel moves; use "
                    + "RejectionAbc.");
        }

        EventTable first = prior.Draw(size, seed.Child("prior"));
        EventTable simulated = simulator.Simulate(first, seed.Child("simulations").Child(0), cancellation);
        var distance = new SummaryDistance(simulated.WithColumns(simulator.Features), observation.WithColumns(simulator.Features));
        double[] distances = distance.Of(simulated);
        int[] valid = [.. Enumerable.Range(0, size).Where(row => double.IsFinite(distances[row]))];
        if (valid.Length < size / 2)
        {
            throw new DataException($"{size - valid.Length:N0} of {size:N0} simulations failed; mend the simulator, or narrow the prior.");
        }

        var population = new Population(
            first.Select(valid), [.. valid.Select(row => distances[row])], [.. valid.Select(_ => 1.0 / valid.Length)]);
        List<(double, double)> history = [(population.Distances.Max(), valid.Length / (double)size)];
        int spent = size;
        for (int round = 1; spent < options.MaxSimulations; round++)
        {
            double tolerance = population.Distances.Order().ElementAt((int)(options.Quantile * population.Distances.Length));
            Seed ofRound = seed.Child("rounds").Child(round);
            var kernel = new Kernel(prior, population);
            (Population? next, int simulations) =
                Next(simulator, distance, kernel, (tolerance, size, options.MaxSimulations - spent), ofRound, cancellation);
            spent += simulations;
            if (next is null)
            {
                break;
            }

            population = next;
            history.Add((tolerance, size / (double)simulations));
        }

        return new AbcSample
        {
            Table = population.Parameters.WithWeights(population.Weights),
            Tolerance = history[^1].Item1,
            EffectiveSize = WeightSums.Of(population.Weights, population.Weights.Length).EffectiveCount,
            SimulationCount = spent,
            Populations = history,
        };
    }

    /// <summary>A population within a tolerance; null where the simulations end before it is complete.</summary>
    private static (Population? Next, int Simulations) Next(
        ISimulator simulator, SummaryDistance distance, Kernel kernel, (double Tolerance, int Size, int Left) limits, Seed seed,
        CancellationToken cancellation)
    {
        EventTable? accepted = null;
        double[] distances = [];
        int spent = 0;
        while (distances.Length < limits.Size && spent < limits.Left)
        {
            int count = Math.Min(limits.Size, limits.Left - spent);
            EventTable proposed = kernel.Draw(count, seed.Child("moves").Child(spent));
            double[] ofProposed = distance.Of(simulator.Simulate(proposed, seed.Child("simulations").Child(spent), cancellation));
            int[] near = [.. Enumerable.Range(0, count).Where(row => ofProposed[row] <= limits.Tolerance)
                .Take(limits.Size - distances.Length)];
            accepted = accepted is null ? proposed.Select(near) : accepted.Append(proposed.Select(near));
            distances = [.. distances, .. near.Select(row => ofProposed[row])];
            spent += count;
        }

        return distances.Length < limits.Size ? (null, spent) : (new Population(accepted!, distances, kernel.Weights(accepted!)), spent);
    }

    private sealed record Population(EventTable Parameters, double[] Distances, double[] Weights);

    /// <summary>Moves of a population's members.</summary>
    private sealed class Kernel
    {
        private readonly Prior _prior;
        private readonly Population _from;
        private readonly double[][] _points;
        private readonly double[] _cumulative;
        private readonly Matrix<double> _root;
        private readonly Matrix<double> _inverse;

        public Kernel(Prior prior, Population from)
        {
            _prior = prior;
            _from = from;
            _points = [.. Enumerable.Range(0, from.Weights.Length).Select(row =>
                (double[])[.. prior.Parameters.Select(name => (double)from.Parameters[name][row])])];
            _cumulative = new double[from.Weights.Length];
            double sum = 0;
            for (int i = 0; i < _cumulative.Length; i++)
            {
                _cumulative[i] = sum += from.Weights[i];
            }

            int width = prior.Parameters.Count;
            double[] means = [.. Enumerable.Range(0, width).Select(k => Mean(point => point[k]))];
            Matrix<double> covariance = KernelFactor * Matrix<double>.Build.Dense(
                width, width, (i, j) => Mean(point => (point[i] - means[i]) * (point[j] - means[j])) * (i == j ? 1 + 1e-9 : 1));
            _root = covariance.Cholesky().Factor;
            _inverse = _root.Inverse();

            double Mean(Func<double[], double> of) => _points.Select((point, i) => _from.Weights[i] * of(point)).Sum() / sum;
        }

        /// <summary>Draws inside the prior: a member and its move are drawn again together, so that their density is Σ wK there.</summary>
        public EventTable Draw(int count, Seed seed)
        {
            int width = _prior.Parameters.Count;
            float[][] columns = [.. _prior.Parameters.Select(_ => new float[count])];
            EventBlocks.ForEach(count, (start, length) =>
            {
                double[] point = new double[width];
                for (int row = start; row < start + length; row++)
                {
                    Draw(seed.Child(row), point);
                    for (int k = 0; k < width; k++)
                    {
                        columns[k][row] = (float)point[k];
                    }
                }
            }, blockSize: 256);
            return EventTable.FromColumns([.. _prior.Parameters.Zip(columns)]);
        }

        private void Draw(Seed seed, double[] point)
        {
            Random random = seed.CreateRandom();
            for (int trial = 0; trial < MostTrials; trial++)
            {
                int member = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
                double[] from = _points[Math.Min(member < 0 ? ~member : member + 1, _points.Length - 1)];
                double[] normal = [.. point.Select(_ => random.NextNormal(0, 1))];
                for (int k = 0; k < point.Length; k++)
                {
                    double move = Enumerable.Range(0, k + 1).Sum(l => _root[k, l] * normal[l]);
                    point[k] = SinglePrecision.Within(from[k] + move, (double.NegativeInfinity, double.PositiveInfinity));
                }

                if (_prior.Contains(point))
                {
                    return;
                }
            }

            throw new DataException($"No move of {MostTrials:N0} stays inside the prior of {string.Join(", ", _prior.Parameters)}.");
        }

        /// <summary>p(θ)/Σ w K(θ|θ') of accepted parameters, of sum 1.</summary>
        public double[] Weights(EventTable accepted)
        {
            double[] logs = new double[accepted.Count];
            ReadOnlyMemory<float>[] columns = [.. _prior.Parameters.Select(accepted.Memory)];
            EventBlocks.ForEach(logs.Length, (start, length) =>
            {
                double[] point = new double[columns.Length];
                for (int row = start; row < start + length; row++)
                {
                    for (int k = 0; k < point.Length; k++)
                    {
                        point[k] = columns[k].Span[row];
                    }

                    logs[row] = _prior.LogDensity(point) - LogSum(point);
                }
            }, blockSize: 64);
            double largest = logs.Max();
            double[] weights = Array.ConvertAll(logs, value => Math.Exp(value - largest));
            double sum = weights.Sum();
            return Array.ConvertAll(weights, weight => weight / sum);
        }

        /// <summary>ln Σ w exp(−|L⁻¹(θ − θ')|²/2).</summary>
        private double LogSum(double[] point)
        {
            double[] logs = new double[_points.Length];
            double[] away = new double[point.Length];
            for (int i = 0; i < logs.Length; i++)
            {
                double square = 0;
                for (int k = 0; k < away.Length; k++)
                {
                    away[k] = point[k] - _points[i][k];
                    double whitened = 0;
                    for (int l = 0; l <= k; l++)
                    {
                        whitened += _inverse[k, l] * away[l];
                    }

                    square += whitened * whitened;
                }

                logs[i] = Math.Log(_from.Weights[i]) - (square / 2);
            }

            double largest = logs.Max();
            return largest + Math.Log(logs.Sum(value => Math.Exp(value - largest)));
        }
    }
}
