using Gbi.Numerics.Probability;

namespace Gbi.Simulators.Priors;

/// <summary>Maps of a range of a real number to all real numbers, and back.</summary>
internal static class UnboundedMap
{
    /// <summary>u of a value inside a range.</summary>
    public static double To(double value, (double Low, double High) range) =>
        (double.IsFinite(range.Low), double.IsFinite(range.High)) switch
        {
            (true, true) => Math.Log((value - range.Low) / (range.High - value)),
            (true, false) => Math.Log(value - range.Low),
            (false, true) => -Math.Log(range.High - value),
            _ => value,
        };

    /// <summary>The value of u, never on a bound.</summary>
    /// <param name="unbounded">u.</param>
    /// <param name="range">Bounds of the value.</param>
    /// <param name="logJacobian">ln |dθ/du|.</param>
    public static double From(double unbounded, (double Low, double High) range, out double logJacobian)
    {
        switch (double.IsFinite(range.Low), double.IsFinite(range.High))
        {
            case (true, true):
                double width = range.High - range.Low;
                logJacobian = Math.Log(width) - LogMath.Softplus(unbounded) - LogMath.Softplus(-unbounded);

                // From the nearer bound, so that its distance keeps its digits.
                double distance = width / (1 + Math.Exp(Math.Abs(unbounded)));
                double value = unbounded < 0 ? range.Low + distance : range.High - distance;
                return Math.Clamp(value, Math.BitIncrement(range.Low), Math.BitDecrement(range.High));
            case (true, false):
                logJacobian = unbounded;
                return Math.Max(range.Low + Math.Exp(unbounded), Math.BitIncrement(range.Low));
            case (false, true):
                logJacobian = -unbounded;
                return Math.Min(range.High - Math.Exp(-unbounded), Math.BitDecrement(range.High));
            default:
                logJacobian = 0;
                return unbounded;
        }
    }
}
