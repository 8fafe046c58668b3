using Gbi.Posteriors.Models;
using Gbi.Posteriors.Truncation;

namespace Gbi.Infer;

/// <summary>A posterior of one observation that was learnt in rounds, with its tests.</summary>
public sealed record LocallyInferredPosterior : InferenceResult
{
    /// <summary>The posterior of the observation: <c>Posterior.Given()</c>. It holds for no other one.</summary>
    public required TruncatedPosterior Posterior { get; init; }

    /// <summary>The rounds in order.</summary>
    public required IReadOnlyList<InferenceRound> Rounds { get; init; }

    /// <summary><see cref="Posterior"/>.</summary>
    public override ILearntPosterior Model => Posterior;

    internal override int SimulationCount => Posterior.SimulationCount;
}

/// <summary>One round of simulations near an observation.</summary>
/// <param name="SimulationCount">Simulations, failed ones included.</param>
/// <param name="FailedCount">How many of them failed.</param>
/// <param name="PriorShare">Share of the prior that they were drawn from, ∫_H p(θ) dθ. Range: (0, 1].</param>
/// <param name="TrainingCount">Simulations of this and earlier rounds that its posterior was learnt from.</param>
public sealed record InferenceRound(int SimulationCount, int FailedCount, double PriorShare, int TrainingCount);
