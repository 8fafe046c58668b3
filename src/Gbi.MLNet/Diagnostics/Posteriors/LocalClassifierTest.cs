using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>How the local classifier test is made.</summary>
public sealed record LocalClassifierOptions
{
    /// <summary>Trees of each classifier.</summary>
    public TreeOptions Trees
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Trees));
    } = new() { TreeCount = 40, LeafCount = 8, MinLeafHessian = 5 };

    /// <summary>Classifiers trained on permuted labels; a p-value cannot be below 1/(1 + it). Range: 1 or more.</summary>
    public int PermutationCount { get; init => field = Positive(value, nameof(PermutationCount)); } = 100;

    /// <summary>Draws that locate and scale the posterior of each pair for the classifier. Range: 2 or more.</summary>
    public int ScaleDraws
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(ScaleDraws), value, "ScaleDraws must be 2 or more: a standard deviation is taken of them.");
    } = 100;

    /// <summary>Draws of the posterior of each observation on which classifiers are evaluated. Range: 1 or more.</summary>
    public int EvaluationDraws { get; init => field = Positive(value, nameof(EvaluationDraws)); } = 1000;

    private static int Positive(int value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 1 or more.");
}

/// <summary>
/// Whether the posterior of one observation is right: a classifier learns to tell pairs (θ ~ q(·|x), x) from test pairs (θ*, x), and the
/// statistic is its mean (P − ½)² over draws at the observation. Labels are exchanged within pairs for the distribution of the statistic
/// where there is no difference.
/// </summary>
/// <param name="Statistic">t, the mean of (P(drawn|θ, x) − ½)²; 0 where the classifier sees no difference.</param>
/// <param name="Probability">p = (1 + #{t₀ ≥ t})/(1 + permutations).</param>
/// <remarks>
/// Linhart, Gramfort and Rodrigues, arXiv:2306.03580. The classifier sees θ, x, θ in standard deviations from the mean of the posterior's
/// draws, and ln q less its mean over draws.
/// </remarks>
public sealed record LocalClassifierTest(double Statistic, double Probability)
{
    private const int FewestPairs = 100;
    private const int BlockSize = 32;

    /// <summary>Tests the posterior at some observations.</summary>
    /// <param name="model">The posterior.</param>
    /// <param name="pairs">Pairs that it has not seen; 1,000 or more to see what matters.</param>
    /// <param name="observations">Columns of the model's features; one row a test.</param>
    /// <param name="options">How the test is made.</param>
    /// <param name="seed">Of draws and permutations.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <returns>One test an observation; they share classifiers, so their p-values are not independent.</returns>
    /// <exception cref="DataException">There are fewer than 100 pairs, or names disagree.</exception>
    public static IReadOnlyList<LocalClassifierTest> Run(
        IPosteriorModel model,
        TestPairs pairs,
        EventTable observations,
        LocalClassifierOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(options);
        if (pairs.Count < FewestPairs || !model.Parameters.SequenceEqual(pairs.Parameters.ColumnNames, StringComparer.Ordinal))
        {
            throw new DataException(
                $"There are {pairs.Count:N0} test pairs of {string.Join(", ", pairs.Parameters.ColumnNames)} for a posterior of "
                    + $"{string.Join(", ", model.Parameters)}; give {FewestPairs} or more, of the same parameters in the same order.");
        }

        progress?.Report(0);
        var table = new ClassifierTable(model, options.ScaleDraws);
        EventTable drawn = table.OfDraws(pairs.Observations, 1, seed.Child("drawn"), cancellation);
        EventTable truths = table.OfPoints(pairs.Parameters, pairs.Observations, seed.Child("drawn"), cancellation);
        EventTable evaluated = table.OfDraws(observations, options.EvaluationDraws, seed.Child("evaluated"), cancellation);
        BinnedEvents data = FeatureBins.Learn(drawn.Append(truths), drawn.ColumnNames).Apply(drawn.Append(truths));
        double[] weights = new double[2 * pairs.Count];
        Array.Fill(weights, 1);
        double[][] statistics = new double[1 + options.PermutationCount][];
        Seed ofPermutations = seed.Child("permutations");
        int done = 0;
        EventBlocks.ForEachIndex(statistics.Length, permutation =>
        {
            bool[] isTruth = new bool[2 * pairs.Count];
            for (int pair = 0; pair < pairs.Count; pair++)
            {
                bool exchanged = permutation > 0 && ofPermutations.Child(permutation).Below(2, pair) == 1;
                isTruth[pair] = exchanged;
                isTruth[pairs.Count + pair] = !exchanged;
            }

            TreeEnsemble classifier = LogisticTrees.Train(data, isTruth, weights, options.Trees, cancellation);
            statistics[permutation] = MeanSquares(classifier.Predict(evaluated), options.EvaluationDraws);
            progress?.Report((double)Interlocked.Increment(ref done) / statistics.Length);
        }, cancellation);
        return [.. Enumerable.Range(0, observations.Count).Select(at => new LocalClassifierTest(
            statistics[0][at],
            (1.0 + statistics.Skip(1).Count(permuted => permuted[at] >= statistics[0][at])) / (1 + options.PermutationCount)))];
    }

