namespace Gbi.Searches.Background;

/// <summary>Scores and weights of some events.</summary>
internal sealed class ScoredSample
{
    public ScoredSample(float[] scores, int[] rows, double[] weights)
        : this([.. rows.Select(row => scores[row])], weights)
    {
    }

    public ScoredSample(float[] scores, double[] weights)
    {
        Scores = scores;
        Weights = weights;
        SumOfWeights = weights.Sum();
        SumOfSquaredWeights = weights.Sum(weight => weight * weight);
    }

    public float[] Scores { get; }

    public double[] Weights { get; }

    public double SumOfWeights { get; }

    public double SumOfSquaredWeights { get; }

    /// <summary>
    /// The lowest score such that at most a share of the weight lies at or above it (at least one event does), weights ≤ 0 left out.
    /// </summary>
    public float UpperQuantile(double share)
    {
        int[] positive = [.. Enumerable.Range(0, Scores.Length).Where(i => Weights[i] > 0)];
        float[] sorted = [.. positive.Select(i => Scores[i])];
        double[] weights = [.. positive.Select(i => Weights[i])];
        Array.Sort(sorted, weights);
        double above = 0;
        int at = sorted.Length - 1;
        while (at > 0 && above + weights[at] + weights[at - 1] <= share * SumOfWeights)
        {
            above += weights[at--];
        }

        return sorted[at];
    }

    /// <summary>Σ w and Σ w² of the events at or above a threshold.</summary>
    public (double Sum, double Squares) Above(float threshold)
    {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < Scores.Length; i++)
        {
            if (Scores[i] >= threshold)
            {
                sum += Weights[i];
                squares += Weights[i] * Weights[i];
            }
        }

        return (sum, squares);
    }
}
