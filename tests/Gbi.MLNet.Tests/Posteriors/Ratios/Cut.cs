using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Posteriors.Ratios;

/// <summary>A posterior that is flat below 0.25 and 0 above, and 0 everywhere for events below −1.</summary>
internal sealed class Cut(Prior? prior = null) : ILearntPosterior
{
    public Prior Prior { get; } = prior ?? Prior.Uniform("t", 0, 1);

    public IReadOnlyList<string> Parameters => ["t"];

    public IReadOnlyList<string> Features => ["x"];

    public Posterior Given(EventTable observation) => new(this, observation, []);

    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default) =>
        [.. Enumerable.Range(0, parameters.Count).Select(row =>
            observations["x"][observations.Count == 1 ? 0 : row] >= -1 && parameters["t"][row] < 0.25f
                ? Math.Log(4)
                : double.NegativeInfinity)];

    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default) =>
        throw new NotSupportedException();
}
