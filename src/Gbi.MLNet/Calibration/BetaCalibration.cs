using Gbi.Numerics.Probability;

namespace Gbi.Calibration;

/// <summary>
/// ln p₁(s)/p₀(s) = a ln p − b ln(1 − p) + c with p = 1/(1 + e^−s) and a, b ≥ 0, by weighted logistic regression. In the score,
/// −a softplus(−s) + b softplus(s) + c: a slope a at low scores, b at high ones and a smooth bend at 0; a = b = 1, c = 0 is the
/// identity.
/// </summary>
/// <remarks>
/// <para>Kull, Silva Filho and Flach, AISTATS 2017 (PMLR 54:623). ln p and ln(1 − p) are computed from the score, not from p, so that
/// they are accurate where p rounds to 0 or 1. Where the best a or b is below 0, the best map on the border of the allowed
/// region is taken, so that the map never falls.</para>
/// <para>The formula itself holds at every score: beyond the events the log ratio continues with slope a below and b above. Both are
/// set where most events are, so far out they are an extrapolation that a wrong form of the map carries along.</para>
/// </remarks>
internal sealed class BetaCalibration : IRatioCalibration
{
    /// <summary>A map that was fitted before.</summary>
    /// <param name="lowSlope">a; finite, not below 0.</param>
    /// <param name="highSlope">b; finite, not below 0.</param>
    /// <param name="intercept">c; finite.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public BetaCalibration(double lowSlope, double highSlope, double intercept)
    {
        if (!(lowSlope >= 0 && highSlope >= 0 && double.IsFinite(lowSlope) && double.IsFinite(highSlope) && double.IsFinite(intercept)))
        {
            throw new ArgumentException(
                $"The slopes are {lowSlope} and {highSlope} and the intercept {intercept}; all must be finite and the slopes not below 0, "
                    + "so that the map never falls.");
        }

        LowSlope = lowSlope;
        HighSlope = highSlope;
        Intercept = intercept;
    }

    /// <summary>a, the slope at scores far below 0; 0 or more.</summary>
    public double LowSlope { get; }

    /// <summary>b, the slope at scores far above 0; 0 or more.</summary>
    public double HighSlope { get; }

    /// <summary>c; the log ratio at the score 0 is c + (b − a) ln 2.</summary>
    public double Intercept { get; }

    /// <summary>Fits the map on scores of events that the score was not trained on.</summary>
    /// <param name="scores">Finite; one per event.</param>
    /// <param name="isNumerator">True where the event belongs to p₁.</param>
    /// <param name="weights">One per event; may be negative.</param>
    /// <param name="options">Of these, <see cref="CalibrationOptions.MinEventsInCell"/> is the least size of each sample.</param>
    /// <returns>
    /// The map, or null where the events do not determine one: a sample is too small, the scores do not vary on both sides of 0, the
    /// samples do not overlap in the score, or negative weights leave the likelihood without a maximum.
    /// </returns>
    /// <exception cref="ArgumentException">Lengths disagree, or a score or weight is not finite.</exception>
    public static BetaCalibration? Fit(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RatioCalibration.Check(scores, isNumerator, weights);
        return ScoreRegression.Fit(scores, isNumerator, weights, options.MinEventsInCell, [LogP, MinusLogOneMinusP])
            is [double intercept, double low, double high] ? new BetaCalibration(low, high, intercept) : null;
    }

    /// <inheritdoc/>
    public double LogRatio(double score) =>
        // A slope of 0 times an infinite score has no value; its limit is 0.
        Term(LowSlope, LogP(score)) + Term(HighSlope, MinusLogOneMinusP(score)) + Intercept;

    private static double Term(double slope, double value) => slope == 0 && !double.IsNaN(value) ? 0 : slope * value;

    private static double LogP(double score) => -LogMath.Softplus(-score);

    private static double MinusLogOneMinusP(double score) => LogMath.Softplus(score);
}
