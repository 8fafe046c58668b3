using Gbi.Events;

namespace Gbi.Posteriors.Rejection;

/// <summary>What observations are compared by.</summary>
public enum AbcSummary
{
    /// <summary>The features, each over its standard deviation among the simulations.</summary>
    Features,

    /// <summary>
    /// Learnt means E[θ|x] of the parameters, as many as depend on x, over their standard deviations. They are cross-fitted: a simulation
    /// is not in the fit that summarises it.
    /// </summary>
    LearntMeans,
}

/// <summary>Parameters whose simulations are near an observation: weighted draws of an approximate posterior.</summary>
public sealed record AbcSample
{
    /// <summary>The parameters with their weights; no row is repeated.</summary>
    public required EventTable Table { get; init; }

    /// <summary>ε, the largest distance from the observation.</summary>
    public required double Tolerance { get; init; }

    /// <summary>(Σw)²/Σw²: independent draws that would be worth as much.</summary>
    public required double EffectiveSize { get; init; }

    /// <summary>Simulations that were made or searched.</summary>
    public required long SimulationCount { get; init; }

    /// <summary>ε and the share of accepted simulations of each population of <see cref="SequentialAbc"/>; empty for rejection.</summary>
    public IReadOnlyList<(double Tolerance, double Acceptance)> Populations { get; init; } = [];
}
