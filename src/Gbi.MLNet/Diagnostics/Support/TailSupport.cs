using Gbi.Diagnostics.Closure;
using Gbi.Events;
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
    /// <param name="forMoreEvents">What gives the template more events.</param>
    public ClosureCheck Check(string forMoreEvents) => new(
        "Effective template events among the highest scores",
        EffectiveCount,
        null,
        FewestEvents,
        double.PositiveInfinity,
        Text(
            $"Above the cut that {100 * Share:G2} % of the events pass, the background is estimated from {EffectiveCount:F1} effective "
                + $"template events; cut lower, or {forMoreEvents}."));

    /// <summary>Counts above the cut that a share of the events passes.</summary>
    /// <param name="events">The events.</param>
    /// <param name="template">The template.</param>
    /// <param name="share">Share of the events' weight that passes. Range: (0, 1].</param>
    /// <exception cref="ArgumentException">The share is out of range.</exception>
    /// <exception cref="DataException">The weights of the events do not sum to more than 0.</exception>
    public static TailSupport Of(WeightedScores events, WeightedScores template, double share = 0.01)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(template);
        if (!(share is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of the events above the cut must be in (0, 1].");
        }

        double sum = WeightSums.RequirePositive(events.SumOfWeights, "The weights of the events");
        WeightedScores ordered = events.Sorted();
        ReadOnlySpan<float> sorted = ordered.Scores;
        ReadOnlySpan<double> weights = ordered.Weights;
        int lowest = sorted.Length;
        double passed = 0;
        while (lowest > 0 && (passed < share * sum || (lowest < sorted.Length && sorted[lowest - 1] == sorted[lowest])))
        {
            passed += weights[--lowest];
        }

        float threshold = sorted[lowest];
        return new TailSupport(passed / sum, threshold, template.Above(threshold).EffectiveCount);
    }
}
