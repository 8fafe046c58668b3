namespace Gbi.Diagnostics.Closure;

/// <summary>
/// Events at the ends of the classifier's range, where its probability s = r/(1+r) is below 1e-6 or above 1 − 1e-6: |ln r| &gt; 13.8.
/// There r is the classifier's clipping or rounding, no estimate.
/// </summary>
/// <param name="NumeratorCount">Such events of the numerator.</param>
/// <param name="DenominatorCount">Such events of the denominator.</param>
/// <param name="Fraction">Their share in the sample with more of them; events, not weights. Range: [0, 1].</param>
/// <param name="NumeratorClipped">Events of the numerator whose log ratio the model clipped.</param>
/// <param name="DenominatorClipped">Events of the denominator whose log ratio the model clipped.</param>
public sealed record Saturation(int NumeratorCount, int DenominatorCount, double Fraction, int NumeratorClipped, int DenominatorClipped)
{
    private const double Margin = 1e-6;

    // ln (1 − s)/s at s = 1e-6.
    private static readonly double Limit = Math.Log((1 - Margin) / Margin);

    /// <summary>Counts the saturated events of both samples.</summary>
    public static Saturation Of(ScoredEvents numerator, ScoredEvents denominator)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        int first = Count(numerator.LogRatio.ToArray());
        int second = Count(denominator.LogRatio.ToArray());
        double fraction = Math.Max((double)first / numerator.Events.Count, (double)second / denominator.Events.Count);
        return new Saturation(first, second, fraction, numerator.ClippedCount, denominator.ClippedCount);
    }

    /// <summary>Share of saturated events of a sample.</summary>
    internal static double ShareOf(float[] logRatio) => (double)Count(logRatio) / logRatio.Length;

    private static int Count(float[] logRatio) => logRatio.Count(value => Math.Abs(value) > Limit);
}
