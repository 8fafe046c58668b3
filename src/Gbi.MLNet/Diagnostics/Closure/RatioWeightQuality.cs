using Gbi.Events;
using Gbi.Numerics.Probability;

namespace Gbi.Diagnostics.Closure;

/// <summary>How much of the denominator is left once its events are weighted by w r.</summary>
/// <param name="EffectiveCount">(Σ w r)² / Σ (w r)²: as many events of equal weight have the same statistical error.</param>
/// <param name="RelativeEffectiveCount">The same over the number of events. Range: (0, 1].</param>
/// <param name="LargestShare">The largest |w r| over Σ w r. Range: (0, 1] for positive weights.</param>
/// <param name="ParetoShape">Shape k of the tail of the weights; see <see cref="ParetoTail.Shape"/>.</param>
public sealed record RatioWeightQuality(double EffectiveCount, double RelativeEffectiveCount, double LargestShare, double ParetoShape)
{
    /// <summary>The quality of the weights w r of a sample of the denominator.</summary>
    /// <exception cref="DataException">The weights w r do not sum to more than 0.</exception>
    public static RatioWeightQuality Of(ScoredEvents denominator)
    {
        ArgumentNullException.ThrowIfNull(denominator);
        ReadOnlySpan<double> weights = denominator.RatioWeights;
        var sums = WeightSums.Of(weights, weights.Length);
        WeightSums.RequirePositive(sums.Sum, "The weights of the denominator times the ratio");
        double largest = 0;
        foreach (double weight in weights)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }

        return new RatioWeightQuality(
            sums.EffectiveCount, sums.EffectiveCount / weights.Length, largest / sums.Sum, ParetoTail.Shape(weights));
    }
}
