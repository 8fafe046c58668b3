using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Truncation;

/// <summary>Draws of a prior in a region H.</summary>
/// <param name="Points">θ ~ p(θ|θ∈H), a column a parameter.</param>
/// <param name="LogProbability">Estimate of ln ∫_H p(θ) dθ.</param>
/// <param name="IsResampled">Whether they are draws of the last posterior, resampled to the prior.</param>
internal sealed record TruncatedPriorDraws(EventTable Points, double LogProbability, bool IsResampled)
{
    private const int BlockSize = 50_000;

    // Below this acceptance, draws of the posterior cost less: a tenth of them or so can be kept.
    private const double LeastAcceptance = 2e-3;

    // Draws for each that is kept, where the weights allow it: more would have points in common with a sample of the weighted ones.
    private const int EffectiveDrawsOfADraw = 5;
    private const int MostDrawsOfADraw = 500;

    /// <summary>Draws points: of the prior, of which those in the region are kept, or where these are few of the last posterior.</summary>
    /// <exception cref="DataException">The region is so small that neither gives so many points.</exception>
    public static TruncatedPriorDraws Of(Prior prior, HighDensityRegion region, int count, Seed seed, CancellationToken cancellation)
    {
        EventTable? points = null;
        long tried = 0;
        for (int block = 0; (points?.Count ?? 0) < count; block++)
        {
            // As many as are missing at the acceptance so far.
            int found = points?.Count ?? 0;
            double acceptance = tried == 0 ? 1 : Math.Max(1e-6, (double)found / tried);
            if (tried >= BlockSize && acceptance < LeastAcceptance && prior.HasDensity && region.Bounds.Count > 0)
            {
                return Resampled(prior, region, count, seed.Child("resampled"), cancellation);
            }

            int next = (int)Math.Min(BlockSize, Math.Ceiling(1.1 * (count - found) / acceptance) + 20);
            EventTable drawn = prior.Draw(next, seed.Child(block));
            EventTable inside = drawn.Select(region.RowsInside(drawn, cancellation));
            points = points?.Append(inside) ?? inside;
            tried += next;
            RequireHope(points.Count, tried);
        }

        return new TruncatedPriorDraws(points!.Slice(0, count), Math.Log((double)points.Count / tried), IsResampled: false);
    }

    private static void RequireHope(int found, long tried)
    {
        if (tried > 20_000_000 && found < tried * 1e-6)
        {
            throw new DataException(Text(
                $"{found:N0} of {tried:N0} draws of the prior lie where the posterior has density; a prior by rows of a file cannot be ")
                + "resampled from the posterior, so give one by densities, or make fewer rounds.");
        }
    }

    /// <summary>Draws of the last posterior in the region, chosen without replacement with weights p(θ)/q(θ).</summary>
    private static TruncatedPriorDraws Resampled(
        Prior prior, HighDensityRegion region, int count, Seed seed, CancellationToken cancellation)
    {
        IPosteriorModel last = region.Bounds[^1].Model;
        EventTable? points = null;
        double[] logWeights = [];
        int tried = 0;
        for (int round = 0; ; round++)
        {
            PosteriorDraws drawn = last.Draw(region.Observation, Math.Max(BlockSize, 2 * tried), seed.Child(round), cancellation);
            int[] inside = region.RowsInside(drawn.Table, cancellation);
            EventTable kept = drawn.Table.WithColumns(prior.Parameters).Select(inside);
            points = points?.Append(kept) ?? kept;
            logWeights = [.. logWeights, .. prior.LogDensities(kept).Zip(inside, (density, row) => density - drawn.LogDensities[row])];
            tried += drawn.DrawCount;
            var weights = ImportanceWeights.Of(logWeights.Length == 0 ? [double.NegativeInfinity] : logWeights);
            if (weights.EffectiveSize >= (double)EffectiveDrawsOfADraw * count)
            {
                int[] rows = SystematicSampling.Draw(weights.Shares, count, seed.Child("rows"));
                double logProbability = weights.LogEvidence + Math.Log((double)points.Count / tried);
                return new TruncatedPriorDraws(points.Select(rows), logProbability, IsResampled: true);
            }

            if (tried > (long)MostDrawsOfADraw * Math.Max(count, 1000))
            {
                throw new DataException(Text(
                    $"{tried:N0} draws of the posterior of the last round are worth {weights.EffectiveSize:F0} of the prior where that ")
                    + Text($"posterior has density, expected {EffectiveDrawsOfADraw * count:N0}; make fewer rounds, or more simulations ")
                    + "in each.");
            }
        }
    }
}
