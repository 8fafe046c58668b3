using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Inference.MixtureFraction;

/// <summary>
/// Fits the signal fraction μ of a mixture p(x) = μ p_S(x) + (1−μ) p_B(x) from r = p_S/p_B alone: the negative log likelihood
/// −Σ w ln(1 + μ (r−1)) is convex, so that its minimum is the root of the score, and its profile is monotone on either side.
/// </summary>
/// <remarks>
/// μ may be negative as long as 1 + μ(r−1) stays positive for every event, so that a deficit is not hidden and the estimate is
/// unbiased at μ = 0.
/// </remarks>
public static class SignalFractionFit
{
    /// <summary>Fits the fraction.</summary>
    /// <param name="logRatio">ln r, one per event, finite.</param>
    /// <param name="weights">One per event, or empty for 1 each.</param>
    /// <param name="references">The samples on which r was calibrated; their size then widens errors and intervals.</param>
    /// <exception cref="FitException">There are no events, or all events have the ratio 1.</exception>
    public static SignalFractionResult Fit(
        ReadOnlySpan<float> logRatio, ReadOnlyMemory<double> weights = default, ReferenceSamples? references = null)
    {
        RequireEvents(logRatio.Length, weights);
        double[] excess = new double[logRatio.Length];
        for (int i = 0; i < excess.Length; i++)
        {
            excess[i] = float.IsFinite(logRatio[i])
                ? Math.Exp(logRatio[i]) - 1
                : throw new FitException($"The log ratio of event {i} is {logRatio[i]}, expected a finite number; clip it.");
        }

        RequireInformation(excess.AsSpan().ContainsAnyExcept(0.0));
        return new SignalFractionLikelihood(excess, weights, references).Fit();
    }

    /// <summary>The fraction and its error alone, without intervals, from the ratios themselves.</summary>
    /// <param name="ratio">r, one per event, finite and not negative.</param>
    /// <param name="weights">One per event, or empty for 1 each.</param>
    /// <exception cref="FitException">There are no events, or all events have the ratio 1.</exception>
    public static SignalFractionEstimate EstimateFromRatios(ReadOnlyMemory<float> ratio, ReadOnlyMemory<double> weights = default)
    {
        RequireEvents(ratio.Length, weights);
        if (weights.IsEmpty && SignalFractionSeries.TryFit(ratio) is { } found)
        {
            return found;
        }

        if (!MixtureScore.TryRange(ratio, out float least, out float most))
        {
            int at = ratio.Span.IndexOfAnyExceptInRange(0, float.MaxValue);
            throw new FitException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The ratio of event {at} is {ratio.Span[at]}, expected a finite number of 0 or more; clip it."));
        }

        RequireInformation(least != 1 || most != 1);
        double lowest = most > 1 ? -1 / (most - 1.0) : double.NegativeInfinity;
        double highest = least < 1 ? -1 / (least - 1.0) : double.PositiveInfinity;

        // One vector in sixteen gives a start from which all events need two or three steps instead of seven.
        double start = ratio.Length >= 16 * EventBlocks.DefaultSize
            ? ScoreRoot.Find(fraction => Sums(fraction, sparsity: 16), lowest, highest, 0, tolerance: 1e-2).Estimate
            : 0;
        ScoreSums last = default;
        (double estimate, int iterations, bool atBorder) = ScoreRoot.Find(
            fraction => last = Sums(fraction, sparsity: 1), lowest, highest, start, tolerance: 1e-9);
        return new SignalFractionEstimate(estimate, Math.Sqrt(last.Variance) / last.Information, iterations, atBorder);

        ScoreSums Sums(double fraction, int sparsity) => ScoreSums.Over(ratio.Length, (start, length) => MixtureScore.Sums(
            ratio.Span.Slice(start, length), weights.IsEmpty ? default : weights.Span.Slice(start, length), fraction, sparsity));
    }

    private static void RequireEvents(int count, ReadOnlyMemory<double> weights)
    {
        if (count == 0)
        {
            throw new FitException("There are no events to fit a signal fraction to; check the signal region.");
        }

        if (!weights.IsEmpty && weights.Length != count)
        {
            throw new ArgumentException($"There are {weights.Length} weights for {count} events; give one per event.");
        }

        RequirePositiveSum(weights.Span);
    }

    private static void RequireInformation(bool tells)
    {
        if (!tells)
        {
            throw new FitException(
                "Every event has the ratio 1, which does not depend on the signal fraction; use features that separate signal.");
        }
    }

    private static void RequirePositiveSum(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }

        if (!weights.IsEmpty && !(sum > 0))
        {
            throw new FitException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The events' weights sum to {sum:G4}, expected more than 0; check the weight column or the selection."));
        }
    }
}
