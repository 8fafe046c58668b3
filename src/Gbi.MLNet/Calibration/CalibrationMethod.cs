namespace Gbi.Calibration;

/// <summary>Methods that turn a score into a log ratio.</summary>
public enum CalibrationMethod
{
    /// <summary>
    /// <see cref="IsotonicCalibration"/>: any non-decreasing map. The default choice: it assumes only that a higher score means a higher
    /// ratio.
    /// </summary>
    Isotonic,

    /// <summary>
    /// <see cref="PlattCalibration"/>: a straight line in the score. For samples of a few hundred events, and for scores that are log
    /// ratios up to a scale and an offset.
    /// </summary>
    Platt,

    /// <summary>
    /// <see cref="BetaCalibration"/>: two slopes, one for each end of the score. For small samples whose score is overconfident at one end
    /// only.
    /// </summary>
    Beta,

    /// <summary>
    /// <see cref="HistogramCalibration"/>: a constant in each cell. For scores that need not rise with the ratio, such as an anomaly
    /// score, and if the ratio must be bounded and the errors of the cells independent.
    /// </summary>
    Histogram,
}
