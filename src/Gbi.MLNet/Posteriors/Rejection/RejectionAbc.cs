using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Simulators.Priors;
using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Posteriors.Rejection;

/// <summary>How simulations near an observation are kept.</summary>
public sealed record RejectionAbcOptions
{
    /// <summary>Simulations that are kept, the nearest ones. Range: 10 or more.</summary>
    public int KeptCount
    {
        get;
        init => field = value >= 10 ? value : throw new ArgumentOutOfRangeException(
            nameof(KeptCount), value, "KeptCount must be 10 or more: they are the posterior.");
    } = 100;

    /// <summary>What distances are measured in.</summary>
    public AbcSummary Summary { get; init; } = AbcSummary.Features;

    /// <summary>
    /// Whether parameters are moved by a linear regression on the summaries, weighted with 1 − (distance/ε)², to where the observation is.
    /// </summary>
    public bool IsAdjusted { get; init; }
}

/// <summary>
/// Approximate Bayesian computation by rejection: the parameters of the simulations nearest to an observation. With a flat prior and
/// x ~ N(θ, σ²), a window ±ε gives a variance of σ² + ε²/3.
/// </summary>
/// <remarks>Regression adjustment: Beaumont, Zhang and Balding, Genetics 162 (2002) 2025.</remarks>
public static class RejectionAbc
{
    private const int FoldCount = 4;
    private const double Ridge = 1e-9;

    /// <summary>Keeps the parameters of the nearest simulations.</summary>
    /// <param name="prior">What the parameters were drawn from.</param>
    /// <param name="parameters">θ of the simulations, a column a parameter, unweighted.</param>
    /// <param name="observations">x of the same rows; a failed simulation, with a NaN or an infinity, is never near.</param>
    /// <param name="observation">One row with the same columns.</param>
    /// <param name="options">How many are kept, and by what.</param>
    /// <param name="seed">Of the folds of learnt means.</param>
    /// <param name="cancellation">Stops the learning of means.</param>
    /// <exception cref="DataException">
    /// There are fewer valid simulations than are to be kept, the observation has no number somewhere, or a parameter to be adjusted is
    /// no real number.
    /// </exception>
    public static AbcSample Sample(
        Prior prior, EventTable parameters, EventTable observations, EventTable observation, RejectionAbcOptions options, Seed seed,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(observation);
        ArgumentNullException.ThrowIfNull(options);
        if (options.IsAdjusted && !prior.HasTransform)
        {
            throw new DataException(
                $"A parameter of {string.Join(", ", prior.Parameters)} is no real number with a density, which cannot be moved by a "
                    + "regression; leave the adjustment out.");
        }

        (EventTable summaries, EventTable observed) = options.Summary == AbcSummary.Features
            ? (observations, observation.WithColumns(observations.ColumnNames))
            : Learnt(prior, parameters, observations, observation, seed, cancellation);
        var distance = new SummaryDistance(summaries, observed);
        double[] distances = distance.Of(summaries);
        int[] nearest = [.. Enumerable.Range(0, distances.Length).Where(row => double.IsFinite(distances[row]))
            .OrderBy(row => distances[row]).ThenBy(row => row).Take(options.KeptCount)];
        if (nearest.Length < options.KeptCount || parameters.Count != observations.Count)
        {
            throw new DataException(
                $"There are {parameters.Count:N0} rows of parameters and {distances.Count(double.IsFinite):N0} valid simulations, expected "
                    + $"as many, and {options.KeptCount:N0} or more to keep.");
        }

        double tolerance = distances[nearest[^1]];
        EventTable kept = parameters.WithColumns(prior.Parameters).WithWeights(null).Select(nearest);
        double[] weights = [.. nearest.Select(row => options.IsAdjusted && tolerance > 0
            ? Math.Max(1 - (distances[row] * distances[row] / (tolerance * tolerance)), 0)
            : 1)];
        if (options.IsAdjusted)
        {
            kept = Adjusted(prior, kept, [.. nearest.Select(row => distance.Differences(summaries, row))], weights);

            // The farthest has a weight of 0.
            int[] weighted = [.. Enumerable.Range(0, weights.Length).Where(row => weights[row] > 0)];
            kept = kept.Select(weighted);
            weights = [.. weighted.Select(row => weights[row])];
        }

        return new AbcSample
        {
            Table = options.IsAdjusted ? kept.WithWeights(weights) : kept,
            Tolerance = tolerance,
            EffectiveSize = WeightSums.Of(weights, weights.Length).EffectiveCount,
            SimulationCount = parameters.Count,
        };
    }

