using Gbi.Likelihoods.Constraints;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Interpolations;

/// <summary>Factors between their values at one standard deviation down and up.</summary>
internal static class Interpolation
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
        return new InterpolationCurve(law, down, up).At(alpha);
    }

    /// <summary>
    /// t(α) of a law that is linear in U and D: f(α) = 1 + α (U − D)/2 + t(α) ((U + D)/2 − 1), and the same for shifts of bins.
    /// </summary>
    internal static ValueWithDerivatives BendAt(InterpolationLaw law, double alpha)
    {
        double size = Math.Abs(alpha);
        double sign = alpha >= 0 ? 1 : -1;
        double square = alpha * alpha;
        return law switch
        {
            InterpolationLaw.PolynomialLinear when size < 1 => new(
                square * (15 + (square * ((3 * square) - 10))) / 8,
                alpha * (15 + (square * ((9 * square) - 20))) / 4,
                (15 + (square * ((45 * square) - 60))) / 4),
            InterpolationLaw.QuadraticLinear when size <= 1 => new(square, 2 * alpha, 2),
            InterpolationLaw.QuadraticLinear => new((2 * size) - 1, 2 * sign, 0),
            InterpolationLaw.PiecewiseLinear or InterpolationLaw.PolynomialLinear => new(size, sign, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(law), law, "The law is not linear in its two values."),
        };
    }

    /// <summary>Whether a law has powers U^α, so that U and D must be above 0.</summary>
    internal static bool UsesLogs(InterpolationLaw law) =>
        law is InterpolationLaw.PiecewiseExponential or InterpolationLaw.PolynomialExponential;

    internal static bool IsAllowed(InterpolationLaw law, double ratio) => double.IsFinite(ratio) && (ratio > 0 || !UsesLogs(law));

    private static void Require(InterpolationLaw law, double ratio, string name)
    {
        if (!IsAllowed(law, ratio))
        {
            throw new ArgumentOutOfRangeException(
                name, ratio,
                Text(
                    $"The ratio to nominal is {ratio}, expected a finite "
                        + $"number{(UsesLogs(law) ? " above 0, because the law raises it to a power" : "")}."));
        }
    }
}
