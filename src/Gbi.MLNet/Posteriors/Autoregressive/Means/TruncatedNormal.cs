using Gbi.Numerics.Probability;
using MathNet.Numerics;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// ln of the density of y = (η + z)/h, z standard normal, that is seen only between the bounds a and b, with its derivatives by η and h:
/// ln h − (hy − η)²/2 − ½ ln 2π − ln(Φ(hb − η) − Φ(ha − η)). It is concave along each of them, and has one maximum.
/// </summary>
/// <remarks>Orme and Ruud, J. Econometrics 108 (2002) 81.</remarks>
internal readonly record struct TruncatedNormal(double Log, double ByEta, double ByH, double ByEtaEta, double ByEtaH, double ByHH)
{
    // Beyond this many standard deviations a bound cuts nothing off.
    private const double Far = 9;

    private static readonly double HalfLogTau = Math.Log(Math.Tau) / 2;

    /// <summary>The density's logarithm at a value.</summary>
    /// <param name="value">y.</param>
    /// <param name="low">a; −∞ for none.</param>
    /// <param name="high">b; ∞ for none.</param>
    /// <param name="eta">η, the location over the scale.</param>
    /// <param name="h">1 over the scale.</param>
    public static TruncatedNormal At(double value, double low, double high, double eta, double h)
    {
        double z = (h * value) - eta;
        double logInside = LogInside((h * low) - eta, (h * high) - eta);
        (double a, double alpha, double atA) = Bound(low, (h * low) - eta, logInside);
        (double b, double beta, double atB) = Bound(high, (h * high) - eta, logInside);
        double slope = atB - atA;
        double moment = (b * atB) - (a * atA);
        return new TruncatedNormal(
            Math.Log(h) - (z * z / 2) - HalfLogTau - logInside,
            z + slope,
            (1 / h) - (z * value) - moment,
            -1 + (beta * atB) - (alpha * atA) + (slope * slope),
            value - (beta * b * atB) + (alpha * a * atA) - (slope * moment),
            (-1 / (h * h)) - (value * value) + (beta * b * b * atB) - (alpha * a * a * atA) + (moment * moment));
    }

    /// <summary>A bound and the truncated density at it; zeros for a bound that is far or infinite.</summary>
    private static (double Bound, double Standardised, double Density) Bound(double bound, double standardised, double logInside) =>
        double.IsInfinity(bound) || (Math.Abs(standardised) > Far && logInside > -1)
            ? (0, 0, 0)
            : (bound, standardised, Math.Exp((-standardised * standardised / 2) - HalfLogTau - logInside));

    /// <summary>ln(Φ(β) − Φ(α)).</summary>
    private static double LogInside(double alpha, double beta)
    {
        if (alpha < -Far && beta > Far)
        {
            return 0;
        }

        if (alpha < 0 && beta > 0)
        {
            return Math.Log(1 - TailProbability.OfNormal(-alpha) - TailProbability.OfNormal(beta));
        }

        (double near, double far) = alpha >= 0 ? (alpha, beta) : (-beta, -alpha);
        double ofNear = LogTail.OfNormal(near);
        return double.IsInfinity(far) ? ofNear : ofNear + Math.Log(-SpecialFunctions.Expm1(LogTail.OfNormal(far) - ofNear));
    }
}
