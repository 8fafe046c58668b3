using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Distributions;

/// <summary>A beta density of one parameter on a range.</summary>
/// <remarks>
/// At an end the density is 0 or infinite. A value that single precision puts there counts as one that is half a step inside, so that every
/// draw has a finite density.
/// </remarks>
internal sealed class BetaPrior : ScalarPrior
{
    /// <summary>Below it, more than 1 % of the values are nearer to an end than single precision can tell.</summary>
    public const double LeastExponent = 0.1;

    private readonly double _logNorm;
    private readonly double _lowest;
    private readonly double _highest;

    public BetaPrior(string name, double a, double b, double low, double high)
        : base(name, low, high)
    {
        RequireRange(name, low, high);
        if (!(Math.Min(a, b) >= LeastExponent) || !double.IsFinite(a + b))
        {
            throw new ArgumentException(Text(
                $"The beta density of parameter '{name}' has a = {a} and b = {b}, expected {LeastExponent} or more: below, single ")
                + "precision cannot hold the values at the ends.");
        }

        (A, B) = (a, b);
        double width = high - low;
        _logNorm = LogMath.Gamma(a) + LogMath.Gamma(b) - LogMath.Gamma(a + b) + Math.Log(width);
        _lowest = SinglePrecision.Step(low) / 2 / width;
        _highest = SinglePrecision.Step(high) / 2 / width;
    }

    public double A { get; }

    public double B { get; }

    protected override double Sample(Random random) => Low + ((High - Low) * random.NextBeta(A, B));

    protected override double LogDensityOf(double value)
    {
        double width = High - Low;
        double fromLow = Math.Max((value - Low) / width, _lowest);
        double fromHigh = Math.Max((High - value) / width, _highest);
        return ((A - 1) * Math.Log(fromLow)) + ((B - 1) * Math.Log(fromHigh)) - _logNorm;
    }
}
