using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Correction;

/// <summary>A density that a share of the points of a correction is drawn from.</summary>
internal abstract class PointSource(double share)
{
    /// <summary>The probability that a point comes from here. Range: (0, 1].</summary>
    public double Share => share;

    /// <summary>Draws points.</summary>
    /// <returns>The points, and ln of their density where drawing them gives it.</returns>
    public abstract (EventTable Points, double[]? LogDensities) Draw(int count, Seed seed, CancellationToken cancellation);

    /// <summary>ln of the density at points.</summary>
    public abstract double[] LogDensity(EventTable points);

    /// <summary>ln of the density at points, some of which were drawn here.</summary>
    /// <param name="points">All points.</param>
    /// <param name="start">The first of those that were drawn here.</param>
    /// <param name="own">Their densities, where known.</param>
    public double[] LogDensity(EventTable points, int start, double[]? own)
    {
        if (own is null)
        {
            return LogDensity(points);
        }

        int end = start + own.Length;
        return [.. LogDensity(points.Slice(0, start)), .. own, .. LogDensity(points.Slice(end, points.Count - end))];
    }

    /// <summary>The prior.</summary>
    public sealed class OfPrior(Prior prior, double share) : PointSource(share)
    {
        public override (EventTable Points, double[]? LogDensities) Draw(int count, Seed seed, CancellationToken cancellation) =>
            (prior.Draw(count, seed), null);

        public override double[] LogDensity(EventTable points) => prior.LogDensities(points);
    }

    /// <summary>A learnt posterior.</summary>
    public sealed class OfPosterior(Posterior posterior, double share) : PointSource(share)
    {
        public override (EventTable Points, double[]? LogDensities) Draw(int count, Seed seed, CancellationToken cancellation)
        {
            PosteriorDraws draws = posterior.Draw(count, seed, cancellation);
            return (draws.Table, [.. draws.LogDensities]);
        }

        public override double[] LogDensity(EventTable points) => points.Count == 0 ? [] : posterior.LogDensity(points);
    }

    /// <summary>A mixture of t distributions, fitted to weighted points of the exact posterior.</summary>
    public sealed class OfMixture(StudentMixture mixture, double share) : PointSource(share)
    {
        private const int MostPoints = 5000;

        // With fewer independent draws a parameter, a mixture would stand for single points.
        private const double LeastDrawsOfParameter = 10;

        /// <summary>The mixture of points drawn by their weights.</summary>
        /// <returns>null where the points are worth too few draws, or a parameter takes single values.</returns>
        public static OfMixture? TryOf(EventTable points, ImportanceWeights weights, Prior prior, double share, Seed seed)
        {
            int width = points.ColumnNames.Count;
            int count = (int)Math.Min(MostPoints, weights.EffectiveSize);
            if (count < LeastDrawsOfParameter * (width + 1)
                || Enumerable.Range(0, width).Any(parameter => prior.Values(parameter).Count > 0))
            {
                return null;
            }

            EventTable draws = points.Select(SystematicSampling.Draw(weights.Shares, count, seed.Child("draws")));
            return StudentMixture.TryFit(draws, seed.Child("fit")) is { } mixture ? new OfMixture(mixture, share) : null;
        }

        public override (EventTable Points, double[]? LogDensities) Draw(int count, Seed seed, CancellationToken cancellation) =>
            (mixture.Draw(count, seed), null);

        public override double[] LogDensity(EventTable points) => mixture.LogDensity(points);
    }
}
