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

/// <summary>Confidence levels that are asked for most.</summary>
public static class ConfidenceLevel
{
    /// <summary>Probability of a normal number within one standard deviation.</summary>
    public const double OneSigma = 0.68268949213708585;

    /// <summary>The same within two.</summary>
    public const double TwoSigma = 0.95449973610364158;

    /// <summary>The same within three.</summary>
    public const double ThreeSigma = 0.99730020393673979;

    /// <summary>The level of limits, and of the wider one of two intervals.</summary>
    public const double Usual = 0.95;

    /// <summary>One standard deviation to eight digits, as intervals of an excess and of mixture fits have always been quoted.</summary>
    internal const double OneSigmaRounded = 0.68268949;
}
