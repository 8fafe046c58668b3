using System.Diagnostics;
using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Ratios;
using Gbi.Posteriors.Truncation;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Infer;

/// <summary>How a posterior of one observation is learnt in rounds.</summary>
public sealed record LocalInferenceOptions
{
    /// <summary>Rounds, each with as many simulations. Range: 1 or more.</summary>
    public int RoundCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(RoundCount), value, "RoundCount must be 1 or more: simulations are made in rounds.");
    } = 5;

    /// <summary>
    /// Probability that a round's posterior leaves outside the region of the next rounds: that of its least dense draws. Range: (0, 0.1].
    /// </summary>
    public double LostProbability
    {
        get;
        init => field = value is > 0 and <= 0.1 ? value : throw new ArgumentOutOfRangeException(
            nameof(LostProbability), value, "LostProbability must be above 0 and at most 0.1: what is cut off is never simulated again.");
    } = 1e-3;

    /// <summary>
    /// Folder that keeps the simulations, a folder each round, so that a run that was interrupted resumes; null to keep none. It needs a
    /// simulator with a <see cref="ISimulator.Fingerprint"/>.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>How each round learns, and how the last one is tested.</summary>
    public PosteriorInferenceOptions Inference { get; init; } = new() { MaxTestPairs = 500, TestDrawCount = 199 };

    /// <summary>Features to learn from, of those that the simulator writes; null for all.</summary>
    internal Func<Simulations, Simulations>? Choose { get; init; }
}

/// <summary>
/// Learns the posterior of one observation x_o in rounds: the first one simulates at points of the prior, each later one where the
/// posterior of the round before has density at x_o. Most simulations are spent near x_o, and the posterior is right for x_o alone.
/// </summary>
/// <remarks>
/// Every round draws from the prior cut off at the border of a region, never from a posterior. The simulations of all rounds together are
/// draws of the prior times a constant in the last region and of smaller ones around it, and x_o has its posterior in that region: all are
/// learnt from without weights, and those outside still teach how the density of θ follows x. Failed ones are left out: the posterior is
/// proportional to p(θ) P(valid|θ) p(x_o|θ), to p(θ) p(x_o|θ) where failures are technical. Deistler, Gonçalves and Macke,
/// arXiv:2210.04815.
/// </remarks>
public sealed class LocalInference
{
    private const int DrawsOfBorder = 20_000;

    private readonly ISimulator _simulator;
    private readonly Prior _prior;
    private readonly LocalInferenceOptions _options;

    /// <summary>A simulator and a prior to infer with.</summary>
    /// <param name="simulator">The simulator, with the prior's parameters.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="options">Rounds, and how they learn; null for the defaults.</param>
    public LocalInference(ISimulator simulator, Prior prior, LocalInferenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(prior);
        (_simulator, _prior, _options) = (simulator, prior, options ?? new LocalInferenceOptions());
    }

    /// <summary>Simulates, learns and tests.</summary>
    /// <param name="observation">x_o, one row with the simulator's features, finite.</param>
    /// <param name="simulationCount">Simulations of all rounds together. Range: as many as rounds, or more.</param>
    /// <param name="seed">Same seed, same posterior.</param>
    /// <param name="progress">Told how far each step is.</param>
    /// <param name="cancellation">Stops between simulations, trees and draws.</param>
    /// <exception cref="DataException">
    /// The observation lacks a feature or has one that is no number, the parameters of simulator and prior differ, too few simulations of a
    /// round have not failed, or the region of a round is too small to draw from.
    /// </exception>
    public LocallyInferredPosterior Run(
        EventTable observation, int simulationCount, Seed seed, IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observation);
        if (observation.Count != 1)
        {
            throw new DataException(Text(
                $"There are {observation.Count:N0} observations, expected 1: rounds of simulations are made near one observation."));
        }

