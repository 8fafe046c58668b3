using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics.Probability;

namespace Gbi.Diagnostics.Closure;

/// <summary>
/// The Kolmogorov–Smirnov distance in one feature between the numerator and the denominator weighted by r:
/// D = max over t of |F₁(t) − F₀(t)|, F₀(t) = Σ w r [x ≤ t] / Σ w r. Missing values count as the lowest.
/// </summary>
/// <param name="Feature">The feature.</param>
/// <param name="Distance">D. Range: [0, 1] for positive weights.</param>
/// <param name="EffectiveCount">n, the number of events in a one-sample test that is as sharp as this one; see the remarks.</param>
/// <param name="Probability">p: how often equal distributions lie this far apart or farther.</param>
/// <remarks>
/// p = Q(λ) with λ = (√n + 0.12 + 0.11/√n) D (Stephens, J. R. Stat. Soc. B 32 (1970) 115) and Kolmogorov's Q. Weights make it
/// approximate. To begin with n = n₁n₀/(n₁+n₀), with each sample's effective number (Σ w)²/Σ w². That takes the weights for independent
/// of the feature; where large weights sit at one end of it, F₀ varies more, and n is lowered to 1/(4 V), with V the largest variance
/// of F₁ − F₀ at any t (1/(4n) for equal weights). Both leave out that the path to the maximum is not quite a Brownian bridge's.
/// </remarks>
public sealed record FeatureDistance(string Feature, double Distance, double EffectiveCount, double Probability)
{
    /// <summary>The distance in one feature.</summary>
    /// <exception cref="DataException">There is no such column.</exception>
    public static FeatureDistance Of(string feature, ScoredEvents numerator, ScoredEvents denominator)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        EventTable events = numerator.Events;
        var ranked = new RankedScores(new(events[feature], events.Weights), new(denominator.Events[feature], denominator.RatioWeights));
        double first = WeightSums.Of(events.Weights, events.Count).EffectiveCount;
        double second = WeightSums.Of(denominator.RatioWeights, denominator.Events.Count).EffectiveCount;
        (double distance, double variance) = ranked.LargestDistance();

        // A feature with one value has no variance and no distance.
        double effective = Math.Min(first * second / (first + second), variance > 0 ? 1 / (4 * variance) : double.PositiveInfinity);
        return new FeatureDistance(
            feature, distance, effective, TailProbability.OfKolmogorovDistance(distance, effective));
    }

    /// <summary>The distance that equal distributions exceed with a probability; see
    /// <see cref="TailProbability.KolmogorovDistance"/>.</summary>
    internal double CriticalDistance(double probability) => TailProbability.KolmogorovDistance(probability, EffectiveCount);
}
