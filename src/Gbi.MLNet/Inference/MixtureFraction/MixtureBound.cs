using Gbi.Events;
using Gbi.Numerics.Probability;

namespace Gbi.Inference.MixtureFraction;

/// <summary>
/// A lower limit on the share of the data that is not background, without an assumption about what it is. Of
/// p = (1 − μ) p_B + μ p_S with an unknown p_S only p ≥ (1 − μ) p_B is known: a region with a share b of the background and d
/// of the data shows μ ≥ 1 − d/b. Regions are the lowest scores, where the ratio p/p_B is smallest. No estimate and
/// no upper limit follows: a signal that is distributed as the background leaves no trace.
/// </summary>
/// <param name="Lower">The lower limit of μ; 0 where no region shows more. Range: [0, 1].</param>
/// <param name="ConfidenceLevel">At least the probability that μ is not below the limit, where the background sample is right within its
/// error.</param>
/// <param name="BackgroundShare">b, the background's share in the region that gives the limit.</param>
/// <param name="DataShare">d, the data's share in that region.</param>
/// <remarks>
/// inf p/p_B = 1 − μ for a signal that avoids some of the background: Blanchard, Lee and Scott, JMLR 11 (2010) 2973. The limit is the
/// smallest μ at which (1 − μ) b − d is not above z standard deviations of the binomial share of the data and of b, where z leaves
/// (1 − level)/K to one of K regions, so that the limit holds for all of them together (Bonferroni). The scores have to come from models
/// that saw neither the events nor what their weights rest on.
/// </remarks>
public sealed record MixtureBound(double Lower, double ConfidenceLevel, double BackgroundShare, double DataShare)
{
    /// <summary>Fewest events of the data that are expected inside and outside of a region: below, the normal approximation
    /// fails.</summary>
    private const double FewestEvents = 25;

    /// <summary>Shares of the background in the lowest scores that are looked at.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0.9, 0.97, 0.99];

    /// <summary>Finds the limit from scores.</summary>
    /// <param name="data">The data; scores higher where they exceed the background, none NaN.</param>
    /// <param name="background">The background sample; weights of any sign.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <exception cref="ArgumentException">A score is NaN, or the level is out of range; the message holds the numbers.</exception>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public static MixtureBound Of(WeightedScores data, WeightedScores background, double confidenceLevel = Fits.ConfidenceLevel.Usual)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(background);
        data.Checked("data");
        background.Checked("background");
        MixtureRegion[] regions =
            [.. Shares.Select(share => MixtureRegion.UpTo(background.LowerQuantile(share), data, background))];
        return OfRegions(regions, confidenceLevel);
    }

    /// <summary>Finds the limit from shares in regions.</summary>
    /// <param name="regions">At least one, chosen without looking at the data.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <param name="width">Factor on all standard deviations, where the shares fluctuate more than independent events do. Range: 1 or
    /// more.</param>
    /// <exception cref="ArgumentException">There is no region, or the level is out of range.</exception>
    public static MixtureBound OfRegions(
        IReadOnlyList<MixtureRegion> regions, double confidenceLevel = Fits.ConfidenceLevel.Usual, double width = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(regions);
        ArgumentOutOfRangeException.ThrowIfZero(regions.Count, nameof(regions));
        if (!(confidenceLevel is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(confidenceLevel), confidenceLevel, "The confidence level must lie between 0 and 1.");
        }

        double z = width * LogTail.NormalQuantile(Math.Log((1 - confidenceLevel) / regions.Count));
        var best = new MixtureBound(0, confidenceLevel, regions[0].BackgroundShare, regions[0].DataShare);
        foreach (MixtureRegion region in regions)
        {
            double lower = region.DataCount * Math.Min(region.BackgroundShare, 1 - region.BackgroundShare) < FewestEvents
                ? 0
                : region.LowerLimit(z);
            best = lower > best.Lower ? new MixtureBound(lower, confidenceLevel, region.BackgroundShare, region.DataShare) : best;
        }

        return best;
    }
}

/// <summary>A region of a score.</summary>
/// <param name="BackgroundShare">b, share of the background in it.</param>
/// <param name="BackgroundVariance">Variance of b.</param>
/// <param name="DataShare">d, share of the data in it.</param>
/// <param name="DataCount">Number of unweighted events with the same error as the data.</param>
public sealed record MixtureRegion(double BackgroundShare, double BackgroundVariance, double DataShare, double DataCount)
{
    private const int Halvings = 60;

    /// <summary>The scores up to a threshold.</summary>
    internal static MixtureRegion UpTo(float threshold, WeightedScores data, WeightedScores background)
    {
        // The variance of a share of weights: ((1−b)² Σ w² inside + b² Σ w² outside)/(Σ w)²; b (1−b)/n without weights.
        (double sum, double squares) = (background.SumOfWeights, background.SumOfSquaredWeights);
        WeightSums inside = background.UpTo(threshold);
        double share = inside.Sum / sum;
        double variance = (((1 - share) * (1 - share) * inside.Squares) + (share * share * (squares - inside.Squares))) / (sum * sum);
        return new MixtureRegion(share, variance, data.UpTo(threshold).Sum / data.SumOfWeights, data.Sums.EffectiveCount);
    }

    /// <summary>The smallest μ at which (1 − μ) b − d is at most z standard deviations; 0 where it is at μ = 0.</summary>
    internal double LowerLimit(double z)
    {
        (double low, double high) = (0, 1);
        for (int step = 0; step < Halvings && Pull(0) > z; step++)
        {
            double middle = (low + high) / 2;
            (low, high) = Pull(middle) > z ? (middle, high) : (low, middle);
        }

        return low;
    }

    private double Pull(double fraction)
    {
        double expected = (1 - fraction) * BackgroundShare;
        double variance = (expected * (1 - expected) / DataCount) + ((1 - fraction) * (1 - fraction) * BackgroundVariance);
        return (expected - DataShare) / Math.Sqrt(variance);
    }
}
