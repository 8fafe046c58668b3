using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Correction;

/// <summary>Posteriors made exact by a likelihood that can be computed.</summary>
public static class PosteriorCorrection
{
    /// <summary>
    /// Weights draws of a posterior q(θ|x) by the exact one: θ ~ q_δ = (1−δ) q + δ p(θ), w = p(θ) p(x|θ)/q_δ(θ). The weighted points have
    /// the posterior of prior and likelihood whatever q is; how wrong q is costs points, and is said by the efficiency.
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
    /// evidence Z = E[w] is not that of a truncated q. Dax et al., Phys. Rev. Lett. 130 (2023) 171403.
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
        var points = new WeightedPoints(posterior, prior, logLikelihood, options.PriorFraction);
        for (int round = 0; ; round++)
        {
            int more = Next(points.Count, points.Weights.EffectiveSize, options);
            if (more == 0)
            {
                return new CorrectedPosterior(points, posterior.Warnings, prior.LogDensityError);
            }

            points.Draw(more, seed.Child(round), cancellation);
            progress?.Report(Math.Min(
                1, Math.Max(points.Weights.EffectiveSize / options.EffectiveSize, (double)points.Count / options.MaxDraws)));
        }
    }

    /// <summary>
    /// Points of the next round. The first round learns the efficiency; as one of few points looks better than it is, no round makes more
    /// than four times as many points of those before.
    /// </summary>
    private static int Next(int count, double effectiveSize, CorrectionOptions options)
    {
        if (count >= options.MaxDraws || effectiveSize >= options.EffectiveSize)
        {
            return 0;
        }

        double wanted = count == 0
            ? Math.Max(1000, options.EffectiveSize / 2)
            : Math.Clamp((1.05 * options.EffectiveSize * count / effectiveSize) - count, 0.05 * count, 3.0 * count);
        return (int)Math.Min(options.MaxDraws - count, Math.Ceiling(wanted));
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
