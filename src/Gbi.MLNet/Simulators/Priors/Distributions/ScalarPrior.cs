using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Distributions;

/// <summary>A prior of one real number in a range, its ends included.</summary>
internal abstract class ScalarPrior(string name, double low, double high) : Prior([name])
{
    public double Low => low;

    public double High => high;

    public sealed override (double Low, double High) Range(int parameter, ReadOnlySpan<double> point) => (low, high);

    public sealed override void Draw(Random random, Span<double> point) => point[0] = Sample(random);

    public sealed override double LogDensity(ReadOnlySpan<double> point) =>
        point[0] >= low && point[0] <= high ? LogDensityOf(point[0]) : double.NegativeInfinity;

    protected abstract double Sample(Random random);

    /// <summary>ln p of a value in the range.</summary>
    protected abstract double LogDensityOf(double value);

    /// <summary>Refuses a range that is empty, not finite or too narrow.</summary>
    protected static void RequireRange(string name, double low, double high)
    {
        if (!(low < high) || !double.IsFinite(low) || !double.IsFinite(high))
        {
            throw new ArgumentException(Text(
                $"Parameter '{name}' has the range [{low}, {high}], expected two finite numbers, the lower one first."));
        }

        SinglePrecision.Require(name, high - low, Math.Abs(low) > Math.Abs(high) ? low : high);
    }

    /// <summary>Refuses a number that is not above 0.</summary>
    protected static void RequirePositive(string name, string what, double value)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentException(Text($"The {what} of parameter '{name}' is {value}, expected a finite number above 0."));
        }
    }
}

/// <summary>A flat density in a range.</summary>
internal sealed class UniformPrior : ScalarPrior
{
    private readonly double _logDensity;

    public UniformPrior(string name, double low, double high, bool isPeriodic)
        : base(name, low, high)
    {
        RequireRange(name, low, high);
        IsPeriodic = isPeriodic;
        _logDensity = -Math.Log(high - low);
    }

    public bool IsPeriodic { get; }

    public override ParameterKind Kind(int parameter) => IsPeriodic ? ParameterKind.Periodic : ParameterKind.Continuous;

    protected override double Sample(Random random) => Low + ((High - Low) * random.NextDouble());

    protected override double LogDensityOf(double value) => _logDensity;
}
