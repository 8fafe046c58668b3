namespace Gbi.Calibration;

/// <summary>How a score becomes a log ratio, and which to take when.</summary>
public enum CalibrationMethod
{
    /// <summary>
    /// <see cref="IsotonicCalibration"/>: any non-decreasing map. The choice unless there is a reason for another: it assumes only
    /// that a higher score means a higher ratio.
    /// </summary>
    Isotonic,

    /// <summary>
    /// <see cref="PlattCalibration"/>: a straight line in the score. For samples of a few hundred events, and for scores that are log
    /// ratios but for their scale and origin.
    /// </summary>
    Platt,

    /// <summary>
    /// <see cref="BetaCalibration"/>: two slopes, one for each end of the score. For small samples whose score is too bold at one
    /// end only.
    /// </summary>
    Beta,

    /// <summary>
    /// <see cref="HistogramCalibration"/>: a constant in each cell. For scores that need not rise with the ratio, such as an anomaly
    /// score, and where the ratio must be bounded and each cell's error independent of the others'.
    /// </summary>
    Histogram,
}
