using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Posteriors.Models;

/// <summary>The posterior p(θ|x) of one observation.</summary>
public sealed class Posterior
{
    private readonly IPosteriorModel _model;

    /// <summary>The posterior that a model gives for an observation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="observation">One row with the model's features.</param>
    /// <param name="warnings">Why the posterior may not be trusted for this observation; empty for none.</param>
    public Posterior(IPosteriorModel model, EventTable observation, IReadOnlyList<string> warnings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(observation);
        ArgumentNullException.ThrowIfNull(warnings);
        if (observation.Count != 1)
        {
            throw new ArgumentException($"There are {observation.Count} rows, expected one observation.", nameof(observation));
        }

        _model = model;
        Observation = observation;
        Warnings = warnings;
    }

    /// <summary>Names of the parameters.</summary>
    public IReadOnlyList<string> Parameters => _model.Parameters;

    /// <summary>The observation, one row.</summary>
    public EventTable Observation { get; }

    /// <summary>Sentences that say how the observation is unlike the simulations; empty where it is not.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Draws from the posterior.</summary>
    /// <param name="count">Number of draws. Range: 1 or more.</param>
    /// <param name="seed">Same seed, same draws.</param>
    /// <param name="cancellation">Stops between blocks of draws.</param>
    public PosteriorDraws Draw(int count, Seed seed, CancellationToken cancellation = default) =>
        _model.Draw(Observation, count, seed, cancellation);

    /// <summary>ln p(θ|x) of each row of parameters.</summary>
    public double[] LogDensity(EventTable parameters) => _model.LogDensity(parameters, Observation);

    /// <summary>Means, intervals and regions of the posterior, from draws.</summary>
    /// <param name="count">Number of draws. Range: 100 or more.</param>
    /// <param name="seed">Same seed, same summary.</param>
    /// <param name="cancellation">Stops between blocks of draws.</param>
    public PosteriorSummary Summarise(int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 100);
        return PosteriorSummary.Of(Draw(count, seed, cancellation));
    }
}
