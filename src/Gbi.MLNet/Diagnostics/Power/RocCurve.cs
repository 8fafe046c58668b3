using Gbi.Events;

namespace Gbi.Diagnostics.Power;

/// <summary>The separation of two weighted samples by a score.</summary>
public static class RocCurve
{
    /// <summary>
    /// Area under the curve: the probability that an event of the first sample scores above one of the second, ties counting half.
    /// 0.5 where the score does not separate the samples.
    /// </summary>
    public static double Area(WeightedScores first, WeightedScores second) => new RankedScores(first, second).Area;

    /// <summary>
    /// The area A and its statistical error. With the placement of an event, the share of the other sample that it beats
    /// (a of the first sample: the weight of the second below it; b of the second: the weight of the first above it),
    /// Var A = Σ u² (a − A)² / (Σ u)² + Σ v² (b − A)² / (Σ v)²
    /// for weights u of the first and v of the second sample.
    /// </summary>
    /// <remarks>
    /// DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837, for weighted events: A is a smooth function of weighted sums, whose
    /// linear part gives an event the influence u (a − A) / Σ u. With unit weights it is theirs but for n − 1 in place of n. Weights
    /// may have either sign; the normalisation by their sums is part of the formula.
    /// </remarks>
    public static Estimate AreaWithError(WeightedScores first, WeightedScores second)
    {
        var ranked = new RankedScores(first, second);
        return new Estimate(ranked.Area, ranked.AreaError());
    }
}
