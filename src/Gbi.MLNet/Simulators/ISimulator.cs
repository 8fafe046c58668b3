using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Simulators;

/// <summary>Draws observations x from p(x|θ): the forward model of simulation-based inference.</summary>
public interface ISimulator
{
    /// <summary>Names of the parameters θ, in order.</summary>
    IReadOnlyList<string> Parameters { get; }

    /// <summary>Names of the features of an observation x, in order.</summary>
    IReadOnlyList<string> Features { get; }

    /// <summary>Simulates one observation for each row of parameters.</summary>
    /// <param name="parameters">Columns <see cref="Parameters"/>; one row a simulation.</param>
    /// <param name="seed">
    /// Row i draws from <c>seed.Child(i)</c> alone, so that a simulation depends on nothing but its parameters, the seed and its row.
    /// </param>
    /// <param name="cancellation">Stops between simulations.</param>
    /// <returns>Columns <see cref="Features"/>, one row each; a NaN or an infinity in a row marks a failed simulation.</returns>
    EventTable Simulate(EventTable parameters, Seed seed, CancellationToken cancellation = default);
}
