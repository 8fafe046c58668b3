using Gbi.Diagnostics.Posteriors;
using Gbi.Posteriors.Truncation;
using Gbi.Simulators;

namespace Gbi.Infer;

/// <summary>A posterior of one observation that was learnt in rounds, with its tests.</summary>
public sealed record LocallyInferredPosterior
{
    /// <summary>The posterior of the observation: <c>Posterior.Given()</c>. It holds for no other one.</summary>
    public required TruncatedPosterior Posterior { get; init; }

    /// <summary>The rounds in order.</summary>
    public required IReadOnlyList<InferenceRound> Rounds { get; init; }

    /// <summary>How many simulations of all rounds failed, and where in θ.</summary>
    public required SimulationFailures Failures { get; init; }

    /// <summary>Whether simulations that did not fail stand for those that did, by weights; otherwise failed ones are left out.</summary>
    public required bool FailuresAreTechnical { get; init; }

    /// <summary>
    /// Tests on simulations of the last region that were held out, with a verdict a line: those whose posteriors lie in the region but for
    /// a tenth, or the half with the most in it. They hold for parameters like those of the posterior, not for all of the prior.
    /// </summary>
    public required PosteriorReport Report { get; init; }

    /// <summary>The ranks that were tested, for figures and for the recovery of the parameters.</summary>
    public required PosteriorRanks Ranks { get; init; }

    /// <summary>Sentences on constant features and on failures; empty where there are none.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Time that the training of all rounds took.</summary>
    public required TimeSpan TrainingTime { get; init; }
}

/// <summary>One round of simulations near an observation.</summary>
/// <param name="SimulationCount">Simulations, failed ones included.</param>
/// <param name="FailedCount">How many of them failed.</param>
/// <param name="PriorShare">Share of the prior that they were drawn from, ∫_H p(θ) dθ. Range: (0, 1].</param>
/// <param name="TrainingCount">Simulations of this and earlier rounds that its posterior was learnt from.</param>
public sealed record InferenceRound(int SimulationCount, int FailedCount, double PriorShare, int TrainingCount);
