using Gbi.Inference.Fits;

namespace Gbi.Inference.MixtureFraction;

/// <summary>A fitted signal fraction.</summary>
public sealed record SignalFractionResult
{
    /// <summary>μ̂, the share of signal among the events; negative for a deficit.</summary>
    public required double Value { get; init; }

    /// <summary>Standard error: the quadratic sum of <see cref="StatisticalError"/> and <see cref="ReferenceError"/>.</summary>
    public required double Error { get; init; }

    /// <summary>
    /// From the size of the data: 1/√I with I = Σ s², s = (r−1)/(1+μ̂(r−1)); for weighted events √(Σ w² s²) / Σ w s².
    /// </summary>
    public required double StatisticalError { get; init; }

    /// <summary>From the size of the samples on which r was calibrated; 0 where none were given.</summary>
    public required double ReferenceError { get; init; }

    /// <summary>μ̂ ± one standard error.</summary>
    public required ConfidenceInterval Wald68 { get; init; }

    /// <summary>μ̂ ± 1.96 standard errors.</summary>
    public required ConfidenceInterval Wald95 { get; init; }

    /// <summary>Where twice the negative log likelihood, scaled to the total error, rises by 1.</summary>
    public required ConfidenceInterval Profile68 { get; init; }

    /// <summary>Where it rises by 3.84.</summary>
    public required ConfidenceInterval Profile95 { get; init; }

    /// <summary>q₀ = 2 (NLL(0) − NLL(μ̂)), scaled to the total error at μ = 0; 0 for μ̂ ≤ 0.</summary>
    public required double Q0 { get; init; }

    /// <summary>The likelihood around its minimum, by ascending fraction, four standard errors to each side within the domain.</summary>
    public required IReadOnlyList<LikelihoodPoint> Likelihood { get; init; }

    /// <summary>Newton steps taken.</summary>
    public required int Iterations { get; init; }

    /// <summary>Whether the minimum lies at the border of the domain 1 + μ(r−1) &gt; 0, where errors are not defined.</summary>
    public required bool IsAtBorder { get; init; }
}

/// <summary>A point of a likelihood in one parameter.</summary>
/// <param name="Fraction">The signal fraction μ.</param>
/// <param name="TwiceDeltaNll">2 (NLL(μ) − NLL(μ̂)), scaled to the total error as the intervals are.</param>
public readonly record struct LikelihoodPoint(double Fraction, double TwiceDeltaNll);

/// <summary>A fitted signal fraction without intervals.</summary>
/// <param name="Value">μ̂, the share of signal among the events; negative for a deficit.</param>
/// <param name="Error">Standard error from the size of the data, √(Σ w² s²) / Σ w s² with s = (r−1)/(1+μ̂(r−1)).</param>
/// <param name="Iterations">Newton steps taken.</param>
/// <param name="IsAtBorder">Whether the minimum lies at the border of the domain, where the error is not defined.</param>
public readonly record struct SignalFractionEstimate(double Value, double Error, int Iterations, bool IsAtBorder);
