using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Diagnostics.Posteriors;

/// <summary>A posterior of the Gaussian task with its prior.</summary>
internal sealed class LearntGaussian(GaussianPosterior model, int width) : ILearntPosterior
{
    public Prior Prior { get; } = GaussianTask.Prior(width);

    public IReadOnlyList<string> Parameters => model.Parameters;

    public IReadOnlyList<string> Features => model.Features;

    public Posterior Given(EventTable observation) => new(this, observation, observation[Features[0]][0] > 50 ? ["far"] : []);

    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default) =>
        model.LogDensity(parameters, observations, cancellation);

    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default) =>
        model.Draw(observations, count, seed, cancellation);
}
