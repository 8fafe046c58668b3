using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Power;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics.Support;

/// <summary>How many template events there are among the highest scores, where an excess is searched.</summary>
/// <param name="Share">Share of the events' weight above the cut, at least the requested share.</param>
/// <param name="Threshold">The lowest score above the cut.</param>
/// <param name="EffectiveCount">(Σ w)²/Σ w² of the template above the cut; 0 where its weights there do not sum to more than 0.</param>
internal sealed record TailSupport(double Share, float Threshold, double EffectiveCount)
{
    /// <summary>A relative error of the background of 20 %, by the rule that limits significance improvements too.</summary>
    private const double FewestEvents = 25;

    /// <summary>Whether the background is known to 20 % there.</summary>
    public ClosureCheck Check => new(
        "Template events among the highest scores",
        EffectiveCount,
        null,
        FewestEvents,
        double.PositiveInfinity,
        Text(
            $"Where the highest {100 * Share:G2} % of the events score, {EffectiveCount:F1} effective template events stand for the "
                + $"background: cut lower, or generate more background."));

    /// <summary>Counts above the cut that a share of the events passes.</summary>
    /// <param name="eventScores">Scores of the events.</param>
    /// <param name="eventWeights">One an event, or empty for 1 each.</param>
    /// <param name="templateScores">Scores of the template.</param>
    /// <param name="templateWeights">One an event, or empty for 1 each.</param>
    /// <param name="share">Share of the events' weight that passes. Range: (0, 1].</param>
    /// <exception cref="ArgumentException">Weights are neither empty nor one an event, or the share is out of range.</exception>
    public static TailSupport Of(
        ReadOnlySpan<float> eventScores,
        ReadOnlySpan<double> eventWeights,
        ReadOnlySpan<float> templateScores,
        ReadOnlySpan<double> templateWeights,
        double share = 0.01)
    {
        RequireLength(eventScores.Length, eventWeights.Length);
        RequireLength(templateScores.Length, templateWeights.Length);
        if (!(share is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of the events above the cut must be in (0, 1].");
        }

        double sum = WeightSums.RequirePositive(WeightSums.Of(eventWeights, eventScores.Length).Sum, "The weights of the events");
        float[] sorted = eventScores.ToArray();
        double[] weights = eventWeights.IsEmpty ? [.. Enumerable.Repeat(1.0, sorted.Length)] : eventWeights.ToArray();
        Array.Sort(sorted, weights);
        int lowest = sorted.Length;
        double passed = 0;
        while (lowest > 0 && (passed < share * sum || (lowest < sorted.Length && sorted[lowest - 1] == sorted[lowest])))
        {
            passed += weights[--lowest];
        }

        float threshold = sorted[lowest];
        var above = default(WeightSums);
        for (int row = 0; row < templateScores.Length; row++)
        {
            above = templateScores[row] >= threshold ? above.With(templateWeights.IsEmpty ? 1 : templateWeights[row]) : above;
        }

        return new TailSupport(passed / sum, threshold, above.EffectiveCount);
    }

    private static void RequireLength(int scores, int weights)
    {
        if (weights != 0 && weights != scores)
        {
            throw new ArgumentException($"There are {weights} weights for {scores} scores; give one an event, or none.");
        }
    }
}
