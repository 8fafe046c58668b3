namespace Gbi.Numerics.Probability;

/// <summary>Natural logarithms of tail probabilities, also of those too small for a number.</summary>
internal static class LogTail
{
    // Beyond these the probabilities themselves lose digits near the smallest number.
    private const double LargestChiSquared = 1000;
    private const double LargestNormal = 30;

    /// <summary>
    /// ln P(χ²_k ≥ <paramref name="value"/>). Above 1000 from Q(a, x) = x^(a−1) e^(−x)/Γ(a) (1 + (a−1)/x + (a−1)(a−2)/x² + …), a = k/2,
    /// x = value/2; accurate to 1e-6 for k up to 20.
    /// </summary>
    /// <param name="value">0 or more.</param>
    /// <param name="degreesOfFreedom">k; above 0.</param>
    /// <remarks>NIST Digital Library of Mathematical Functions, 8.11.2.</remarks>
    public static double OfChiSquared(double value, double degreesOfFreedom)
    {
        if (value < LargestChiSquared)
        {
            return Math.Log(TailProbability.OfChiSquared(value, degreesOfFreedom));
        }

        (double a, double x) = (degreesOfFreedom / 2, value / 2);
        double sum = 1;
        double term = 1;
        for (int n = 1; n <= 8; n++)
        {
            term *= (a - n) / x;
            sum += term;
        }

        return ((a - 1) * Math.Log(x)) - x - LogMath.Gamma(a) + Math.Log(sum);
    }

    /// <summary>ln P(z ≥ <paramref name="value"/>) of a standard normal z; above 30 from φ(z)/z (1 − 1/z² + 3/z⁴ − 15/z⁶ + 105/z⁸),
    /// accurate to 1e-12.</summary>
    /// <remarks>NIST Digital Library of Mathematical Functions, 7.12.1.</remarks>
    public static double OfNormal(double value)
    {
        if (value < LargestNormal)
        {
            return Math.Log(TailProbability.OfNormal(value));
        }

        double inverse = 1 / (value * value);
        double series = inverse * (-1 + (inverse * (3 + (inverse * (-15 + (inverse * 105))))));
        return (-value * value / 2) - Math.Log(value * Math.Sqrt(Math.Tau)) + LogMath.OnePlus(series);
    }

    /// <summary>The z with ln P(≥ z) = <paramref name="logTail"/>; accurate to 1e-9.</summary>
    /// <param name="logTail">Below ln ½ for a positive z; not above 0.</param>
    public static double NormalQuantile(double logTail)
    {
        double z = Math.Sqrt(Math.Max(0, -2 * logTail));
        for (int step = 0; step < 50; step++)
        {
            // The slope of ln Q is −φ/Q; ln Q is concave, and from above the steps of Newton do not overshoot.
            double logQ = OfNormal(z);
            double hazard = Math.Exp((-z * z / 2) - (0.5 * Math.Log(Math.Tau)) - logQ);
            double change = (logQ - logTail) / hazard;
            z += change;
            if (Math.Abs(change) < 1e-12 * (1 + Math.Abs(z)))
            {
                break;
            }
        }

        return z;
    }
}
