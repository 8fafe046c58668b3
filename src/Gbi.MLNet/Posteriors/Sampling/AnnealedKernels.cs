using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Correction;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Sampling;

/// <summary>
/// Normal kernels where a density f = p L is, found from draws of the prior p by the densities p L^β: β is raised, as far as the draws are
/// worth a fifth of their number, until it is 1; kernels at the likelier half of the draws propose the next ones.
/// </summary>
/// <remarks>Few values of f are computed, in few calls, which suits a density that costs much.</remarks>
internal static class AnnealedKernels
{
    private const int Points = 1000;
    private const int MostKernels = 200;
    private const int MostStages = 40;
    private const double LeastShare = 0.2;
    private const double WideKernel = 1.2;
    private const double WideShare = 0.25;

    /// <summary>Draws from f.</summary>
    /// <exception cref="DataException">
    /// A parameter takes single values, or f is 0 at all draws of the prior, or too narrow for kernels to follow it.
    /// </exception>
    public static DensityDraws Draw(SampledDensity density, int count, Seed seed, SamplingOptions options)
    {
        Prior prior = density.Prior;
        for (int parameter = 0; parameter < prior.Parameters.Count; parameter++)
        {
            if (prior.Values(parameter).Count > 0)
            {
                throw new DataException(
                    $"The parameter '{prior.Parameters[parameter]}' takes single values, which normal kernels do not propose; use another "
                        + "method.");
            }
        }

        IProposal kernels = TryFind(density, seed.Child("kernels"), last: 1) ?? throw new DataException(
            $"The density of {string.Join(", ", prior.Parameters)} is 0 at every draw of the prior, or has so sharp edges that kernels do "
                + "not follow it; check it, or use another method.");
        DensityDraws draws = ImportanceResampler.TryDraw(density.By(kernels), count, seed, options, out string whyNot)
            ?? throw new DataException(whyNot);
        return draws with { Method = SamplingMethod.AnnealedKernels };
    }

    /// <summary>Finds kernels that propose draws of p L^β.</summary>
    /// <param name="density">p L.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="last">β. Range: (0, 1].</param>
    /// <returns>null where f is 0 at all draws, has no spread, or β does not reach the last one.</returns>
    public static MixtureProposal? TryFind(SampledDensity density, Seed seed, double last)
    {
        IProposal proposal = density.Proposal;
        double power = 0;
        for (int stage = 0; stage < MostStages; stage++)
        {
            EventTable points = proposal.Draw(Points, seed.Child(stage));
            double[] logPrior = density.Prior.LogDensities(points);
            double[] logJoint = density.LogDensity(points);
            double[] logProposal = proposal.LogDensity(points);
            power = Power(logPrior, logJoint, logProposal, power, last);
            var weights = ImportanceWeights.Of(LogWeights(logPrior, logJoint, logProposal, power));
            int kernels = Math.Min(MostKernels, (int)(weights.EffectiveSize / 2));
            if (kernels < 2 * (points.ColumnNames.Count + 1)
                || Around(points.Select(SystematicSampling.Draw(weights.Shares, kernels, seed.Child("kernels").Child(stage))))
                    is not { } found)
            {
                return null;
            }

            if (power >= last)
            {
                return found;
            }

            proposal = found;
        }

        return null;
    }

    /// <summary>Kernels at draws, a quarter of them so wide that no part of the density is far from all.</summary>
    private static MixtureProposal? Around(EventTable draws) =>
        KernelProposal.TryOf(draws) is { } narrow && KernelProposal.TryOf(draws, WideKernel) is { } wide
            ? new MixtureProposal(narrow, wide, WideShare)
            : null;

    /// <summary>
    /// The largest β, from the one that was reached to the last one, with which the draws are worth a fifth of their number.
    /// </summary>
    private static double Power(double[] logPrior, double[] logJoint, double[] logProposal, double reached, double last)
    {
        bool IsWorth(double power) =>
            ImportanceWeights.Of(LogWeights(logPrior, logJoint, logProposal, power)).EffectiveSize >= LeastShare * logPrior.Length;
        (double low, double high) = (reached, last);
        if (IsWorth(high))
        {
            return high;
        }

        for (int step = 0; step < 40; step++)
        {
            double middle = (low + high) / 2;
            (low, high) = IsWorth(middle) ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static double[] LogWeights(double[] logPrior, double[] logJoint, double[] logProposal, double power) =>
    [
        .. logJoint.Select((joint, i) => double.IsNegativeInfinity(joint)
            ? double.NegativeInfinity
            : logPrior[i] + (power * (joint - logPrior[i])) - logProposal[i]),
    ];
}