    private static (EventTable Simulations, EventTable Observation) Learnt(
        Prior prior, EventTable parameters, EventTable observations, EventTable observation, Seed seed, CancellationToken cancellation)
    {
        TrainingSimulations.Require(prior, parameters, observations);
        double[] weights = TrainingSimulations.EffectiveWeights(parameters.WithWeights(null));
        var set = new TrainingSet(weights, Folds.Of(weights.Length, FoldCount, seed.Child("folds")), cancellation);
        float[][] coordinates = [.. prior.Parameters.SelectMany((name, k) =>
            ParameterScale.Of(prior, k).Coordinates(parameters[name].ToArray()))];
        (Summaries summaries, SummarisedEvents events) =
            Summaries.Fit(coordinates, observations.WithWeights(null), set, new TreePosteriorOptions().Trees);
        EventTable ofSimulations = summaries.MeansOf(events) ?? throw new DataException(
            $"No mean of {string.Join(", ", prior.Parameters)} depends on the features, so that learnt means compare nothing; compare the "
                + "features.");
        return (ofSimulations, summaries.MeansOf(summaries.Predict(observation.WithColumns(observations.ColumnNames)))!);
    }

    /// <summary>u − β (s − s_o) in the coordinates u without bounds, β by weighted least squares.</summary>
    private static EventTable Adjusted(Prior prior, EventTable kept, double[][] differences, double[] weights)
    {
        int width = prior.Parameters.Count;
        double[][] unbounded = [.. Enumerable.Range(0, kept.Count).Select(row =>
        {
            double[] point = [.. prior.Parameters.Select((name, k) => Inside(kept[name][row], prior.Range(k)))];
            double[] u = new double[width];
            prior.ToUnbounded(point, u);
            return u;
        })];
        int size = differences[0].Length + 1;
        var normal = Matrix<double>.Build.Dense(size, size);
        var right = Matrix<double>.Build.Dense(size, width);
        for (int row = 0; row < differences.Length; row++)
        {
            double[] terms = [1, .. differences[row]];
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                {
                    normal[i, j] += weights[row] * terms[i] * terms[j];
                }

                for (int k = 0; k < width; k++)
                {
                    right[i, k] += weights[row] * terms[i] * unbounded[row][k];
                }
            }
        }

        double scale = normal.Diagonal().Maximum();
        Matrix<double> slopes = (normal + (Ridge * scale * Matrix<double>.Build.DenseIdentity(size))).Cholesky().Solve(right);
        float[][] columns = [.. prior.Parameters.Select(_ => new float[kept.Count])];
        for (int row = 0; row < kept.Count; row++)
        {
            double[] u = [.. unbounded[row].Select((value, k) =>
                value - differences[row].Select((difference, i) => slopes[i + 1, k] * difference).Sum())];
            double[] point = new double[width];
            prior.FromUnbounded(u, point);
            for (int k = 0; k < width; k++)
            {
                columns[k][row] = SinglePrecision.Within(point[k], prior.Range(k));
            }
        }

        return EventTable.FromColumns([.. prior.Parameters.Zip(columns)]);
    }

    /// <summary>A value that is not on a bound, where the map to real numbers has no end.</summary>
    private static double Inside(double value, (double Low, double High) range)
    {
        double margin = double.IsFinite(range.High - range.Low) ? 1e-6 * (range.High - range.Low) : 1e-12;
        return Math.Clamp(value, range.Low + margin, range.High - margin);
    }
}