    /// <summary>Mean (P − ½)² of each observation's draws.</summary>
    private static double[] MeanSquares(float[] logRatios, int draws)
    {
        double[] means = new double[logRatios.Length / draws];
        for (int i = 0; i < logRatios.Length; i++)
        {
            double excess = (1 / (1 + Math.Exp(logRatios[i]))) - 0.5;
            means[i / draws] += excess * excess / draws;
        }

        return means;
    }

    /// <summary>What a classifier sees of points of a posterior.</summary>
    private sealed class ClassifierTable(IPosteriorModel model, int scaleDraws)
    {
        private readonly int _width = model.Parameters.Count;

        /// <summary>Rows of draws.</summary>
        public EventTable OfDraws(EventTable observations, int count, Seed seed, CancellationToken cancellation)
        {
            // One of many draws at random: the first few of a posterior of several members need not come from all of them.
            int made = Math.Max(count, scaleDraws);
            PosteriorDraws draws = InBlocks(observations, made, seed.Child("points"), cancellation);
            Seed choice = seed.Child("choice");
            int[] chosen = [.. Enumerable.Range(0, observations.Count * count).Select(
                at => (at / count * made) + (made > count ? choice.Below(made, at) : at % count))];
            double[] densities = Array.ConvertAll(chosen, at => draws.LogDensities[at]);
            return Rows(draws.Table.Select(chosen), densities, observations, count, seed, cancellation);
        }

        /// <summary>Rows of given points, one an observation.</summary>
        public EventTable OfPoints(EventTable points, EventTable observations, Seed seed, CancellationToken cancellation) =>
            Rows(points, model.LogDensity(points, observations, cancellation), observations, 1, seed, cancellation);

        private EventTable Rows(
            EventTable points, double[] densities, EventTable observations, int count, Seed seed, CancellationToken cancellation)
        {
            PosteriorDraws scale = InBlocks(observations, scaleDraws, seed.Child("scale"), cancellation);
            float[] density = new float[points.Count];
            for (int row = 0; row < density.Length; row++)
            {
                double mean = scale.LogDensities.Skip(row / count * scaleDraws).Take(scaleDraws).Average();
                density[row] = (float)Math.Max(densities[row] - mean, -1e6);
            }

            return EventTable.FromColumns(
            [
                .. model.Parameters.Select(name => ($"parameter {name}", points[name].ToArray())),
                .. model.Parameters.Select(name => ($"standardised {name}", Standardised(points[name], scale.Table[name], count))),
                .. model.Features.Select(name => ($"feature {name}", Repeated(observations[name], count))),
                ("density", density),
            ]);
        }

        private float[] Standardised(ReadOnlySpan<float> points, ReadOnlySpan<float> draws, int count)
        {
            float[] standardised = new float[points.Length];
            for (int row = 0; row < standardised.Length; row++)
            {
                ReadOnlySpan<float> ofRow = draws.Slice(row / count * scaleDraws, scaleDraws);
                double sum = 0;
                double squares = 0;
                foreach (float draw in ofRow)
                {
                    sum += draw - ofRow[0];
                    squares += (draw - ofRow[0]) * (double)(draw - ofRow[0]);
                }

                double mean = sum / scaleDraws;
                double variance = (squares / scaleDraws) - (mean * mean);
                standardised[row] = variance > 0 ? (float)((points[row] - ofRow[0] - mean) / Math.Sqrt(variance)) : 0;
            }

            return standardised;
        }

        private static float[] Repeated(ReadOnlySpan<float> column, int count)
        {
            float[] repeated = new float[column.Length * count];
            for (int row = 0; row < repeated.Length; row++)
            {
                repeated[row] = column[row / count];
            }

            return repeated;
        }

        private PosteriorDraws InBlocks(EventTable observations, int count, Seed seed, CancellationToken cancellation)
        {
            float[][] columns = [.. Enumerable.Range(0, _width).Select(_ => new float[observations.Count * count])];
            double[] densities = new double[observations.Count * count];
            EventBlocks.ForEach(observations.Count, (start, length) =>
            {
                PosteriorDraws draws = model.Draw(observations.Slice(start, length), count, seed.Child(start), cancellation);
                for (int j = 0; j < _width; j++)
                {
                    draws.Table[model.Parameters[j]].CopyTo(columns[j].AsSpan(start * count));
                }

                for (int i = 0; i < draws.LogDensities.Count; i++)
                {
                    densities[(start * count) + i] = draws.LogDensities[i];
                }
            }, BlockSize, cancellation);
            return new PosteriorDraws(EventTable.FromColumns([.. model.Parameters.Zip(columns)]), densities, count);
        }
    }
}
