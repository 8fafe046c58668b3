using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Sampling;

/// <summary>
/// Draws from a density f(θ), such as p(θ) p(x|θ), of which only values are known. For one with gradients and real parameters there is
/// <see cref="HamiltonianSampler"/> too; a density of trees has none: it is constant in pieces.
/// </summary>
public static class DensitySampler
{
    /// <summary>Draws from a density.</summary>
    /// <param name="prior">The prior: f is 0 outside its support, and its draws are the proposals. It must have a density.</param>
    /// <param name="logDensity">ln f, the prior's density included.</param>
    /// <param name="count">Number of draws. Range: 1 or more.</param>
    /// <param name="seed">Same seed, same draws.</param>
    /// <param name="options">The method; null for the defaults.</param>
    /// <param name="cancellation">Stops between passes over many points.</param>
    /// <exception cref="DataException">
    /// f is 0 or infinite where it is tried, or the method that was asked for does not suit it; the message says why.
    /// </exception>
    public static DensityDraws Draw(
        Prior prior, ParameterLogDensity logDensity, int count, Seed seed, SamplingOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        RequireDensity(prior);
        return Draw(new SampledDensity(prior, logDensity, new PriorProposal(prior), cancellation), count, seed, options ?? new());
    }

    /// <exception cref="DataException">The prior has no density.</exception>
    internal static void RequireDensity(Prior prior)
    {
        if (!prior.HasDensity)
        {
            throw new DataException(
                $"The prior of {string.Join(", ", prior.Parameters)} is known by rows of a file alone, so that a density cannot be sampled "
                    + "within it; give a prior with a density.");
        }
    }

    /// <summary>The same from other proposals than the prior's.</summary>
    internal static DensityDraws Draw(SampledDensity density, int count, Seed seed, SamplingOptions options)
    {
        bool isSmall = density.Prior.Parameters.Count <= 2;
        switch (options.Method)
        {
            case SamplingMethod.Grid:
                return GridSampler.Draw(density, count, seed, options);
            case SamplingMethod.DifferentialEvolution:
                return DifferentialEvolution.Draw(density, count, seed, options);
            case SamplingMethod.ImportanceResampling:
                return ImportanceResampler.TryDraw(density, count, seed, options, out string whyNot) ?? throw new DataException(whyNot);
            case SamplingMethod.AnnealedKernels:
                return AnnealedKernels.Draw(density, count, seed, options);
            default:
                return ImportanceResampler.TryDraw(density, count, seed, options, out _)
                    ?? (isSmall ? GridSampler.Draw(density, count, seed, options)
                        : DifferentialEvolution.Draw(density, count, seed, options));
        }
    }
}
