using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics.Sculpting;

/// <summary>
/// What a cut on a score does to the background's mass spectrum: its efficiency follows the mass as
/// ln ε/(1−ε) = β₀ + β₁ t + β₂ t², t = (m − centre)/scale, which is fitted to events of the sidebands and interpolated into the signal
/// region.
/// </summary>
/// <param name="BackgroundEfficiency">Share ε of the sidebands' weight that passes. Range: (0, 1).</param>
/// <param name="FakeExcess">
/// δ = ε(signal region)/ε − 1: the excess, as a share of the expected background after the cut, that is found where the sidebands stand for
/// the background as they are and there is no signal; ε(signal region) is the mean over its masses.
/// </param>
/// <param name="Error">Statistical error of <paramref name="FakeExcess"/>.</param>
/// <param name="ExpectedBackground">b = ε B, the background that is expected to pass in the signal region.</param>
/// <remarks>
/// The errors come from the covariance H⁻¹ (Σ w² (s−ε)² f fᵀ) H⁻¹ of weighted fits, f = (1, t, t²); t is limited to ±3, so that the far
/// tail of a falling spectrum does not bend the polynomial. Only the sidebands are looked at, so that a signal in the region cannot be
/// taken for sculpting. The scores have to come from models that did not see the events.
/// </remarks>
public sealed record CutSculpting(double BackgroundEfficiency, double FakeExcess, double Error, double ExpectedBackground)
{
    /// <summary>δ √b: the fake excess in statistical errors √b of a count after the cut.</summary>
    public double FakeSignificance => FakeExcess * Math.Sqrt(ExpectedBackground);

    /// <summary>The error of <see cref="FakeSignificance"/>.</summary>
    public double FakeSignificanceError => Error * Math.Sqrt(ExpectedBackground);

    /// <summary>Measures the cut that a share of the sidebands passes.</summary>
    /// <param name="masses">Masses of events in the sidebands.</param>
    /// <param name="weights">One per event, or empty for 1 each; the weights of the background estimate.</param>
    /// <param name="scores">One per event; events above the cut are those with the highest.</param>
    /// <param name="window">The signal region.</param>
    /// <param name="regionBackground">B, the background expected in the signal region. Range: above 0.</param>
    /// <param name="backgroundEfficiency">The share of the sidebands' weight that should pass. Range: (0, 1).</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a number is outside its range.</exception>
    /// <exception cref="DataException">A sideband has no events, or so few pass that no polynomial is determined.</exception>
    public static CutSculpting Of(
        ReadOnlySpan<float> masses,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<float> scores,
        MassWindow window,
        double regionBackground,
        double backgroundEfficiency = 0.01)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (scores.Length != masses.Length || !(weights.IsEmpty || weights.Length == masses.Length))
        {
            throw new ArgumentException(
                $"There are {scores.Length} scores and {weights.Length} weights for {masses.Length} masses; give one of each per event, or "
                    + $"no weights.");
        }

        if (!(backgroundEfficiency is > 0 and < 1 && regionBackground > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(backgroundEfficiency), Text(
                $"A cut needs an efficiency between 0 and 1 and a background above 0; given {backgroundEfficiency} and "
                    + $"{regionBackground}."));
        }

        RequireBothSides(masses, window);
        double[] weightOf = weights.IsEmpty ? [.. Enumerable.Repeat(1.0, masses.Length)] : weights.ToArray();
        bool[] passes = Above(scores, weightOf, backgroundEfficiency);
        var efficiency = MassEfficiency.Fit(masses, weightOf, passes, window);
        return new CutSculpting(
            efficiency.Sidebands, efficiency.Ratio - 1, efficiency.RatioError, efficiency.Sidebands * regionBackground);
    }

    private static bool[] Above(ReadOnlySpan<float> scores, double[] weights, double share)
    {
        float[] sorted = scores.ToArray();
        if (Array.FindIndex(sorted, float.IsNaN) is >= 0 and int at)
        {
            throw new ArgumentException($"Score {at} is not a number; leave out events without a score.", nameof(scores));
        }

        double[] ordered = [.. weights];
        Array.Sort(sorted, ordered);
        double wanted = share * weights.Sum();
        double sum = 0;
        int lowest = sorted.Length - 1;
        for (; lowest > 0 && sum + ordered[lowest] <= wanted; lowest--)
        {
            sum += ordered[lowest];
        }

        // The event that exceeds the share stays below, and with it those of equal score, unless nothing else would pass.
        float threshold = sum > 0 && sorted[^1] > sorted[lowest] ? sorted[lowest] : MathF.BitDecrement(sorted[^1]);
        bool[] passes = new bool[scores.Length];
        for (int row = 0; row < passes.Length; row++)
        {
            passes[row] = scores[row] > threshold;
        }

        return passes;
    }

    private static void RequireBothSides(ReadOnlySpan<float> masses, MassWindow window)
    {
        int below = 0;
        int above = 0;
        foreach (float mass in masses)
        {
            below += mass < window.Low ? 1 : 0;
            above += mass >= window.High ? 1 : 0;
        }

        if (below == 0 || above == 0 || below + above < masses.Length)
        {
            throw new DataException(
                $"Of {masses.Length:N0} events, {below:N0} lie below and {above:N0} above the signal region {window}; give events of both "
                    + $"sidebands, and none of the region.");
        }
    }
}
