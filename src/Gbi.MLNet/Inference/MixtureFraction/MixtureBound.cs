using Gbi.Events;
using MathNet.Numerics.Distributions;

namespace Gbi.Inference.MixtureFraction;

/// <summary>
/// A lower limit on the share of the data that is not background, without an assumption about what it is. Of
/// p = (1 − μ) p_B + μ p_S with an unknown p_S only p ≥ (1 − μ) p_B is known: a region with a share b of the background and d
/// of the data shows μ ≥ 1 − d/b. Regions are the lowest scores, where the ratio p/p_B is smallest. No estimate and
/// no upper limit follows: a signal that is distributed as the background leaves no trace.
/// </summary>
/// <param name="Lower">The lower limit of μ; 0 where no region shows more. Range: [0, 1].</param>
/// <param name="ConfidenceLevel">At least the probability that μ is not below the limit, where the background sample is right.</param>
/// <param name="Region">Share of the background with the lowest scores in the region that gives the limit.</param>
/// <param name="BackgroundShare">b, the background's share in that region.</param>
/// <param name="DataShare">d, the data's share in that region.</param>
/// <remarks>
/// inf p/p_B = 1 − μ for a signal that avoids some of the background: Blanchard, Lee and Scott, JMLR 11 (2010) 2973. With K regions the
/// limits of Clopper and Pearson on d from above and on b from below have the probability (1 − level)/2K each to fail, so that the limit
/// holds for all of them together. Weighted samples count as the number of events with the same error of the share. The scores have to come
/// from models that did not see the events. What the background sample gets wrong is not covered.
/// </remarks>
public sealed record MixtureBound(double Lower, double ConfidenceLevel, double Region, double BackgroundShare, double DataShare)
{
    private static readonly double[] Shares = [0.5, 0.3, 0.2, 0.1, 0.05];

    /// <summary>Finds the limit.</summary>
    /// <param name="data">The data; scores higher where they exceed the background, none NaN.</param>
    /// <param name="background">The background sample; weights of any sign.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <exception cref="ArgumentException">A score is NaN, or the level is out of range; the message holds the numbers.</exception>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public static MixtureBound Of(WeightedScores data, WeightedScores background, double confidenceLevel = Fits.ConfidenceLevel.Usual)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(background);
        if (!(confidenceLevel is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(confidenceLevel), confidenceLevel, "The confidence level must lie between 0 and 1.");
        }

        data.Checked("data");
        background.Checked("background");
        double tail = (1 - confidenceLevel) / (2 * Shares.Length);
        var best = new MixtureBound(0, confidenceLevel, Shares[0], double.NaN, double.NaN);
        foreach (double share in Shares)
        {
            float threshold = background.LowerQuantile(share);
            var ofBackground = Share.UpTo(threshold, background);
            var ofData = Share.UpTo(threshold, data);
            double bound = 1 - (ofData.Upper(tail) / ofBackground.Lower(tail));
            if (bound > best.Lower || double.IsNaN(best.BackgroundShare))
            {
                best = new MixtureBound(Math.Max(0, bound), confidenceLevel, share, ofBackground.Value, ofData.Value);
            }
        }

        return best;
    }

    /// <summary>A share of a sample with the number of unweighted events of the same error.</summary>
    private readonly record struct Share(double Value, double EventCount)
    {
        private double Inside => Value * EventCount;

        /// <summary>The share of a sample's weight up to a threshold.</summary>
        public static Share UpTo(float threshold, WeightedScores events)
        {
            // The variance of a share of weights: ((1−b)² Σ w² inside + b² Σ w² outside)/(Σ w)²; b (1−b)/n without weights.
            (double sum, double squares) = (events.SumOfWeights, events.SumOfSquaredWeights);
            WeightSums inside = events.UpTo(threshold);
            double share = inside.Sum / sum;
            double variance = (((1 - share) * (1 - share) * inside.Squares) + (share * share * (squares - inside.Squares))) / (sum * sum);
            return new Share(share, share is > 0 and < 1 ? share * (1 - share) / variance : sum * sum / squares);
        }

        public double Upper(double tail) =>
            Value < 1 ? Beta.InvCDF(Math.Max(0, Inside) + 1, EventCount - Math.Max(0, Inside), 1 - tail) : 1;

        public double Lower(double tail) => Value > 0 && Value < 1
            ? Beta.InvCDF(Inside, EventCount - Inside + 1, tail)
            : Value >= 1 ? Math.Pow(tail, 1 / EventCount) : 0;
    }
}
