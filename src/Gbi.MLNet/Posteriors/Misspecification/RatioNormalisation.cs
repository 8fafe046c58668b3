using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Misspecification;

/// <summary>
/// Whether a likelihood-to-evidence ratio r(x, θ) = p(x|θ)/p(x) can be trusted at an observation: its mean over the prior is 1 wherever the
/// simulator makes observations.
/// </summary>
/// <param name="Mean">Mean of r over draws of the prior, with its standard error.</param>
/// <param name="EffectiveCount">(Σ r)²/Σ r² of the draws.</param>
public sealed record RatioNormalisation(Estimate Mean, double EffectiveCount)
{
    /// <summary>Largest distance of the mean from 1 that is trusted, three errors aside.</summary>
    public const double MaxDistance = 0.2;

    private const double Sigmas = 3;
    private const double FewestEffective = 20;

    /// <summary>Whether the mean is farther from 1 than it may be.</summary>
    public bool IsAlarm => double.IsInfinity(Mean.Value) || Math.Abs(Mean.Value - 1) > MaxDistance + (Sigmas * Mean.Error);

    /// <summary>Whether the draws are too few to tell: three errors exceed the distance, or fewer than 20 draws have the weight.</summary>
    public bool IsInconclusive => !IsAlarm && (!(Sigmas * Mean.Error <= MaxDistance) || EffectiveCount < FewestEffective);

    /// <summary>A sentence where the ratio may not be trusted at the observation; none where it may.</summary>
    public IReadOnlyList<string> Warnings => IsAlarm
        ? [Text($"The mean ratio over the prior is {Mean.Value:F2} ± {Mean.Error:F2} at this observation, expected 1: the ratio is not ")
            + "known there; train with more simulations."]
        : IsInconclusive
            ? [Text($"The mean ratio over the prior is {Mean.Value:F2} ± {Mean.Error:F2} at this observation, which is too inexact to ")
                + "check the ratio; take more draws for its normalisation."]
            : [];

    /// <summary>The mean of ratios at one observation.</summary>
    /// <param name="logRatios">ln r(x, θ) at draws θ of the prior; −∞ is a ratio of 0.</param>
    /// <exception cref="DataException">There are fewer than 2, or one is no number or +∞.</exception>
    public static RatioNormalisation Of(IReadOnlyList<double> logRatios)
    {
        ArgumentNullException.ThrowIfNull(logRatios);
        int unusable = logRatios.Count(value => double.IsNaN(value) || double.IsPositiveInfinity(value));
        if (logRatios.Count < 2 || unusable > 0)
        {
            throw new DataException(
                $"{unusable:N0} of {logRatios.Count:N0} log ratios are no numbers or infinite; give 2 or more numbers, one a draw of the "
                    + "prior.");
        }

        double[] ratios = [.. logRatios.Select(Math.Exp)];
        double mean = ratios.Average();
        double squares = ratios.Sum(ratio => ratio * ratio);
        double variance = ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (ratios.Length - 1);
        double effective = squares > 0 ? ratios.Length * mean * (ratios.Length * mean) / squares : 0;
        return new RatioNormalisation(new Estimate(mean, Math.Sqrt(variance / ratios.Length)), effective);
    }
}
