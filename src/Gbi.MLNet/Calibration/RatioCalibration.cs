namespace Gbi.Calibration;

/// <summary>Fits the map of a <see cref="CalibrationOptions.Method"/>.</summary>
public static class RatioCalibration
{
    /// <summary>
    /// Fits a map on scores of events that the score was not trained on. The class balance does not enter: only the weights within
    /// each sample count.
    /// </summary>
    /// <param name="scores">Finite; one per event.</param>
    /// <param name="isNumerator">True where the event belongs to p₁.</param>
    /// <param name="weights">One per event, finite; may be negative.</param>
    /// <param name="options">The method and its sizes.</param>
    /// <returns>The map, or null where the events do not determine one; <see cref="Requirement"/> says what they need.</returns>
    /// <exception cref="ArgumentException">Lengths disagree, or a score or weight is not finite.</exception>
    public static IRatioCalibration? Fit(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Method switch
        {
            CalibrationMethod.Isotonic => IsotonicCalibration.Fit(scores, isNumerator, weights, options),
            CalibrationMethod.Platt => PlattCalibration.Fit(scores, isNumerator, weights, options),
            CalibrationMethod.Beta => BetaCalibration.Fit(scores, isNumerator, weights, options),
            _ => HistogramCalibration.Fit(scores, isNumerator, weights, options),
        };
    }

    /// <summary>What a fit with these options requires of its events, as the end of a sentence: "it needs ...".</summary>
    public static string Requirement(CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Method is CalibrationMethod.Isotonic or CalibrationMethod.Histogram
            ? $"{options.MinEventsInCell} effective events, (Σw)²/Σw², of each sample in one cell at least, with positive sums of weights"
            : $"{options.MinEventsInCell} effective events, (Σw)²/Σw², of each sample, with positive sums of weights, scores that vary and "
                + "overlap between the samples, and a likelihood that negative weights leave with a maximum";
    }

    internal static void Check(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights)
    {
        if (scores.Length != isNumerator.Length || scores.Length != weights.Length)
        {
            throw new ArgumentException(
                $"There are {scores.Length} scores, {isNumerator.Length} labels and {weights.Length} weights; give one of each per event.");
        }

        for (int row = 0; row < scores.Length; row++)
        {
            if (!float.IsFinite(scores[row]) || !double.IsFinite(weights[row]))
            {
                throw new ArgumentException(
                    $"Event {row:N0} has the score {scores[row]} and the weight {weights[row]}; both must be finite, drop such events "
                        + "before.");
            }
        }
    }
}
