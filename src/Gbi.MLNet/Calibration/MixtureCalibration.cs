using Gbi.Numerics.Probability;

namespace Gbi.Calibration;

/// <summary>
/// ln p₁(s)/p₀(s) = ln(1 − μ + μ eˢ) of a numerator that is taken for a mixture, p₁ = (1−μ) p₀ + μ p_S, with the score s = ln p_S/p₀: it is
/// never below ln(1−μ). Nothing is fitted.
/// </summary>
internal sealed class MixtureCalibration : IRatioCalibration
{
    /// <summary>The map for an assumed share of signal.</summary>
    /// <param name="signalFraction">μ. Range: (0, 1).</param>
    /// <exception cref="ArgumentException">The share is out of its range.</exception>
    public MixtureCalibration(double signalFraction) => SignalFraction = signalFraction is > 0 and < 1
        ? signalFraction
        : throw new ArgumentException($"The signal fraction of a mixture is {signalFraction}, expected more than 0 and less than 1.");

    /// <summary>μ, in (0, 1).</summary>
    public double SignalFraction { get; }

    /// <inheritdoc/>
    public double LogRatio(double score) => LogMath.Mixture(score, SignalFraction);
}
