namespace Gbi.Inference.Tests;

/// <summary>An asymptotic test of one strength μ.</summary>
public sealed record StrengthTestResult
{
    /// <summary>μ.</summary>
    public required double Mu { get; init; }

    /// <summary>μ̂ of the observed data.</summary>
    public required double MuHat { get; init; }

    /// <summary>q̃_μ of the observed data.</summary>
    public required double Q { get; init; }

    /// <summary>q̃_μ of the Asimov data of μ = 0.</summary>
    public required double QAsimov { get; init; }

    /// <summary>P(q̃ ≥ observed | μ).</summary>
    public required double PSignalAndBackground { get; init; }

    /// <summary>P(q̃ ≥ observed | 0).</summary>
    public required double PBackground { get; init; }

    /// <summary>CLs, the ratio of both.</summary>
    public required double Cls { get; init; }

    /// <summary>CLs expected without signal at −2σ, −1σ, the median, +1σ and +2σ of its band, smallest first.</summary>
    public required IReadOnlyList<double> ExpectedCls { get; init; }
}

/// <summary>Upper limits on a strength.</summary>
/// <param name="Observed">Where the observed CLs is 1 − confidence level.</param>
/// <param name="Expected">The same for CLs expected without signal at −2σ, −1σ, the median, +1σ and +2σ of its band, smallest
/// first.</param>
/// <param name="ConfidenceLevel">Their confidence level.</param>
public sealed record UpperLimits(double Observed, IReadOnlyList<double> Expected, double ConfidenceLevel);