        RequireFinite(observation);
        return Run(features => observation.WithColumns(features).WithWeights(null), simulationCount, seed, progress, cancellation);
    }

    /// <summary>The same with an observation that is read when its features are known.</summary>
    internal LocallyInferredPosterior Run(
        Func<IReadOnlyList<string>, EventTable> observationOf, int simulationCount, Seed seed, IProgress<SearchProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(simulationCount, _options.RoundCount);
        var region = new HighDensityRegion(EventTable.FromColumns(), []);
        Simulations? all = null;
        var rounds = new List<InferenceRound>();
        var training = TimeSpan.Zero;
        for (int round = 0; ; round++)
        {
            (Simulations made, double logProbability) = Simulate(round, simulationCount, region, seed, progress, cancellation);
            all = all is null ? made : new Simulations(
                all.Parameters.Append(made.Parameters), all.Observations.Append(made.Observations));
            if (round == 0)
            {
                region = region with { Observation = RequireFinite(observationOf(made.Observations.ColumnNames)) };
            }

            bool isLast = round == _options.RoundCount - 1;
            Seed ofRound = seed.Child("round").Child(round);
            double[]? validProbabilities = PosteriorInference.ValidProbabilities(all, ofRound, _options.Inference, cancellation);
            (Simulations learnt, Simulations heldOut) = PosteriorInference.Split(
                all, validProbabilities, ofRound.Child("held out"), _options.Inference,
                region.RowsInside(all.Parameters.WithColumns(_prior.Parameters), cancellation));
            long started = Stopwatch.GetTimestamp();

            // Only the last round's posterior is corrected: those before bound regions, for which they are good enough.
            (TreePosterior trees, RatioPosterior? corrected) = PosteriorInference.Train(
                _prior, learnt, _options.Inference with { IsCorrected = isLast && _options.Inference.IsCorrected },
                ofRound.Child("training"), new StepProgress(progress, Text($"Learning, round {round + 1} of {_options.RoundCount}")),
                cancellation);
            training += Stopwatch.GetElapsedTime(started);
            var posterior = new TruncatedPosterior(trees, region, corrected);
            rounds.Add(new InferenceRound(made.Count, made.FailedCount, Math.Exp(logProbability), learnt.Count));
            if (!isLast)
            {
                region = region.Within(trees, Border(posterior, ofRound.Child("border"), cancellation));
                continue;
            }

            int[] tested = posterior.RowsWithin(heldOut.Observations, cancellation);
            var pairs = new TestPairs(
                heldOut.Parameters.Select(tested), heldOut.Observations.Select(tested),
                _prior.HasDensity ? new TruncatedPrior(_prior, logProbability) : null);
            Seed tests = seed.Child("tests");
            var ranks = PosteriorRanks.Of(
                posterior, pairs, _options.Inference.TestDrawCount, tests, new StepProgress(progress, "Testing the posterior"),
                cancellation);
            return new LocallyInferredPosterior
            {
                Posterior = posterior,
                Rounds = rounds,
                Failures = all.Failures(_prior),
                FailuresAreTechnical = _options.Inference.FailuresAreTechnical,
                Report = PosteriorTests.Run(ranks, _options.Inference.Tests, tests),
                Ranks = ranks,
                Warnings =
                [
                    .. PosteriorInference.ConstantFeatures(learnt.Observations), .. PosteriorInference.HardlyValid(validProbabilities),
                ],
                TrainingTime = training,
            };
        }
    }

    /// <summary>The simulations of a round, at points of the prior in the region, and ln of the prior's probability there.</summary>
    private (Simulations Made, double LogProbability) Simulate(
        int round, int total, HighDensityRegion region, Seed seed, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        int rounds = _options.RoundCount;
        int count = (int)(((long)total * (round + 1) / rounds) - ((long)total * round / rounds));
        Seed ofRound = seed.Child("simulations").Child(round);
        TruncatedPriorDraws draws = TruncatedPriorDraws.Of(_prior, region, count, ofRound.Child("points"), cancellation);
        var plan = new SimulationPlan(_simulator, _prior, draws.Points, ofRound);
        var step = new StepProgress(progress, Text($"Simulating, round {round + 1} of {rounds}"));
        Simulations made = _options.Folder is { } folder
            ? SimulationFolder.Run(Path.Combine(folder, Text($"round-{round + 1}")), _simulator, plan, ofRound, step, cancellation)
            : plan.Run(step, cancellation);
        return (_options.Choose?.Invoke(made) ?? made, draws.LogProbability);
    }

    /// <summary>ln q above which all but a small probability of the posterior lies.</summary>
    private double Border(TruncatedPosterior posterior, Seed seed, CancellationToken cancellation)
    {
        double[] densities = posterior.DrawnLogDensities(DrawsOfBorder, seed, cancellation);
        Array.Sort(densities);
        return densities[(int)(_options.LostProbability * DrawsOfBorder)];
    }

    private static EventTable RequireFinite(EventTable x) =>
        x.ColumnNames.FirstOrDefault(name => !float.IsFinite(x[name][0])) is { } odd
            ? throw new DataException(Text(
                $"Feature '{odd}' of the observation is {x[odd][0]}, expected a finite number: rounds of simulations are made near it, ")
                + "and simulations with such a feature have failed. Infer without rounds, or leave the feature out.")
            : x;
}
