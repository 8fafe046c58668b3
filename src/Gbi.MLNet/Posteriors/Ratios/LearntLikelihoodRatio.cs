using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.EventSets;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Truncation;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Ratios;

/// <summary>
/// The likelihood ratio of single events that a learnt posterior q implies:
/// ln p(x|θ)/p(x|θ₀) = ln q(θ|x)/p(θ) − ln q(θ₀|x)/p(θ₀), and its sums over independent events.
/// </summary>
/// <remarks>
/// It holds where the prior p has a density, and is as good as q is. Trees make it constant in pieces of θ: compare it at points, such as
/// those of a grid. It has no gradient for a minimiser or a Hamiltonian chain; a profile over other parameters needs a smooth
/// interpolation of it, such as <see cref="EventSetPosterior"/> makes near a posterior. <c>Infer.LikelihoodRatioBelt</c> makes confidence
/// sets with coverage of it, however wrong q is. Cranmer, Pavez and Louppe, arXiv:1506.02169.
/// </remarks>
public sealed class LearntLikelihoodRatio
{
    private const int BlockSize = 16;

    // Numbers that are kept before they are summed.
    private const int MostNumbers = 1 << 22;

    /// <summary>The ratio of a posterior.</summary>
    /// <param name="posterior">q of a single event or of any other observation.</param>
    /// <exception cref="DataException">
    /// The prior has no density, or the posterior is one of given observations alone: it was inferred in rounds, or is a sum over events.
    /// </exception>
    public LearntLikelihoodRatio(ILearntPosterior posterior)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        if (!posterior.Prior.HasDensity)
        {
            throw new DataException(
                $"The prior of {string.Join(", ", posterior.Prior.Parameters)} is known by rows of a file alone and has no density, by "
                    + "which a posterior is divided for a likelihood ratio; infer with a prior that has one.");
        }

        TruncatedPosterior.RefuseIn(posterior);
        if (posterior is EventSetPosterior)
        {
            throw new DataException(
                "The posterior is that of given sets of events; give the posterior of one event, whose ratios are summed here.");
        }

