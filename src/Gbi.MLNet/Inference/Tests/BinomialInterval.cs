using Gbi.Inference.Fits;
using MathNet.Numerics.Distributions;

namespace Gbi.Inference.Tests;

/// <summary>Confidence intervals of a probability from k successes in n trials.</summary>
internal static class BinomialInterval
{
    /// <summary>
    /// Clopper and Pearson's central interval: at its lower end k or more successes have the probability α/2, at its upper end k or fewer,
    /// α = 1 − level. It never covers less than its level.
    /// </summary>
    /// <param name="successes">k. Range: [0, n].</param>
    /// <param name="trials">n. Range: 1 or more.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <remarks>Biometrika 26 (1934) 404. The ends are quantiles of Beta(k, n−k+1) and Beta(k+1, n−k).</remarks>
    public static ConfidenceInterval ClopperPearson(int successes, int trials, double confidenceLevel = ConfidenceLevel.OneSigma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        if (successes < 0 || successes > trials)
        {
            throw new ArgumentOutOfRangeException(
                nameof(successes), successes, $"There cannot be {successes} successes in {trials} trials.");
        }

        if (!(confidenceLevel is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(confidenceLevel), confidenceLevel, "The confidence level must lie between 0 and 1.");
        }

        double tail = (1 - confidenceLevel) / 2;
        double lower = successes == 0
            ? 0
            : successes == trials
            ? Math.Pow(tail, 1.0 / trials)
            : Beta.InvCDF(successes, trials - successes + 1, tail);
        double upper = successes == trials
            ? 1
            : successes == 0
            ? 1 - Math.Pow(tail, 1.0 / trials)
            : Beta.InvCDF(successes + 1, trials - successes, 1 - tail);
        return new ConfidenceInterval(lower, upper, confidenceLevel);
    }
}
