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

    /// <summary>
    /// Sentences that say why it may not be trusted, as where the observation is unlike the simulations; empty where there are none.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Draws from the posterior.</summary>
    /// <param name="count">Number of draws. Range: 1 or more.</param>
    /// <param name="seed">Same seed, same draws.</param>
    /// <param name="cancellation">Stops between blocks of draws.</param>
    public PosteriorDraws Draw(int count, Seed seed, CancellationToken cancellation = default) =>
        _model.Draw(Observation, count, seed, cancellation);

    /// <summary>ln p(θ|x) of each row of parameters.</summary>
    public double[] LogDensity(EventTable parameters) => _model.LogDensity(parameters, Observation);

    /// <summary>
    /// The posterior of one or two parameters at given values of all others, p(free|x, known): the density at the middle of each cell,
    /// normalised over the grid. The marginal posterior is <see cref="GridDensity.OfDraws"/> of the draws.
    /// </summary>
    /// <param name="known">Values of all parameters that have no axis.</param>
    /// <param name="free">One or two parameters and their cells; wide enough to hold the posterior.</param>
    /// <exception cref="ArgumentException">
    /// A parameter is missing, has both a value and an axis, or is not one of the posterior.
    /// </exception>
    /// <exception cref="DataException">The posterior has no density on the grid.</exception>
    public GridDensity Conditional(IReadOnlyDictionary<string, double> known, params IReadOnlyList<GridAxis> free)
    {
        ArgumentNullException.ThrowIfNull(known);
        GridDensity.RequireAxes(free);
        string[] named = [.. known.Keys.Concat(free.Select(axis => axis.Parameter)).Order(StringComparer.Ordinal)];
        if (!named.SequenceEqual(Parameters.Order(StringComparer.Ordinal)))
        {
            throw new ArgumentException(
                $"Values and axes are given for {string.Join(", ", named)}, expected one of them for each of "
                    + $"{string.Join(", ", Parameters)}.");
        }

        int count = GridDensity.CellCountOf(free);
        int cells = free.Count == 2 ? free[1].CellCount : 1;
        float[] ValuesOf(string name) => [.. Enumerable.Range(0, count).Select(cell =>
            name == free[0].Parameter ? free[0].Centre(cell / cells)
            : known.TryGetValue(name, out double value) ? value
            : free[1].Centre(cell % cells)).Select(value => (float)value)];
        EventTable points = EventTable.FromColumns([.. Parameters.Select(name => (name, ValuesOf(name)))]);
        return GridDensity.OfLogDensities(free, LogDensity(points));
    }

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