        Posterior = posterior;
    }

    /// <summary>q.</summary>
    public ILearntPosterior Posterior { get; }

    /// <summary>Names of the parameters θ, in order.</summary>
    public IReadOnlyList<string> Parameters => Posterior.Parameters;

    /// <summary>Names of the features x, in order.</summary>
    public IReadOnlyList<string> Features => Posterior.Features;

    /// <summary>ln p(xᵢ|θₖ)/p(xᵢ|θ₀).</summary>
    /// <param name="events">Columns <see cref="Features"/>, a row an event; NaN for a missing value. Weights are not used.</param>
    /// <param name="points">Columns <see cref="Parameters"/>, a row a point θ, inside the prior.</param>
    /// <param name="reference">θ₀, one row of the same columns, inside the prior.</param>
    /// <param name="cancellation">Stops between events.</param>
    /// <returns>Shape [points][events]; −∞ where q excludes θ, +∞ where it excludes θ₀ alone, NaN where it excludes both.</returns>
    /// <exception cref="DataException">
    /// A column is missing, a feature is infinite, a point is outside the prior, or there is another number of references than one.
    /// </exception>
    public double[][] LogRatios(
        EventTable events, EventTable points, EventTable reference, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Count != 1)
        {
            throw new DataException(Text($"There are {reference.Count:N0} reference points, expected 1 that ratios are taken to."));
        }

        double[][] ofEvents = OfEvents(events, points.WithColumns(Parameters).WithWeights(null).Append(reference), cancellation);
        return [.. Enumerable.Range(0, points.Count).Select(point => Array.ConvertAll(ofEvents, logs => logs[point] - logs[^1]))];
    }

    /// <summary>Σᵢ ln q(θₖ|xᵢ)/p(θₖ) of each point: the log-likelihood of independent events, but for a constant of the events.</summary>
    /// <param name="events">Columns <see cref="Features"/>, a row an event.</param>
    /// <param name="points">Columns <see cref="Parameters"/>, a row a point θ, inside the prior.</param>
    /// <param name="cancellation">Stops between events.</param>
    /// <returns>One a point; −∞ where q excludes it at an event.</returns>
    /// <exception cref="DataException">A column is missing, a feature is infinite, or a point is outside the prior.</exception>
    public double[] LogLikelihoods(EventTable events, EventTable points, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return OfSets(events, Math.Max(events.Count, 1), points, cancellation) is [var sums] ? sums : throw new DataException(
            "There is no event, expected one or more.");
    }

    /// <summary>
    /// The likelihood-ratio statistic of each point of a grid, −2 ln λ(θₖ) = −2 [Σᵢ ln p(xᵢ|θₖ) − maxₗ Σᵢ ln p(xᵢ|θₗ)] over the points l of
    /// the grid.
    /// </summary>
    /// <param name="events">The independent events of an observation, columns <see cref="Features"/>.</param>
    /// <param name="grid">Columns <see cref="Parameters"/>, a row a point θ, inside the prior.</param>
    /// <param name="cancellation">Stops between events.</param>
    /// <returns>One a point, 0 or more; +∞ where q excludes it, 0 everywhere where q excludes all of them.</returns>
    /// <exception cref="DataException">A column is missing, a feature is infinite, or a point is outside the prior.</exception>
    public double[] Statistics(EventTable events, EventTable grid, CancellationToken cancellation = default) =>
        StatisticsOf(LogLikelihoods(events, grid, cancellation));

    /// <summary>−2 (lₖ − max l).</summary>
    internal static double[] StatisticsOf(double[] logLikelihoods)
    {
        double most = logLikelihoods.Max();
        return double.IsNegativeInfinity(most)
            ? new double[logLikelihoods.Length]
            : Array.ConvertAll(logLikelihoods, value => -2 * (value - most));
    }

    /// <summary>The sums over each so many events, one set after the other, shape [sets][points]; a part of a set is left out.</summary>
    internal double[][] OfSets(EventTable events, int size, EventTable points, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(points);
        double[][] sums = [.. Enumerable.Range(0, events.Count / size).Select(_ => new double[points.Count])];
        int total = sums.Length * size;
        int atOnce = Math.Max(1, MostNumbers / Math.Max(1, points.Count));
        for (int start = 0; start < total; start += atOnce)
        {
            double[][] ofEvents = OfEvents(events.Slice(start, Math.Min(atOnce, total - start)), points, cancellation);
            for (int row = 0; row < ofEvents.Length; row++)
            {
                double[] sum = sums[(start + row) / size];
                System.Numerics.Tensors.TensorPrimitives.Add<double>(sum, ofEvents[row], sum);
            }
        }

        return sums;
    }

    /// <summary>ln q(θₖ|xᵢ)/p(θₖ), shape [events][points].</summary>
    private double[][] OfEvents(EventTable events, EventTable points, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(points);
        double[] logPrior = LogPrior(points);
        EventTable x = Observations.Of(events, Features);
        double[][] logs = new double[x.Count][];
        EventBlocks.ForEach(x.Count, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                // One observation and many points is what a posterior is fast for.
                double[] densities = Posterior.LogDensity(points, x.Slice(row, 1), cancellation);
                System.Numerics.Tensors.TensorPrimitives.Subtract<double>(densities, logPrior, densities);
                logs[row] = densities;
            }
        }, BlockSize, cancellation);
        return logs;
    }

    private double[] LogPrior(EventTable points)
    {
        if (points.Count == 0)
        {
            throw new DataException("There is no point of the parameters, expected one or more.");
        }

        double[] logPrior = Posterior.Prior.LogDensities(points);
        int outside = Array.FindIndex(logPrior, value => !double.IsFinite(value));
        return outside < 0 ? logPrior : throw new DataException(Text(
            $"Point {outside:N0} of the parameters, {TextOf(points, outside)}, is outside the prior, where a posterior says nothing; ")
            + "choose points inside.");
    }

    private string TextOf(EventTable points, int row) =>
        string.Join(", ", Parameters.Select(name => Text($"{name} = {points[name][row]:G6}")));
}
