using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Correction;

/// <summary>Points of q_δ = (1−δ) q + δ p(θ), with ln [p(θ) p(x|θ)] and the weight of each; more can be drawn.</summary>
internal sealed class WeightedPoints(Posterior posterior, Prior prior, LogLikelihood logLikelihood, double priorFraction)
{
    private const int BlockSize = 4096;

    /// <summary>θ, a column a parameter in the prior's order.</summary>
    public EventTable Table { get; private set; } = EventTable.FromColumns(
        [.. prior.Parameters.Select(name => (name, Array.Empty<float>()))]);

    /// <summary>ln p(θ) p(x|θ) of each point; −∞ where it is 0, or no number.</summary>
    public double[] LogJoint { get; private set; } = [];

    /// <summary>ln w of each point.</summary>
    private double[] LogWeights { get; set; } = [];

    /// <summary>The weights of all points.</summary>
    public ImportanceWeights Weights { get; private set; } = ImportanceWeights.Of([double.NegativeInfinity]);

    public int Count => Table.Count;

    /// <summary>Points outside the prior's support.</summary>
    public int OutsideCount { get; private set; }

    /// <summary>Points whose likelihood is NaN or +∞.</summary>
    public int InvalidCount { get; private set; }

    /// <summary>The first of them, as text.</summary>
    public string? FirstInvalid { get; private set; }

    /// <summary>Draws more points; each is from the prior with the probability δ, so that all are independent draws of q_δ.</summary>
    public void Draw(int count, Seed seed, CancellationToken cancellation)
    {
        Seed sources = seed.Child("sources");
        int ofPrior = 0;
        for (int i = 0; i < count; i++)
        {
            ofPrior += sources.Uniform(i) < priorFraction ? 1 : 0;
        }

        (EventTable points, double[] logPosterior) = Drawn(count - ofPrior, ofPrior, seed, cancellation);

        // In an order of chance, so that any part of the points is one of q_δ.
        int[] order = seed.Child("order").Permutation(count);
        points = points.Select(order);
        logPosterior = [.. order.Select(row => logPosterior[row])];
        double[] logJoint = new double[count];
        double[] logWeights = new double[count];
        EventBlocks.ForEach(
            count, (start, length) => Weigh(points.Slice(start, length), logPosterior.AsSpan(start, length),
                logJoint.AsSpan(start, length), logWeights.AsSpan(start, length)),
            BlockSize, cancellation);
        FindInvalid(points, logWeights);
        Table = Table.Append(points);
        LogJoint = [.. LogJoint, .. logJoint];
        LogWeights = [.. LogWeights, .. logWeights];
        Weights = ImportanceWeights.Of(LogWeights);
    }

    /// <summary>Draws of the posterior, then of the prior, with ln q of each.</summary>
    private (EventTable Points, double[] LogPosterior) Drawn(int ofPosterior, int ofPrior, Seed seed, CancellationToken cancellation)
    {
        EventTable points = prior.Draw(ofPrior, seed.Child("prior"));
        double[] logPosterior = ofPrior == 0 ? [] : posterior.LogDensity(points);
        if (ofPosterior > 0)
        {
            PosteriorDraws draws = posterior.Draw(ofPosterior, seed.Child("posterior"), cancellation);
            points = draws.Table.WithColumns(prior.Parameters).Append(points);
            logPosterior = [.. draws.LogDensities, .. logPosterior];
        }

        return (points, logPosterior);
    }

    /// <summary>ln p(θ) p(x|θ) and ln w of some points; ln w is NaN where the likelihood is NaN or +∞, +∞ outside the prior.</summary>
    private void Weigh(EventTable points, ReadOnlySpan<double> logPosterior, Span<double> logJoint, Span<double> logWeights)
    {
        double[] logPrior = prior.LogDensities(points);
        int[] inside = [.. Enumerable.Range(0, points.Count).Where(row => logPrior[row] > double.NegativeInfinity)];
        logJoint.Fill(double.NegativeInfinity);
        logWeights.Fill(double.PositiveInfinity);
        if (inside.Length == 0)
        {
            return;
        }

        double[] likelihoods = logLikelihood(inside.Length == points.Count ? points : points.Select(inside))
            ?? throw new DataException("The log-likelihood returned null; return one number a point.");
        if (likelihoods.Length != inside.Length)
        {
            throw new DataException(Text(
                $"The log-likelihood returned {likelihoods.Length:N0} values for {inside.Length:N0} points; return one number a point."));
        }

        for (int i = 0; i < inside.Length; i++)
        {
            int row = inside[i];
            if (double.IsNaN(logPosterior[row]))
            {
                throw new DataException($"The posterior's density is NaN at {Named(points, row)}, expected a number or −∞.");
            }

            bool isValid = !double.IsNaN(likelihoods[i]) && !double.IsPositiveInfinity(likelihoods[i]);
            logJoint[row] = isValid ? logPrior[row] + likelihoods[i] : double.NegativeInfinity;
            logWeights[row] = isValid ? likelihoods[i] - LogProposal(logPosterior[row] - logPrior[row]) : double.NaN;
        }
    }

    /// <summary>ln q_δ/p of ln q/p.</summary>
    private double LogProposal(double logRatio) => priorFraction == 0 ? logRatio : LogMath.Mixture(logRatio, 1 - priorFraction);

    /// <summary>Counts the points without a weight, and gives them weight 0.</summary>
    private void FindInvalid(EventTable points, double[] logWeights)
    {
        for (int row = 0; row < logWeights.Length; row++)
        {
            if (double.IsNaN(logWeights[row]))
            {
                InvalidCount++;
                FirstInvalid ??= Named(points, row);
                logWeights[row] = double.NegativeInfinity;
            }
            else if (double.IsPositiveInfinity(logWeights[row]))
            {
                OutsideCount++;
                logWeights[row] = double.NegativeInfinity;
            }
        }
    }

    private static string Named(EventTable points, int row) =>
        string.Join(", ", points.ColumnNames.Select(name => Text($"{name} = {points[name][row]}")));
}
