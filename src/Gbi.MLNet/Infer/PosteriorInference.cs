using System.Diagnostics;
using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Ratios;
using Gbi.Simulators;
using Gbi.Simulators.EventSets;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Infer;

/// <summary>From a simulator and a prior to a posterior and its tests.</summary>
public static class PosteriorInference
{
    // Share of the simulations in regions where hardly any succeeds, above which that is said.
    private const double MostHardlyValid = 0.005;

    /// <summary>Simulates at points of the prior, learns the posterior of the parameters and tests it on simulations held out.</summary>
    /// <param name="simulator">The simulator, with the prior's parameters.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="simulationCount">Number of simulations, of which some are held out. Range: 1 or more.</param>
    /// <param name="seed">Same seed, same posterior.</param>
    /// <param name="options">How it learns and tests; null for the defaults.</param>
    /// <param name="progress">Told how far each step is.</param>
    /// <param name="cancellation">Stops between simulations, trees and draws.</param>
    /// <exception cref="DataException">
    /// The parameters of simulator and prior differ, or too few simulations have not failed.
    /// </exception>
    public static InferredPosterior Infer(
        ISimulator simulator, Prior prior, int simulationCount, Seed seed, PosteriorInferenceOptions? options = null,
        IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        var simulations = Simulations.Run(
            simulator, prior, simulationCount, seed, new StepProgress(progress, "Simulating"), cancellation);
        return Infer(simulations, prior, seed, options, progress, cancellation);
    }

    /// <summary>
    /// Learns the posterior of the parameters from simulations that were made before, and tests it on those of them that it holds out.
    /// Failed simulations are left out, so that it is proportional to p(θ) P(valid|θ) p(x|θ), to p(θ) p(x|θ) where
    /// <see cref="PosteriorInferenceOptions.FailuresAreTechnical"/>.
    /// </summary>
    /// <param name="simulations">
    /// Simulations at points of the prior, or at other points with weights by which they stand for it; parameters that the prior does not
    /// have are integrated over.
    /// </param>
    /// <param name="prior">The prior that they were drawn from.</param>
    /// <param name="seed">Same seed, same posterior.</param>
    /// <param name="options">How it learns and tests; null for the defaults.</param>
    /// <param name="progress">Told how far each step is.</param>
    /// <param name="cancellation">Stops between trees and draws.</param>
    /// <exception cref="DataException">
    /// A parameter of the prior is missing, constant or outside the prior's range, too few simulations have not failed, or weighted ones
    /// are worth too few without weights.
    /// </exception>
    /// <remarks>
    /// Weighted simulations are learnt from with their weights. Those that are held out are kept for the tests in proportion to their
    /// weights, so that the pairs are draws of the prior and each of them counts as one: Σw/max w of them, fewer than (Σw)²/Σw².
    /// </remarks>
    public static InferredPosterior Infer(
        Simulations simulations, Prior prior, Seed seed, PosteriorInferenceOptions? options = null,
        IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(simulations);
        ArgumentNullException.ThrowIfNull(prior);
        options ??= new PosteriorInferenceOptions();
        double[]? validProbabilities = ValidProbabilities(simulations, seed, options, cancellation);
        (Simulations training, Simulations heldOut) = Split(simulations, validProbabilities, seed.Child("held out"), options);
        EventTable theta = Unweighted(simulations.Parameters, seed.Child("agreement")).WithColumns(prior.Parameters);
        long started = Stopwatch.GetTimestamp();
        (TreePosterior posterior, RatioPosterior? corrected) = Train(
            prior, training, options, seed.Child("training"), new StepProgress(progress, "Learning the posterior"), cancellation);
        TimeSpan time = Stopwatch.GetElapsedTime(started);
        var pairs = new TestPairs(
            heldOut.Parameters.WithColumns(prior.Parameters), heldOut.Observations, prior.HasDensity ? prior : null);
        Seed tests = seed.Child("tests");
        var ranks = PosteriorRanks.Of(
            corrected ?? (ILearntPosterior)posterior, pairs, options.TestDrawCount, tests,
            new StepProgress(progress, "Testing the posterior"), cancellation);
        return new InferredPosterior
        {
            Posterior = posterior,
            Corrected = corrected,
            Failures = simulations.Failures(prior),
            FailuresAreTechnical = options.FailuresAreTechnical,
            Report = PosteriorTests.Run(ranks, options.Tests, tests),
            Ranks = ranks,
            Warnings =
            [
                .. PriorAgreement.Warnings(prior, theta, seed.Child("agreement")), .. ConstantFeatures(training.Observations),
                .. HardlyValid(validProbabilities),
            ],
            TrainingTime = time,
            WeightedCounts = simulations.Parameters.HasWeights
                ? new WeightedCounts(
                    TrainingSimulations.EffectiveCount(training.Parameters), simulations.Valid().Count - training.Count, heldOut.Count)
                : null,
        };
    }

    /// <summary>A posterior of trees, and the same corrected by a classifier where the options ask for it.</summary>
    internal static (TreePosterior Trees, RatioPosterior? Corrected) Train(
        Prior prior, Simulations training, PosteriorInferenceOptions options, Seed seed, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        EventTable points = training.Parameters.WithColumns(prior.Parameters);
        if (!options.IsCorrected)
        {
            return (TreePosterior.Train(prior, points, training.Observations, options.Training, seed, progress, cancellation), null);
        }

        RatioPosterior corrected = RatioPosterior.Train(
            prior, points, training.Observations, RatioPosteriorOptions.CorrectedTrees with { Posterior = options.Training }, seed,
            progress, cancellation);
        return (corrected.Uncorrected!, corrected);
    }

