namespace Gbi.Inference.Fits;

/// <summary>A confidence interval.</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="ConfidenceLevel">Probability with which such intervals hold the true value.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper, double ConfidenceLevel)
{
    /// <summary>Whether a value lies inside, ends included.</summary>
    public bool Contains(double value) => value >= Lower && value <= Upper;
}
