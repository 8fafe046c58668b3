using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Diagnostics.Closure;

/// <summary>The mean of r over the denominator, which is 1 for a ratio of two normalised densities: ∫ p₀ (p₁/p₀) = 1.</summary>
/// <param name="Value">C = Σ w r / Σ w.</param>
/// <param name="Error">
/// Its statistical error: √(Σ w² (r − C)²) / Σ w of this sample and, in quadrature, C times <see cref="ScoredEvents.NormalisationError"/>
/// of the sample that normalised the ratio.
/// </param>
public sealed record MeanRatio(double Value, double Error)
{
    /// <summary>The mean over a sample of the denominator.</summary>
    /// <exception cref="DataException">The weights do not sum to more than 0.</exception>
    public static MeanRatio Of(ScoredEvents denominator)
    {
        ArgumentNullException.ThrowIfNull(denominator);
        EventTable events = denominator.Events;
        double sumOfWeights = WeightSums.RequirePositive(events.SumOfWeights, "The weights of the denominator");
        double mean = EventBlocks.Sum(events.Count, (start, length) =>
        {
            double sum = 0;
            foreach (double weight in denominator.RatioWeights.Slice(start, length))
            {
                sum += weight;
            }

            return sum;
        }) / sumOfWeights;
        double variance = EventBlocks.Sum(events.Count, (start, length) =>
        {
            double sum = 0;
            for (int row = start; row < start + length; row++)
            {
                double pull = denominator.RatioWeights[row] - (events.Weight(row) * mean);
                sum += pull * pull;
            }

            return sum;
        });
        double shared = mean * denominator.NormalisationError;
        return new MeanRatio(mean, Math.Sqrt((variance / (sumOfWeights * sumOfWeights)) + (shared * shared)));
    }
}
