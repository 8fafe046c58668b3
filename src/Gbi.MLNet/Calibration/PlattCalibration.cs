namespace Gbi.Calibration;

/// <summary>
/// ln p₁(s)/p₀(s) = a s + b with a ≥ 0, by weighted logistic regression: minimises
/// Σ₁ w ln(1 + e^−(as+b)) / W₁ + Σ₀ w ln(1 + e^(as+b)) / W₀, sums over numerator and denominator and W their totals.
/// </summary>
/// <remarks>
/// <para>Platt, Advances in Large Margin Classifiers (1999), with each sample's weights divided by their sum in place of the class
/// balance, and without Platt's smoothed targets, which weighted events do not define.</para>
/// <para>A score that falls with the ratio would need a &lt; 0. The best map with a ≥ 0 is then the constant 0: the score, as ordered,
/// is no information.</para>
/// <para>The formula itself holds at every score. Its slope is set where most events are, so a log ratio far out is an
/// extrapolation: one that is 10 % too steep at s = 2 is wrong by a factor of 2.7 at as = 10.</para>
/// </remarks>
internal sealed class PlattCalibration : IRatioCalibration
{
    /// <summary>A map that was fitted before.</summary>
    /// <param name="slope">a; finite, not below 0.</param>
    /// <param name="intercept">b; finite.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public PlattCalibration(double slope, double intercept)
    {
        if (!(slope >= 0 && double.IsFinite(slope) && double.IsFinite(intercept)))
        {
            throw new ArgumentException(
                $"The slope is {slope} and the intercept {intercept}; both must be finite and the slope not below 0, so that the map never "
                    + "falls.");
        }

        Slope = slope;
        Intercept = intercept;
    }

    /// <summary>a, 0 or more.</summary>
    public double Slope { get; }

    /// <summary>b, the log ratio at the score 0.</summary>
    public double Intercept { get; }

    /// <summary>Fits the map on scores of events that the score was not trained on.</summary>
    /// <param name="scores">Finite; one per event.</param>
    /// <param name="isNumerator">True where the event belongs to p₁.</param>
    /// <param name="weights">One per event; may be negative.</param>
    /// <param name="options">Of these, <see cref="CalibrationOptions.MinEventsInCell"/> is the least size of each sample.</param>
    /// <returns>
    /// The map, or null where the events do not determine one: a sample is too small, all scores are equal, the samples do not overlap
    /// in the score (the slope would be infinite), or negative weights leave the likelihood without a maximum.
    /// </returns>
    /// <exception cref="ArgumentException">Lengths disagree, or a score or weight is not finite.</exception>
    public static PlattCalibration? Fit(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RatioCalibration.Check(scores, isNumerator, weights);
        return ScoreRegression.Fit(scores, isNumerator, weights, options.MinEventsInCell, [score => score])
            is [double intercept, double slope] ? new PlattCalibration(slope, intercept) : null;
    }

    /// <inheritdoc/>
    public double LogRatio(double score) => Slope == 0 ? (double.IsNaN(score) ? score : Intercept) : (Slope * score) + Intercept;
}
