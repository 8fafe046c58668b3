using Gbi.Events;

namespace Gbi.Posteriors.Models;

/// <summary>Equally many draws from the posterior of each of several observations, with their densities.</summary>
public sealed class PosteriorDraws
{
    private readonly Lazy<IReadOnlyList<double>> _logDensities;

    /// <summary>Draws in the order of the observations.</summary>
    /// <param name="table">One column a parameter; <paramref name="drawCount"/> rows for each observation, one after the other.</param>
    /// <param name="logDensities">ln q of each row at its observation.</param>
    /// <param name="drawCount">Draws of an observation.</param>
    /// <exception cref="ArgumentException">The numbers of rows disagree; the message holds both.</exception>
    public PosteriorDraws(EventTable table, double[] logDensities, int drawCount)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(logDensities);
        ArgumentOutOfRangeException.ThrowIfLessThan(drawCount, 1);
        if (table.Count != logDensities.Length || table.Count % drawCount != 0)
        {
            throw new ArgumentException(
                $"There are {table.Count} draws, {logDensities.Length} densities and {drawCount} draws an observation; give one density a "
                    + "draw and the same number of draws an observation.");
        }

        Table = table;
        DrawCount = drawCount;
        _logDensities = new Lazy<IReadOnlyList<double>>(logDensities);
    }

    /// <summary>Draws whose densities are computed when they are first asked for.</summary>
    internal PosteriorDraws(EventTable table, int drawCount, Func<IReadOnlyList<double>> logDensities)
    {
        Table = table;
        DrawCount = drawCount;
        _logDensities = new Lazy<IReadOnlyList<double>>(logDensities);
    }

    /// <summary>One column a parameter, the draws of one observation after those of the one before.</summary>
    public EventTable Table { get; }

    /// <summary>ln q(θ|x) of each draw; one a row of <see cref="Table"/>.</summary>
    public IReadOnlyList<double> LogDensities => _logDensities.Value;

    /// <summary>Draws of an observation.</summary>
    public int DrawCount { get; }

    /// <summary>Number of observations.</summary>
    public int ObservationCount => Table.Count / DrawCount;

    /// <summary>The draws of one observation, one column a parameter.</summary>
    public EventTable Of(int observation) => Table.Slice(observation * DrawCount, DrawCount);
}
