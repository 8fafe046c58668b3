using Gbi.Events;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Sampling;

/// <summary>
/// Sampling and importance resampling without repeats: a proposal θ ~ g is kept with the probability min(1, w/c), w = f/g. c cuts off a
/// thousandth of Σw at most, so that the draws are independent and their density is within a total variation of a thousandth of f.
/// </summary>
/// <remarks>
/// Resampling with replacement hands out the same point many times; a classifier or a rank test takes the repeats for structure.
/// </remarks>
internal static class ImportanceResampler
{
    /// <summary>Below this effective size of the proposals their weights say nothing.</summary>
    public const double LeastEffectiveSize = 200;

    private const double CutOff = 1e-3;

    /// <summary>Draws; null and a sentence where the proposals do not suffice.</summary>
    public static DensityDraws? TryDraw(SampledDensity density, int count, Seed seed, SamplingOptions options, out string whyNot)
    {
        Proposals proposals = Proposals.Of(density, Math.Min(options.MaxProposals, options.FirstProposals), seed, null);
        Acceptance acceptance = Acceptance.Of(proposals.LogWeights);

        // As many as are kept of those so far say how many are needed; a twentieth more for chance.
        while (NeededFactor(acceptance, count) is > 1 and var factor && proposals.Count < options.MaxProposals)
        {
            double wanted = proposals.Count * Math.Clamp(factor, 1.1, 8);

            // No more is spent on proposals of which far too few are kept.
            if (proposals.Count >= 4 * options.FirstProposals && proposals.Count * factor > 4.0 * options.MaxProposals)
            {
                break;
            }

            proposals = Proposals.Of(density, (int)Math.Min(wanted, options.MaxProposals), seed, proposals);
            acceptance = Acceptance.Of(proposals.LogWeights);
        }

        if (!(acceptance.EffectiveSize >= LeastEffectiveSize))
        {
            whyNot = Text($"{proposals.Count:N0} proposals are worth {acceptance.EffectiveSize:F0} draws of the density, expected ")
                + Text($"{LeastEffectiveSize:F0} or more: it is much narrower than they are; use differential evolution, or a grid for ")
                + "one or two parameters.";
            return null;
        }

        Seed ofChoice = seed.Child("choice");
        int[] kept = [.. Enumerable.Range(0, proposals.Count)
            .Where(row => ofChoice.Uniform(row) < acceptance.Probability(proposals.LogWeights[row])).Take(count)];
        if (kept.Length < count)
        {
            whyNot = Text($"{proposals.Count:N0} proposals gave {kept.Length:N0} draws, expected {count:N0}; ask for fewer, raise ")
                + "MaxProposals, or use another method.";
            return null;
        }

        whyNot = "";
        return new DensityDraws
        {
            Table = proposals.Table.Select(kept),
            LogDensities = Array.ConvertAll(kept, row => proposals.LogDensities[row]),
            Method = SamplingMethod.ImportanceResampling,
            EffectiveSize = Math.Min(count, acceptance.EffectiveSize),
            LogIntegral = acceptance.LogMean,
            EvaluationCount = density.EvaluationCount,
        };
    }

    private static double NeededFactor(Acceptance acceptance, int count) => Math.Max(
        (1.05 * count + (3 * Math.Sqrt(count))) / acceptance.ExpectedCount, LeastEffectiveSize / acceptance.EffectiveSize);

    /// <summary>With which probability proposals are kept.</summary>
    private sealed record Acceptance(double LogCut, double ExpectedCount, double EffectiveSize, double LogMean)
    {
        public double Probability(double logWeight) => Math.Min(1, Math.Exp(logWeight - LogCut));

        public static Acceptance Of(double[] logWeights)
        {
            var importance = ImportanceWeights.Of(logWeights);
            if (importance.EffectiveSize == 0)
            {
                return new Acceptance(0, double.Epsilon, double.Epsilon, double.NegativeInfinity);
            }

            double largest = logWeights.Max();
            double[] weights = [.. logWeights.Select(value => Math.Exp(value - largest)).OrderDescending()];
            double sum = weights.Sum();

            // Σ (w − c)₊ of the k largest is their sum less k c.
            double cut = weights[0];
            double above = 0;
            for (int k = 1; k < weights.Length; k++)
            {
                above += weights[k - 1];
                if (above - (k * weights[k]) > CutOff * sum)
                {
                    cut = Math.Min(cut, (above - (CutOff * sum)) / k);
                    break;
                }

                cut = weights[k];
            }

            cut = Math.Max(cut, double.Epsilon);
            return new Acceptance(
                largest + Math.Log(cut), weights.Sum(weight => Math.Min(weight / cut, 1)), importance.EffectiveSize,
                importance.LogEvidence);
        }
    }
}

/// <summary>Draws of a proposal with their weights.</summary>
/// <param name="Table">The draws.</param>
/// <param name="LogDensities">ln f of each.</param>
/// <param name="LogWeights">ln f/g of each.</param>
internal sealed record Proposals(EventTable Table, double[] LogDensities, double[] LogWeights)
{
    public int Count => LogWeights.Length;

    /// <summary>So many proposals, those of an earlier call of the same seed first.</summary>
    public static Proposals Of(SampledDensity density, int count, Seed seed, Proposals? earlier)
    {
        EventTable table = density.Proposal.Draw(count, seed.Child("proposals"));
        int known = earlier?.Count ?? 0;
        EventTable added = table.Slice(known, count - known);
        double[] logDensities = density.LogDensity(added);
        double[] logWeights = density.Proposal.LogDensity(added);
        for (int row = 0; row < logWeights.Length; row++)
        {
            logWeights[row] = double.IsNegativeInfinity(logDensities[row])
                ? double.NegativeInfinity
                : logDensities[row] - logWeights[row];
        }

        return new Proposals(
            table, [.. earlier?.LogDensities ?? [], .. logDensities], [.. earlier?.LogWeights ?? [], .. logWeights]);
    }
}
