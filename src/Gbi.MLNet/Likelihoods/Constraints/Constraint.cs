using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Constraints;

/// <summary>
/// What is known of a parameter θ from elsewhere: an auxiliary measurement m with a known probability p(m|θ). A parameter without one
/// has none of these.
/// </summary>
public abstract record Constraint
{
    private protected static readonly double LogOfRootTwoPi = 0.5 * Math.Log(2 * Math.PI);

    private protected Constraint(double observed) => Observed = observed;

    /// <summary>m, as observed.</summary>
    public double Observed { get; }

    /// <summary>The standard deviation of θ that the measurement alone gives, in the parabola at its best value.</summary>
    public abstract double Width { get; }

    /// <summary>The value of θ where p(m|θ) is largest.</summary>
    public abstract double BestValue { get; }

    /// <summary>m ~ N(θ, 1): a parameter in standard deviations.</summary>
    /// <param name="observed">The auxiliary measurement. Finite.</param>
    public static Constraint UnitGaussian(double observed = 0) => Gaussian(observed, 1);

    /// <summary>m ~ N(θ, σ²).</summary>
    /// <param name="observed">The auxiliary measurement. Finite.</param>
    /// <param name="width">σ. Range: above 0.</param>
    public static Constraint Gaussian(double observed, double width) => double.IsFinite(observed)
        ? new GaussianConstraint(observed, RequirePositive(width))
        : throw new ArgumentOutOfRangeException(nameof(observed), observed, "The auxiliary measurement must be finite.");

    /// <summary>ln m ~ N(ln θ, ln²κ): a positive factor θ known to a factor κ.</summary>
    /// <param name="kappa">The factor of one standard deviation. Range: above 1.</param>
    /// <param name="observed">The auxiliary measurement of θ. Range: above 0.</param>
    public static Constraint LogNormal(double kappa, double observed = 1) =>
        kappa > 1 && double.IsFinite(kappa)
            ? new LogNormalConstraint(kappa, RequirePositive(observed))
            : throw new ArgumentOutOfRangeException(
                nameof(kappa), kappa, "κ of a log-normal constraint must be above 1: it is the factor of one standard deviation.");

    /// <summary>m ~ Poisson(θτ): a positive factor θ on the expectation τ of a control measurement that counted m.</summary>
    /// <param name="expected">τ. Range: above 0.</param>
    /// <param name="observed">m; τ itself unless given. Range: 0 or more.</param>
    public static Constraint Poisson(double expected, double? observed = null) => observed is null or >= 0 and < double.PositiveInfinity
        ? new PoissonConstraint(RequirePositive(expected), observed ?? expected)
        : throw new ArgumentOutOfRangeException(
            nameof(observed), observed, "The count of a Poisson constraint must be finite and not negative.");

    /// <summary>−ln p(m|θ) less its minimum over θ, with derivatives by θ; +∞ outside the domain.</summary>
    public ValueWithDerivatives At(double parameter) => At(parameter, Observed);

    /// <summary>What the measurement is on average: its Asimov value.</summary>
    public abstract double Expected(double parameter);

    /// <summary>The same for another outcome of the measurement.</summary>
    public abstract ValueWithDerivatives At(double parameter, double observed);

    /// <summary>The minimum of −ln p(m|θ) over θ.</summary>
    public abstract double LeastNll(double observed);

    /// <summary>Draws m.</summary>
    public abstract double Draw(double parameter, Random random);

    /// <summary>The outcome one standard deviation away from another: above it for +1, below it for −1.</summary>
    public abstract double Shifted(double observed, int sign);

    /// <summary>Whether m can be an outcome of the measurement.</summary>
    public abstract bool IsPossible(double observed);

    private static double RequirePositive(double value) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, Text($"A constraint has {value}, expected a finite number above 0."));
}

/// <summary>m ~ N(θ, σ²).</summary>
internal sealed record GaussianConstraint(double Measured, double Sigma) : Constraint(Measured)
{
    public override double Width => Sigma;

    public override double BestValue => Observed;

    public override double Expected(double parameter) => parameter;

    public override ValueWithDerivatives At(double parameter, double observed)
    {
        double pull = (parameter - observed) / Sigma;
        return new(0.5 * pull * pull, pull / Sigma, 1 / (Sigma * Sigma));
    }

    public override double LeastNll(double observed) => Math.Log(Sigma) + LogOfRootTwoPi;

    public override double Draw(double parameter, Random random) => random.NextNormal(parameter, Sigma);

    public override double Shifted(double observed, int sign) => observed + (sign * Sigma);

    public override bool IsPossible(double observed) => double.IsFinite(observed);
}

/// <summary>ln m ~ N(ln θ, ln²κ).</summary>
internal sealed record LogNormalConstraint(double Kappa, double Measured) : Constraint(Measured)
{
    public override double Width => Observed * Math.Log(Kappa);

    public override double BestValue => Observed;

    public override double Expected(double parameter) => parameter;

    public override ValueWithDerivatives At(double parameter, double observed)
    {
        if (!(parameter > 0))
        {
            return new(double.PositiveInfinity, 0, 0);
        }

        double sigma = Math.Log(Kappa);
        double pull = Math.Log(parameter / observed) / sigma;
        double slope = 1 / (sigma * parameter);
        return new(0.5 * pull * pull, pull * slope, (slope * slope) - (pull * slope / parameter));
    }

    public override double LeastNll(double observed) => Math.Log(observed * Math.Log(Kappa)) + LogOfRootTwoPi;

    public override double Draw(double parameter, Random random) => parameter * Math.Exp(random.NextNormal(0, Math.Log(Kappa)));

    public override double Shifted(double observed, int sign) => observed * Math.Pow(Kappa, sign);

    public override bool IsPossible(double observed) => observed > 0 && double.IsFinite(observed);
}

/// <summary>m ~ Poisson(θτ).</summary>
internal sealed record PoissonConstraint(double Scale, double Measured) : Constraint(Measured)
{
    public override double Width => Math.Sqrt(Math.Max(Observed, 1)) / Scale;

    public override double BestValue => Observed / Scale;

    public override double Expected(double parameter) => parameter * Scale;

    public override ValueWithDerivatives At(double parameter, double observed)
    {
        if (parameter < 0 || !(parameter > 0 || observed == 0))
        {
            return new(double.PositiveInfinity, 0, 0);
        }

        if (observed == 0)
        {
            return new(parameter * Scale, Scale, 0);
        }

        // With z = θτ/m − 1: m (z − ln(1+z)), which keeps its digits near the minimum.
        double excess = ((parameter * Scale) - observed) / observed;
        return new(observed * (excess - LogMath.OnePlus(excess)), Scale - (observed / parameter), observed / (parameter * parameter));
    }

    public override double LeastNll(double observed) => PoissonCount.LeastNll(observed);

    public override double Draw(double parameter, Random random) => random.NextPoissonCount(parameter * Scale);

    public override double Shifted(double observed, int sign) => Math.Max(0, observed + (sign * Math.Sqrt(Math.Max(observed, 1))));

    public override bool IsPossible(double observed) => observed >= 0 && double.IsFinite(observed);
}

/// <summary>A function of one parameter at a point.</summary>
/// <param name="Value">f.</param>
/// <param name="First">f′.</param>
/// <param name="Second">f″.</param>
public readonly record struct ValueWithDerivatives(double Value, double First, double Second);
