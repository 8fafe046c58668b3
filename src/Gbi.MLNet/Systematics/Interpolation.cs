using System.Globalization;

namespace Gbi.Systematics;

/// <summary>Factors between their values at one standard deviation down and up.</summary>
public static class Interpolation
{
    /// <summary>f(α) with f(−1) = <paramref name="down"/>, f(0) = 1 and f(1) = <paramref name="up"/>, and its derivatives.</summary>
    /// <param name="law">How it runs between and beyond.</param>
    /// <param name="down">D = down/nominal, finite; above 0 where the law is exponential.</param>
    /// <param name="up">U = up/nominal, finite; above 0 where the law is exponential.</param>
    /// <param name="alpha">α, in standard deviations. At a kink the derivatives are those of its right side.</param>
    /// <exception cref="ArgumentOutOfRangeException">A ratio is not finite, or not above 0 where it must be.</exception>
    /// <remarks>CERN-OPEN-2012-016 and the closed form of the polynomial's coefficients.</remarks>
    public static ValueWithDerivatives Evaluate(InterpolationLaw law, double down, double up, double alpha)
    {
        Require(law, down, nameof(down));
        Require(law, up, nameof(up));
        if (InterpolationBasis.IsExponential(law, alpha))
        {
            double slope = alpha >= 0 ? Math.Log(up) : -Math.Log(down);
            double value = Math.Exp(alpha * slope);
            return new(value, slope * value, slope * slope * value);
        }

        InterpolationBasis basis = InterpolationBasis.At(law, alpha);
        double logUp = UsesLogs(law) ? Math.Log(up) : 0;
        double logDown = UsesLogs(law) ? Math.Log(down) : 0;
        return new(Form(basis.Value), Form(basis.First), Form(basis.Second));

        double Form(ReadOnlySpan<double> c) =>
            c[0] + (up * (c[1] + (logUp * (c[2] + (logUp * c[3]))))) + (down * (c[4] + (logDown * (c[5] + (logDown * c[6])))));
    }

    /// <summary>Whether a law has powers U^α, so that U and D must be above 0.</summary>
    internal static bool UsesLogs(InterpolationLaw law) =>
        law is InterpolationLaw.PiecewiseExponential or InterpolationLaw.PolynomialExponential;

    internal static bool IsAllowed(InterpolationLaw law, double ratio) => double.IsFinite(ratio) && (ratio > 0 || !UsesLogs(law));

    private static void Require(InterpolationLaw law, double ratio, string name)
    {
        if (!IsAllowed(law, ratio))
        {
            throw new ArgumentOutOfRangeException(name, ratio, string.Create(
                CultureInfo.InvariantCulture,
                $"The ratio to nominal is {ratio}, expected a finite number{(UsesLogs(law) ? " above 0, because the law raises it to a power" : "")}."));
        }
    }
}
