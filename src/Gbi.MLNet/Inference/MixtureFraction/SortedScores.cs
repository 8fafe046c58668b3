using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.MixtureFraction;

/// <summary>Scores of a sample in rising order with the weights of their events, checked.</summary>
/// <param name="Scores">None of them NaN.</param>
/// <param name="Weights">One a score; of any sign, with a sum above 0.</param>
internal sealed record SortedScores(float[] Scores, double[] Weights)
{
    /// <summary>Number of events.</summary>
    public int Count => Scores.Length;

    /// <summary>Sorts a sample.</summary>
    /// <param name="scores">One an event.</param>
    /// <param name="weights">One an event, or empty for 1 each.</param>
    /// <param name="sample">What errors call it.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a score is NaN.</exception>
    /// <exception cref="DataException">The weights do not sum to more than 0.</exception>
    public static SortedScores Of(ReadOnlySpan<float> scores, ReadOnlySpan<double> weights, string sample)
    {
        if (!weights.IsEmpty && weights.Length != scores.Length)
        {
            throw new ArgumentException(
                $"There are {weights.Length} weights for {scores.Length} scores of the {sample}; give one an event, or none.");
        }

        float[] sorted = scores.ToArray();
        if (Array.FindIndex(sorted, float.IsNaN) is >= 0 and int at)
        {
            throw new ArgumentException($"Score {at} of the {sample} is not a number; leave out events without a score.");
        }

        double[] ordered = weights.IsEmpty ? [.. Enumerable.Repeat(1.0, sorted.Length)] : weights.ToArray();
        Array.Sort(sorted, ordered);
        double sum = ordered.Sum();
        return sum > 0
            ? new SortedScores(sorted, ordered)
            : throw new DataException(Text(
                $"The weights of the {sample} sum to {sum:G4}, expected more than 0; check the weight column or the selection."));
    }
}
