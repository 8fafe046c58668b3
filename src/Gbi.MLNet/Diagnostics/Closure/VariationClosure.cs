using Gbi.Events;

namespace Gbi.Diagnostics.Closure;

/// <summary>
/// Whether ln dσ(x|ν)/dσ(x|0) closes at one varied sample, on events that it was not learnt from: the nominal events weighted with the
/// ratio have to become the varied ones, in rate and in every feature.
/// </summary>
/// <param name="Point">ν, one value a parameter.</param>
/// <param name="NominalEvents">Nominal events of the test.</param>
/// <param name="VariedEvents">Varied events of the test.</param>
/// <param name="YieldRatio">σ(ν)/σ(0), the ratio of the sums of weights.</param>
/// <param name="YieldRatioError">Its error for independent samples; smaller ones hold where the samples are made of the same
/// events.</param>
/// <param name="MeanRatio">Mean of the ratio over the nominal events, which is <paramref name="YieldRatio"/> where the ratio is
/// right.</param>
public sealed record VariationClosure(
    IReadOnlyList<double> Point,
    int NominalEvents,
    int VariedEvents,
    double YieldRatio,
    double YieldRatioError,
    Estimate MeanRatio)
{
    /// <summary>The largest distance of a feature between the varied and the nominal events, each normalised to 1.</summary>
    public required FeatureDistance Before { get; init; }

    /// <summary>The largest after the nominal events were weighted with the ratio; what a right ratio leaves is chance.</summary>
    public required FeatureDistance After { get; init; }

    /// <summary>Tests one varied sample.</summary>
    /// <param name="point">ν of the varied sample.</param>
    /// <param name="features">Columns of both tables to compare, one or more.</param>
    /// <param name="nominal">Events at ν = 0 that the ratio did not see.</param>
    /// <param name="varied">Events at ν that it did not see, in the same unit.</param>
    /// <param name="logRatio">ln dσ(x|ν)/dσ(x|0) of the nominal events, finite.</param>
    /// <exception cref="DataException">A column is missing, a log ratio is not finite, or the weights of a sample do not sum to more than
    /// 0.</exception>
    public static VariationClosure Of(
        IReadOnlyList<double> point, IReadOnlyList<string> features, EventTable nominal, EventTable varied, ReadOnlyMemory<float> logRatio)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(nominal);
        ArgumentNullException.ThrowIfNull(varied);
        var first = WeightSums.Of(varied.Weights, varied.Count);
        var second = WeightSums.Of(nominal.Weights, nominal.Count);
        double yieldRatio = WeightSums.RequirePositive(first.Sum, "The weights of the varied events")
            / WeightSums.RequirePositive(second.Sum, "The weights of the nominal events");
        var target = new ScoredEvents(varied, new float[varied.Count]);
        var scored = new ScoredEvents(nominal, logRatio);
        return new VariationClosure(
            point,
            nominal.Count,
            varied.Count,
            yieldRatio,
            yieldRatio * Math.Sqrt((1 / first.EffectiveCount) + (1 / second.EffectiveCount)),
            scored.MeanRatio())
        {
            Before = Largest(features, target, new ScoredEvents(nominal, new float[nominal.Count])),
            After = Largest(features, target, scored),
        };
    }

    private static FeatureDistance Largest(IReadOnlyList<string> features, ScoredEvents varied, ScoredEvents nominal) =>
        features.Select(feature => FeatureDistance.Of(feature, varied, nominal)).MaxBy(distance => distance.Distance)!;
}
