using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Correction;

/// <summary>Posteriors made exact by a likelihood that can be computed.</summary>
public static class PosteriorCorrection
{
    // Above this share of points that count, more points cost less than better ones.
    private const double EnoughEfficiency = 0.3;

    private const int LeastPoints = 1000;

    // A refinement that gains less is the last one.
    private const double LeastRise = 1.2;

    /// <summary>
    /// Weights draws of a posterior q(θ|x) by the exact one: θ ~ q_δ = (1−δ) q + δ p(θ), w = p(θ) p(x|θ)/q_δ(θ). The weighted points have
    /// the posterior of prior and likelihood whatever q is; how wrong q is costs points, and is said by the efficiency. Where it is below
    /// 0.3 and δ above 0, q is replaced by a mixture of t distributions, fitted to the weighted points, as long as that raises it.
    /// </summary>
    /// <param name="posterior">q, of any model.</param>
    /// <param name="prior">p(θ), with a density; it need not be the prior that q was learnt with.</param>
    /// <param name="logLikelihood">ln p(x|θ) at the posterior's observation.</param>
    /// <param name="seed">Same seed, same points.</param>
    /// <param name="options">How many points are drawn; null for the defaults.</param>
    /// <param name="progress">Told after every round of draws, from 0 to 1.</param>
    /// <param name="cancellation">Stops between blocks of points.</param>
    /// <remarks>
    /// Points outside the prior's support are kept with weight 0, and the likelihood is not asked there: q keeps its norm, so that the
    /// evidence Z = E[w] is not that of a truncated q. Dax et al., Phys. Rev. Lett. 130 (2023) 171403. The mixture: Cappé et al.,
    /// Stat. Comput. 18 (2008) 447; points that it was fitted to do not count.
    /// </remarks>
    /// <exception cref="DataException">
    /// The prior has no density or other parameters, or the likelihood returns another number of values than there are points. A
    /// correction that must not be trusted is returned, and says so itself: <see cref="CorrectedPosterior.Refusal"/>.
    /// </exception>
    public static CorrectedPosterior CorrectedBy(
        this Posterior posterior, Prior prior, LogLikelihood logLikelihood, Seed seed, CorrectionOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(logLikelihood);
        options ??= new CorrectionOptions();
        RequireDensity(posterior, prior);
        PointSource[] first = With(new PointSource.OfPosterior(posterior, 1 - options.PriorFraction), prior);
        var points = new WeightedPoints(first, prior, logLikelihood);
        points.Draw((int)Math.Min(options.MaxDraws, Math.Max(LeastPoints, options.EffectiveSize / 10)), seed.Child(0), cancellation);
        int before = 0;
        bool isRefined = true;
        for (int round = 1; ; round++)
        {
            if (isRefined && IsPoor(points, options, before)
                && Refined(points, prior, options, seed.Child("refinements").Child(round), cancellation) is { } refined)
            {
                isRefined = refined.Weights.EffectiveSize >= LeastRise * points.Weights.EffectiveSize;
                (points, before) = isRefined ? (refined, before + points.Count) : (points, before + refined.Count);
            }
            else if (Next(points.Count, points.Weights.EffectiveSize, options, options.MaxDraws - before) is > 0 and var more)
            {
                points.Draw(more, seed.Child(round), cancellation);
            }
            else
            {
                return new CorrectedPosterior(points, posterior.Warnings, prior.LogDensityError);
            }

            progress?.Report(Math.Min(
                1, Math.Max(points.Weights.EffectiveSize / options.EffectiveSize, (double)(before + points.Count) / options.MaxDraws)));
        }
    }

    /// <summary>
    /// As many points of p(θ) and a mixture of t distributions that is fitted to these points; null where they are worth too few draws.
    /// </summary>
    private static WeightedPoints? Refined(
        WeightedPoints points, Prior prior, CorrectionOptions options, Seed seed, CancellationToken cancellation)
    {
        if (PointSource.OfMixture.TryOf(points.Table, points.Weights, prior, 1 - options.PriorFraction, seed) is not { } mixture)
        {
            return null;
        }

        WeightedPoints refined = points.By(With(mixture, prior));
        refined.Draw(points.Count, seed, cancellation);
        return refined;
    }

    /// <summary>
    /// True where other points may cost less than more of the same. Where a part of the posterior was missed, points of the prior say so;
    /// without them q is left as it is.
    /// </summary>
    private static bool IsPoor(WeightedPoints points, CorrectionOptions options, int before) =>
        options.PriorFraction > 0 && points.Weights.EffectiveSize < EnoughEfficiency * points.Count
        && before + (2L * points.Count) <= options.MaxDraws;

    /// <summary>A source of points, and the prior.</summary>
    private static PointSource[] With(PointSource source, Prior prior) =>
        source.Share < 1 ? [new PointSource.OfPrior(prior, 1 - source.Share), source] : [source];

    /// <summary>
    /// Points of the next round. The first round learns the efficiency; as one of few points looks better than it is, no round makes more
    /// than four times as many points of those before.
    /// </summary>
    private static int Next(int count, double effectiveSize, CorrectionOptions options, int maxDraws)
    {
        if (count >= maxDraws || effectiveSize >= options.EffectiveSize)
        {
            return 0;
        }

        double wanted = Math.Clamp((1.05 * options.EffectiveSize * count / effectiveSize) - count, 0.05 * count, 3.0 * count);
        return (int)Math.Min(maxDraws - count, Math.Ceiling(wanted));
    }

    private static void RequireDensity(Posterior posterior, Prior prior)
    {
        if (!prior.HasDensity)
        {
            throw new DataException(
                $"The prior of {string.Join(", ", prior.Parameters)} holds rows of a file, which have no density p(θ), and the weights of "
                    + "a correction need one; describe the prior by densities, or use the posterior as it is.");
        }

        string[] odd = [.. prior.Parameters.Except(posterior.Parameters), .. posterior.Parameters.Except(prior.Parameters)];
        if (odd.Length > 0)
        {
            throw new DataException(
                $"The posterior has the parameters {string.Join(", ", posterior.Parameters)} and the prior "
                    + $"{string.Join(", ", prior.Parameters)}, expected the same of both; {string.Join(", ", odd)} is in one of them "
                    + "only.");
        }
    }
}
