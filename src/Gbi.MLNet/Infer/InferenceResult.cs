using Gbi.Diagnostics.Posteriors;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Ratios;
using Gbi.Posteriors.Truncation;
using Gbi.Simulators;

namespace Gbi.Infer;

/// <summary>What there is to say of a posterior that was learnt from simulations: how they failed, and how it does in tests.</summary>
public abstract record InferenceResult
{
    /// <summary>How many simulations failed, those of all rounds, and where in θ.</summary>
    public required SimulationFailures Failures { get; init; }

    /// <summary>Whether simulations that did not fail stand for those that did, by weights; otherwise failed ones are left out.</summary>
    public required bool FailuresAreTechnical { get; init; }

    /// <summary>
    /// Tests on simulations that were held out, with a verdict a line. Of a posterior learnt in rounds they are simulations of the last
    /// region: those whose posteriors lie in it but for a tenth, or the half with the most in it. They hold for parameters like those of
    /// its observation, not for all of the prior.
    /// </summary>
    public required PosteriorReport Report { get; init; }

    /// <summary>The ranks that were tested, for figures and for the recovery of the parameters.</summary>
    public required PosteriorRanks Ranks { get; init; }

    /// <summary>Sentences on simulations unlike the prior, on constant features and on failures; empty where there are none.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Time that the training took, that of all rounds.</summary>
    public required TimeSpan TrainingTime { get; init; }

    /// <summary>What weights of the simulations do to their numbers; null of simulations without weights.</summary>
    public WeightedCounts? WeightedCounts { get; init; }

    /// <summary>The posterior that was tested.</summary>
    public abstract ILearntPosterior Model { get; }

    /// <summary>The posterior that was tested where a classifier corrected it; null where none did.</summary>
    internal RatioPosterior? Correction => Model as RatioPosterior ?? (Model as TruncatedPosterior)?.Corrected;

    /// <summary>Simulations that the posterior was learnt from.</summary>
    internal abstract int SimulationCount { get; }
}

/// <summary>What weights of simulations do to their numbers.</summary>
/// <param name="EffectiveTrainingCount">
/// Simulations without weights that those learnt from are worth, (Σw)²/Σw² of all their weights.
/// </param>
/// <param name="HeldOutCount">Simulations held out for the tests.</param>
/// <param name="TestedCount">Those of them that are tested with, kept in proportion to their weights.</param>
public sealed record WeightedCounts(double EffectiveTrainingCount, int HeldOutCount, int TestedCount);
