using System.Globalization;
using Gbi.Numerics;

namespace Gbi.Systematics;

/// <summary>
/// What is known of a nuisance parameter from elsewhere: the negative log of the probability of its auxiliary measurement, less its
/// minimum, so that it is 0 where the parameter agrees with the measurement.
/// </summary>
public abstract record Constraint
{
    private protected Constraint()
    {
    }

    /// <summary>No constraint: the data alone determine the parameter.</summary>
    public static Constraint None { get; } = new FreeParameter();

    /// <summary>½ (ν − observed)²: a parameter in standard deviations.</summary>
    /// <param name="observed">The auxiliary measurement, 0 unless an impact or a toy shifts it. Finite.</param>
    public static Constraint UnitGaussian(double observed = 0) => double.IsFinite(observed)
        ? new UnitGaussianConstraint(observed)
        : throw new ArgumentOutOfRangeException(nameof(observed), observed, "The auxiliary measurement must be finite.");

    /// <summary>½ (ln(θ/observed) / ln κ)²: a positive factor θ known to a factor κ.</summary>
    /// <param name="kappa">The factor of one standard deviation. Range: above 1.</param>
    /// <param name="observed">The auxiliary measurement of θ. Range: above 0.</param>
    public static Constraint LogNormal(double kappa, double observed = 1) =>
        kappa > 1 && double.IsFinite(kappa)
            ? new LogNormalConstraint(kappa, RequirePositive(observed))
            : throw new ArgumentOutOfRangeException(
                nameof(kappa), kappa, "κ of a log-normal constraint must be above 1: it is the factor of one standard deviation.");

    /// <summary>θτ − n + n ln(n/(θτ)): a positive factor θ on the expectation τ of a control measurement that counted n.</summary>
    /// <param name="expected">τ. Range: above 0.</param>
    /// <param name="observed">n; τ itself unless given. Range: above 0.</param>
    public static Constraint Poisson(double expected, double? observed = null) =>
        new PoissonConstraint(RequirePositive(expected), RequirePositive(observed ?? expected));

    /// <summary>The penalty on the negative log likelihood, with derivatives; +∞ outside the domain.</summary>
    public abstract ValueWithDerivatives At(double value);

    private static double RequirePositive(double value) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, string.Create(CultureInfo.InvariantCulture, $"A constraint has {value}, expected a finite number above 0."));

    private sealed record FreeParameter : Constraint
    {
        public override ValueWithDerivatives At(double value) => default;
    }

    private sealed record UnitGaussianConstraint(double Observed) : Constraint
    {
        public override ValueWithDerivatives At(double value)
        {
            double pull = value - Observed;
            return new(0.5 * pull * pull, pull, 1);
        }
    }

    private sealed record LogNormalConstraint(double Kappa, double Observed) : Constraint
    {
        public override ValueWithDerivatives At(double value)
        {
            if (!(value > 0))
            {
                return new(double.PositiveInfinity, 0, 0);
            }

            double sigma = Math.Log(Kappa);
            double pull = Math.Log(value / Observed) / sigma;
            double slope = 1 / (sigma * value);
            return new(0.5 * pull * pull, pull * slope, (slope * slope) - (pull * slope / value));
        }
    }

    private sealed record PoissonConstraint(double Expected, double Observed) : Constraint
    {
        public override ValueWithDerivatives At(double value)
        {
            if (!(value > 0))
            {
                return new(double.PositiveInfinity, 0, 0);
            }

            // With z = θτ/n − 1: n (z − ln(1+z)), which keeps its digits near the minimum.
            double excess = ((value * Expected) - Observed) / Observed;
            return new(Observed * (excess - LogMath.OnePlus(excess)), Expected - (Observed / value), Observed / (value * value));
        }
    }
}
