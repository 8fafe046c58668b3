using Gbi.Numerics.Probability;

namespace Gbi.Peaks.Shapes;

/// <summary>
/// The Crystal Ball function: a Gaussian core with a power law below −α, N exp(−z²/2) for z above −α, else N (n/α)ⁿ exp(−α²/2) uⁿ with
/// 1/u = n/α − α − z; a = α above 0, and the power b = n above 1 is held.
/// </summary>
/// <remarks>J. E. Gaiser, SLAC-R-255 (1982), appendix F; value and slope are continuous at −α, the curvature is not.</remarks>
internal static class CrystalBall
{
    /// <summary>The density, normalised over all z.</summary>
    public static StandardTerm Density(double z, double alpha, double power)
    {
        (StandardTerm norm, StandardTerm log) = (LogNorm(alpha, power), LogUnnormalised(z, alpha, power));
        (double slopeZ, double slopeA) = (log.Z, log.A + norm.A);
        double value = Math.Exp(log.Value + norm.Value);
        return new StandardTerm(value)
        {
            Z = value * slopeZ,
            A = value * slopeA,
            ZZ = value * (log.ZZ + (slopeZ * slopeZ)),
            ZA = value * (log.ZA + (slopeZ * slopeA)),
            AA = value * (log.AA + norm.AA + (slopeA * slopeA)),
        };
    }

    /// <summary>The share below z.</summary>
    public static StandardTerm Below(double z, double alpha, double power)
    {
        (StandardTerm norm, StandardTerm density, StandardTerm below) =
            (LogNorm(alpha, power), Density(z, alpha, power), Unnormalised(z, alpha, power));
        double scale = Math.Exp(norm.Value);
        return new StandardTerm(scale * below.Value)
        {
            Z = density.Value,
            ZZ = density.Z,
            ZA = density.A,
            A = scale * (below.A + (norm.A * below.Value)),
            AA = scale * (below.AA + (2 * norm.A * below.A) + ((norm.AA + (norm.A * norm.A)) * below.Value)),
        };
    }

    private static StandardTerm LogUnnormalised(double z, double alpha, double power)
    {
        if (z > -alpha)
        {
            return new StandardTerm(-z * z / 2) { Z = -z, ZZ = -1 };
        }

        (double u, double first, double second) = Distance(z, alpha, power);
        return new StandardTerm((power * Math.Log(power / alpha / u)) - (alpha * alpha / 2))
        {
            Z = power / u,
            ZZ = power / (u * u),
            A = -(power / alpha) - alpha - (power * first / u),
            ZA = -power * first / (u * u),
            AA = (power / (alpha * alpha)) - 1 - (power * ((second / u) - (first * first / (u * u)))),
        };
    }

    // The integral of the unnormalised function from −∞.
    private static StandardTerm Unnormalised(double z, double alpha, double power)
    {
        if (z > -alpha)
        {
            double core = Math.Sqrt(Math.Tau) * (TailProbability.OfNormal(-z) - TailProbability.OfNormal(alpha));
            double atEdge = Math.Exp(-alpha * alpha / 2);
            StandardTerm tail = Tail(alpha, power);
            return new StandardTerm(tail.Value + core) { A = tail.A + atEdge, AA = tail.AA - (alpha * atEdge) };
        }

        StandardTerm log = LogUnnormalised(z, alpha, power);
        (double u, double first, double second) = Distance(z, alpha, power);
        double value = Math.Exp(log.Value) * u / (power - 1);
        double slope = log.A + (first / u);
        return new StandardTerm(value)
        {
            A = value * slope,
            AA = value * ((slope * slope) + log.AA + (second / u) - (first * first / (u * u))),
        };
    }

    // ln N and its derivatives, 1/N the integral over all z.
    private static StandardTerm LogNorm(double alpha, double power)
    {
        StandardTerm tail = Tail(alpha, power);
        double atEdge = Math.Exp(-alpha * alpha / 2);
        double sum = tail.Value + (Math.Sqrt(Math.Tau) * (1 - TailProbability.OfNormal(alpha)));
        double first = (tail.A + atEdge) / sum;
        return new StandardTerm(-Math.Log(sum)) { A = -first, AA = (first * first) - ((tail.AA - (alpha * atEdge)) / sum) };
    }

    // The integral of the unnormalised function up to −α: n/(n − 1) exp(−α²/2)/α.
    private static StandardTerm Tail(double alpha, double power)
    {
        double value = power / (power - 1) * Math.Exp(-alpha * alpha / 2) / alpha;
        double slope = -value * (alpha + (1 / alpha));
        return new StandardTerm(value)
        {
            A = slope,
            AA = (-slope * (alpha + (1 / alpha))) - (value * (1 - (1 / (alpha * alpha)))),
        };
    }

    // 1/u of the power law with its derivatives in α.
    private static (double Value, double First, double Second) Distance(double z, double alpha, double power) =>
        ((power / alpha) - alpha - z, -(power / (alpha * alpha)) - 1, 2 * power / (alpha * alpha * alpha));
}
