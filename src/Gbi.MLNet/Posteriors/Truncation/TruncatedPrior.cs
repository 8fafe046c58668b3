using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Truncation;

/// <summary>The density of a prior in a region, for points that are known to be inside it.</summary>
internal sealed class TruncatedPrior(Prior inner, double logProbability) : Prior(inner.Parameters)
{
    public override ParameterKind Kind(int parameter) => inner.Kind(parameter);

    public override IReadOnlyList<double> Values(int parameter) => inner.Values(parameter);

    public override void Draw(Random random, Span<double> point) =>
        throw new NotSupportedException("Points of the region are drawn many at once.");

    public override double LogDensity(ReadOnlySpan<double> point) => inner.LogDensity(point) - logProbability;

    public override (double Low, double High) Range(int parameter, ReadOnlySpan<double> point) => inner.Range(parameter, point);
}
