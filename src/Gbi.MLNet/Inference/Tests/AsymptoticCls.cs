using Gbi.Numerics.Probability;
using MathNet.Numerics.Distributions;

namespace Gbi.Inference.Tests;

/// <summary>
/// Asymptotic p-values of q̃_μ, and CLs made of them, in logarithms: ratios of tails too small for a number keep their digits.
/// </summary>
/// <remarks>
/// Cowan et al., arXiv:1007.1727, equations 62 to 66 and 89; CLs: Read, J. Phys. G 28 (2002) 2693. σ is eliminated by the Asimov data of
/// μ = 0: q̃_μ,A = μ²/σ².
/// </remarks>
internal static class AsymptoticCls
{
    /// <summary>p-values with signal, p_{s+b}, and without, 1 − p_b, of an observed q̃_μ, and ln of their ratio.</summary>
    /// <param name="q">q̃_μ of the data; 0 or more.</param>
    /// <param name="qAsimov">q̃_μ of the Asimov data of μ = 0; 0 or more.</param>
    public static (double SignalAndBackground, double Background, double LogCls) Observed(double q, double qAsimov)
    {
        RequireNotNegative(q, nameof(q));
        RequireNotNegative(qAsimov, nameof(qAsimov));
        double root = Math.Sqrt(q);
        double asimov = Math.Sqrt(qAsimov);

        // Below q̃_A the statistic's root is normal; above, where μ̂ < 0 was cut off, the statistic itself is.
        double shifted = root <= asimov ? root - asimov : (q - qAsimov) / (2 * asimov);

        // Without any sensitivity, q̃_A → 0, both tails vanish and their ratio tends to e^(−q/2).
        double logCls = double.IsInfinity(shifted) ? -q / 2 : LogTail.OfNormal(shifted + asimov) - LogTail.OfNormal(shifted);
        return (TailProbability.OfNormal(shifted + asimov), TailProbability.OfNormal(shifted), Math.Min(0, logCls));
    }

    /// <summary>
    /// CLs expected without signal at −2σ, −1σ, the median, +1σ and +2σ of its band, smallest first: Φ(−√q̃_A − n)/Φ(−n) for
    /// n = 2 … −2.
    /// </summary>
    public static double[] Expected(double qAsimov)
    {
        RequireNotNegative(qAsimov, nameof(qAsimov));
        return [.. Bands.Select(n => Math.Exp(LogTail.OfNormal(n + Math.Sqrt(qAsimov)) - LogTail.OfNormal(n)))];
    }

    /// <summary>√q̃_μ,A at which the expected CLs of each band is <paramref name="level"/>, in the order of
    /// <see cref="Expected"/>.</summary>
    internal static double[] RootsOfAsimovAt(double level) =>
        [.. Bands.Select(n => -Normal.InvCDF(0, 1, level * TailProbability.OfNormal(n)) - n)];

    private static readonly int[] Bands = [2, 1, 0, -1, -2];

    private static void RequireNotNegative(double value, string name)
    {
        if (!(value >= 0))
        {
            throw new ArgumentOutOfRangeException(name, value, "A test statistic must be 0 or more.");
        }
    }
}
