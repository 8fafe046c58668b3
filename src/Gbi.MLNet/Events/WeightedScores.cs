namespace Gbi.Events;

/// <summary>A scored, weighted sample: a score an event, by a model that did not see it, and the events' weights. Immutable.</summary>
public sealed class WeightedScores
{
    private readonly float[] _scores;
    private readonly double[] _weights;

    /// <summary>A sample.</summary>
    /// <param name="scores">One per event.</param>
    /// <param name="weights">One per event, of any sign, or empty for 1 each.</param>
    /// <exception cref="ArgumentException">Lengths disagree; the message holds both.</exception>
    public WeightedScores(ReadOnlySpan<float> scores, ReadOnlySpan<double> weights = default)
        : this(scores.ToArray(), weights.ToArray())
    {
    }

    private WeightedScores(float[] scores, double[] weights)
    {
        if (weights.Length > 0 && weights.Length != scores.Length)
        {
            throw new ArgumentException($"There are {weights.Length} weights for {scores.Length} scores; give one per event, or none.");
        }

        (_scores, _weights) = (scores, weights);
        Sums = WeightSums.Of(weights, scores.Length);
    }

    /// <summary>One score per event.</summary>
    public ReadOnlySpan<float> Scores => _scores;

    /// <summary>One weight per event; empty for 1 each.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Number of events.</summary>
    public int Count => _scores.Length;

    /// <summary>Σ w.</summary>
    public double SumOfWeights => Sums.Sum;

    /// <summary>Σ w².</summary>
    public double SumOfSquaredWeights => Sums.Squares;

    /// <summary>Σ w and Σ w².</summary>
    internal WeightSums Sums { get; }

    /// <summary>The weighted mean of the scores with its error.</summary>
    public Estimate Mean => MeanOf(Array.ConvertAll(_scores, score => (double)score));

    /// <summary>Events of a table with their scores.</summary>
    /// <exception cref="ArgumentException">Lengths disagree; the message holds both.</exception>
    public static WeightedScores Of(EventTable events, ReadOnlySpan<float> scores)
    {
        ArgumentNullException.ThrowIfNull(events);
        return scores.Length == events.Count ? new WeightedScores(scores, events.Weights) : throw new ArgumentException(
            $"There are {scores.Length} scores for {events.Count} events; give one per event.", nameof(scores));
    }

    /// <summary>The weighted mean of any number of the events with its error.</summary>
    internal Estimate MeanOf(double[] values) => Estimate.OfMean(values, Weight, SumOfWeights);

    /// <summary>Weight of an event.</summary>
    public double Weight(int row) => _weights.Length > 0 ? _weights[row] : 1;

    /// <summary>Σ w and Σ w² of the events at or above a threshold.</summary>
    internal WeightSums Above(float threshold) => SumsWhere(score => score >= threshold);

    /// <summary>Σ w and Σ w² of the events at or below a threshold.</summary>
    internal WeightSums UpTo(float threshold) => SumsWhere(score => score <= threshold);

    /// <summary>
    /// The lowest score such that at most a share of the weight lies at or above it (at least one event does); events of weight 0 or less
    /// are left out.
    /// </summary>
    /// <param name="share">Range: (0, 1].</param>
    public float UpperQuantile(double share)
    {
        int[] positive = [.. Enumerable.Range(0, Count).Where(row => Weight(row) > 0)];
        float[] sorted = [.. positive.Select(row => _scores[row])];
        double[] weights = [.. positive.Select(Weight)];
        Array.Sort(sorted, weights);
        double above = 0;
        int at = sorted.Length - 1;
        while (at > 0 && above + weights[at] + weights[at - 1] <= share * SumOfWeights)
        {
            above += weights[at--];
        }

        return sorted[at];
    }

    /// <summary>The lowest score up to which at least a share of the weight lies.</summary>
    /// <param name="share">Range: (0, 1].</param>
    public float LowerQuantile(double share)
    {
        (float[] sorted, double[] weights) = Ordered();
        double sum = 0;
        int at = 0;
        for (; at < sorted.Length - 1; at++)
        {
            sum += weights[at];
            if (sum >= share * SumOfWeights)
            {
                break;
            }
        }

        return sorted[at];
    }

    /// <summary>The events by rising score.</summary>
    internal WeightedScores Sorted()
    {
        (float[] scores, double[] weights) = Ordered();
        return new WeightedScores(scores, weights);
    }

    /// <summary>The sample, where every score is a number and the weights sum to more than 0.</summary>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    /// <exception cref="DataException">The weights do not sum to more than 0.</exception>
    internal WeightedScores Checked(string name)
    {
        if (Array.FindIndex(_scores, float.IsNaN) is >= 0 and int at)
        {
            throw new ArgumentException($"Score {at} of the {name} is not a number; leave out events without a score.");
        }

        WeightSums.RequirePositive(SumOfWeights, $"The weights of the {name}");
        return this;
    }

    private (float[] Scores, double[] Weights) Ordered()
    {
        float[] sorted = [.. _scores];
        double[] weights = _weights.Length > 0 ? [.. _weights] : [.. Enumerable.Repeat(1.0, Count)];
        Array.Sort(sorted, weights);
        return (sorted, weights);
    }

    private WeightSums SumsWhere(Func<float, bool> isIn)
    {
        WeightSums sums = default;
        for (int row = 0; row < Count; row++)
        {
            sums = isIn(_scores[row]) ? sums.With(Weight(row)) : sums;
        }

        return sums;
    }
}
