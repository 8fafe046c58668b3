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

    /// <summary>Simulations that suit one call of <see cref="Simulate"/>. A run of simulations is cut into such batches.</summary>
    int BatchSize => 1000;

    /// <summary>
    /// A text that differs wherever simulations of the same parameters and seed differ, such as all settings of the simulator. An
    /// interrupted run is resumed by a simulator of the same text alone; null, where there is none, refuses to be resumed.
    /// </summary>
    string? Fingerprint => null;

    /// <summary>Simulates one observation for each row of parameters. Several threads may call it at once.</summary>
    /// <param name="parameters">Columns <see cref="Parameters"/>; one row a simulation.</param>
    /// <param name="seed">
    /// Row i draws from <c>seed.Child(i)</c> alone, so that a simulation depends on nothing but its parameters, the seed and its row.
    /// </param>
    /// <param name="cancellation">Stops between simulations.</param>
    /// <returns>
    /// Columns <see cref="Features"/>, one row each; a NaN or an infinity in a row marks a failed simulation. Where all have failed, there
    /// may be no columns.
    /// </returns>
    EventTable Simulate(EventTable parameters, Seed seed, CancellationToken cancellation = default);
}