    /// <summary>P(valid|θ) of each simulation where failures are technical; null where they are not.</summary>
    internal static double[]? ValidProbabilities(
        Simulations simulations, Seed seed, PosteriorInferenceOptions options, CancellationToken cancellation) =>
        options.FailuresAreTechnical && simulations.FailedCount > 0
            ? TechnicalFailures.ValidProbabilities(
                simulations.Parameters, simulations.IsValid, options.Training, seed.Child("failures"), cancellation)
            : null;

    internal static IEnumerable<string> ConstantFeatures(EventTable observations)
    {
        string[] constant = [.. observations.ColumnNames.Where(name =>
            name != EventSetSummary.Count && !observations[name].ContainsAnyExcept(observations[name][0]))];
        if (constant.Length > 0)
        {
            yield return (constant is [var one] ? $"Feature '{one}' has" : $"Features {string.Join(", ", constant)} have")
                + Text($" the same value in all of {observations.Count:N0} simulations, and cannot determine parameters; leave out what ")
                + "is constant.";
        }
    }

    internal static IEnumerable<string> HardlyValid(double[]? validProbabilities)
    {
        double share = validProbabilities?.Average(value => value <= TechnicalFailures.LeastProbability ? 1.0 : 0) ?? 0;
        if (share > MostHardlyValid)
        {
            yield return Text($"Where {100 * share:G2} % of the simulations lie, fewer than one in ten succeeds; weights cannot make up ")
                + "for the others, and the posterior is too low there. Mend the simulator, or leave the region out of the prior.";
        }
    }

    /// <summary>The simulations that have not failed, to learn from and to test with.</summary>
    /// <param name="simulations">The simulations.</param>
    /// <param name="validProbabilities">P(valid|θ) of each; null where failures are not technical.</param>
    /// <param name="seed">Which are held out.</param>
    /// <param name="options">How many are held out.</param>
    /// <param name="testable">Rows that may be held out; null for all.</param>
    internal static (Simulations Training, Simulations HeldOut) Split(
        Simulations simulations, double[]? validProbabilities, Seed seed, PosteriorInferenceOptions options, int[]? testable = null)
    {
        Simulations valid = simulations.Valid();
        int[] order = seed.Permutation(valid.Count);
        int most = valid.Count;
        if (testable is not null)
        {
            // Those that may be held out first.
            int[] rows = [.. Enumerable.Range(0, simulations.Count).Where(simulations.IsValid)];
            var may = testable.ToHashSet();
            most = rows.Count(may.Contains);
            order = [.. order.OrderByDescending(row => may.Contains(rows[row]))];
        }

        int heldOut = Math.Min(most / options.HeldOutOneIn, (int)Math.Min(options.MaxTestPairs / KeptShare(valid), most));
        if (heldOut == 0)
        {
            throw new DataException(testable is null
                ? Text($"{most:N0} of {simulations.Count:N0} simulations have not failed, expected {options.HeldOutOneIn} or more ")
                    + "to learn from and to test with; make more simulations, or mend the simulator."
                : Text($"{most:N0} of {simulations.Count:N0} simulations lie where the posterior of the round before has density and have ")
                    + Text($"not failed, expected {options.HeldOutOneIn} or more to test with; make more simulations, or fewer rounds."));
        }

        double[]? weights = Weights(simulations, validProbabilities);
        int[] tested = Thinned(order[..heldOut], weights, seed.Child("thinned"));
        return (Rows(order[heldOut..], weights), Rows(tested[..Math.Min(tested.Length, options.MaxTestPairs)], null));

        Simulations Rows(int[] rows, double[]? weightOf)
        {
            Array.Sort(rows);
            EventTable parameters = valid.Parameters.Select(rows);
            return new Simulations(
                weightOf is null ? parameters.WithWeights(null) : parameters.WithWeights(Array.ConvertAll(rows, row => weightOf[row])),
                valid.Observations.Select(rows));
        }
    }

    /// <summary>Weights of the simulations that have not failed, with which they stand for those that have; null for none.</summary>
    private static double[]? Weights(Simulations simulations, double[]? validProbabilities) =>
        validProbabilities is null && !simulations.Parameters.HasWeights
            ? null
            : [.. Enumerable.Range(0, simulations.Count).Where(simulations.IsValid).Select(row =>
                simulations.Parameters.Weight(row) / (validProbabilities?[row] ?? 1))];

    /// <summary>Share of weighted simulations that are kept in proportion to their weights.</summary>
    private static double KeptShare(Simulations simulations) => simulations.Parameters.HasWeights && simulations.Count > 0
        ? simulations.Parameters.SumOfWeights / simulations.Count / simulations.Parameters.Weights.ToArray().Max()
        : 1;

    /// <summary>Draws of the density that weighted points stand for: those that are kept in proportion to their weights.</summary>
    private static EventTable Unweighted(EventTable points, Seed seed) => points.HasWeights
        ? points.Select(Thinned([.. Enumerable.Range(0, points.Count)], points.Weights.ToArray(), seed.Child("weights"))).WithWeights(null)
        : points;

    /// <summary>Rows that are kept in proportion to their weights, so that tests have no weights.</summary>
    private static int[] Thinned(int[] rows, double[]? weights, Seed seed)
    {
        double most = weights is null ? 0 : rows.Max(row => weights[row]);
        return weights is null ? rows : [.. rows.Where(row => seed.Child(row).CreateRandom().NextDouble() * most < weights[row])];
    }
}
