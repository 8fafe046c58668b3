using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Sampling;

/// <summary>A normalised density that is easy to draw from, wide enough for the one that is sampled.</summary>
internal interface IProposal
{
    /// <summary>Draws; row i depends on the seed and on i alone.</summary>
    EventTable Draw(int count, Seed seed);

    /// <summary>ln g(θ) of each row.</summary>
    double[] LogDensity(EventTable parameters);
}

/// <summary>The prior as a proposal.</summary>
internal sealed class PriorProposal(Prior prior) : IProposal
{
    public EventTable Draw(int count, Seed seed) => prior.Draw(count, seed);

    public double[] LogDensity(EventTable parameters) => prior.LogDensities(parameters);
}
