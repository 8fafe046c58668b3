using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Factors;

/// <summary>A factor on an expected yield that depends on one parameter; a process multiplies as many as it needs.</summary>
public abstract record YieldFactor
{
    private protected YieldFactor(string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(parameter);
        Parameter = parameter;
    }

    /// <summary>Name of the parameter.</summary>
    public string Parameter { get; }

    /// <summary>The parameter itself: a signal strength.</summary>
    public static YieldFactor Strength(string parameter) => new StrengthFactor(parameter);

    /// <summary>c₀ + c₁θ + c₂θ² + …</summary>
    /// <param name="parameter">Name of θ.</param>
    /// <param name="coefficients">c₀, c₁, …; finite, one or more.</param>
    public static YieldFactor Polynomial(string parameter, params ReadOnlySpan<double> coefficients) =>
        !coefficients.IsEmpty && AllFinite(coefficients)
            ? new PolynomialFactor(parameter, coefficients.ToArray())
            : throw new ArgumentException(
                $"The polynomial of '{parameter}' needs one coefficient or more, all finite.", nameof(coefficients));

    /// <summary>exp(a₁ν + a₂ν²).</summary>
    /// <param name="parameter">Name of ν.</param>
    /// <param name="linear">a₁.</param>
    /// <param name="quadratic">a₂.</param>
    public static YieldFactor Exponential(string parameter, double linear, double quadratic = 0) =>
        AllFinite([linear, quadratic])
            ? new ExponentialFactor(parameter, linear, quadratic)
            : throw new ArgumentException($"The exponent of '{parameter}' must have finite coefficients.", nameof(linear));

    /// <summary>Between the yield's ratios to nominal at one standard deviation down and up.</summary>
    public static YieldFactor Interpolated(
        string parameter, double down, double up, InterpolationLaw law = InterpolationLaw.PolynomialExponential)
    {
        _ = Interpolation.Evaluate(law, down, up, 0); // refuses ratios that the law cannot take
        return new InterpolatedFactor(parameter, down, up, law);
    }

    /// <summary>The factor and its derivatives at a value of the parameter.</summary>
    public abstract ValueWithDerivatives At(double value);

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>θ.</summary>
    internal sealed record StrengthFactor(string Of) : YieldFactor(Of)
    {
        public override ValueWithDerivatives At(double value) => new(value, 1, 0);
    }

    /// <summary>c₀ + c₁θ + c₂θ² + …</summary>
    internal sealed record PolynomialFactor(string Of, double[] Coefficients) : YieldFactor(Of)
    {
        public override ValueWithDerivatives At(double value)
        {
            // Horner's scheme for the polynomial and for its derivatives.
            (double f, double first, double half) = (0, 0, 0);
            for (int power = Coefficients.Length - 1; power >= 0; power--)
            {
                half = (half * value) + first;
                first = (first * value) + f;
                f = (f * value) + Coefficients[power];
            }

            return new(f, first, 2 * half);
        }
    }

    /// <summary>exp(a₁ν + a₂ν²).</summary>
    internal sealed record ExponentialFactor(string Of, double Linear, double Quadratic) : YieldFactor(Of)
    {
        public override ValueWithDerivatives At(double value)
        {
            double f = Math.Exp(value * (Linear + (value * Quadratic)));
            double slope = Linear + (2 * Quadratic * value);
            return new(f, f * slope, f * ((slope * slope) + (2 * Quadratic)));
        }
    }

    /// <summary>Between two ratios to nominal.</summary>
    internal sealed record InterpolatedFactor(string Of, double Down, double Up, InterpolationLaw Law) : YieldFactor(Of)
    {
        private readonly InterpolationCurve _curve = new(Law, Down, Up);

        public override ValueWithDerivatives At(double value) => _curve.At(value);
    }
}
