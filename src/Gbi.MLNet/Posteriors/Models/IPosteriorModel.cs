using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Posteriors.Models;

/// <summary>A density q(θ|x) of parameters for any observation: learnt, or exact.</summary>
public interface IPosteriorModel
{
    /// <summary>Names of the parameters θ, in order.</summary>
    IReadOnlyList<string> Parameters { get; }

    /// <summary>Names of the features x, in order.</summary>
    IReadOnlyList<string> Features { get; }

    /// <summary>ln q(θᵢ|xᵢ) of the pairs of equal rows; −∞ where the density is 0.</summary>
    /// <param name="parameters">Columns <see cref="Parameters"/>.</param>
    /// <param name="observations">Columns <see cref="Features"/>; as many rows, or one row for all parameters.</param>
    /// <param name="cancellation">Stops between blocks of rows.</param>
    double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default);

    /// <summary>Draws θ ~ q(θ|xᵢ) for each observation.</summary>
    /// <param name="observations">Columns <see cref="Features"/>.</param>
    /// <param name="count">Draws for each observation. Range: 1 or more.</param>
    /// <param name="seed">The draws of row i depend on <c>seed.Child(i)</c> and on x alone.</param>
    /// <param name="cancellation">Stops between blocks of draws.</param>
    PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default);
}
