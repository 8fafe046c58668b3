namespace Gbi.Calibration;

/// <summary>
/// A map from a score s to ln p₁(s)/p₀(s), the log ratio of the densities of the score itself in the numerator and the denominator.
/// </summary>
/// <remarks>
/// Cranmer, Pavez and Louppe, arXiv:1506.02169: the calibrated ratio is exact in the score, and exact in x where the score is a
/// monotone function of the ratio. The maps of <see cref="CalibrationMethod"/> and <see cref="MixtureCalibration"/> are the ones that model
/// files support.
/// </remarks>
public interface IRatioCalibration
{
    /// <summary>ln p₁(s)/p₀(s), finite for every finite score; NaN for NaN.</summary>
    double LogRatio(double score);
}
