using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Calibration;

/// <summary>
/// The logistic regression of a log ratio that is linear in functions of the score, f(s) = β₀ + Σₖ βₖ φₖ(s) with βₖ ≥ 0: minimises
/// Σ₁ w softplus(−f) + Σ₀ w softplus(f), each sample's weights w divided by their sum.
/// </summary>
internal static class ScoreRegression
{
    /// <summary>β₀, β₁ … of the least loss.</summary>
    /// <returns>
    /// Null where a sample has too few effective events, the samples do not overlap in the score, or the events do not determine β.
    /// </returns>
    public static double[]? Fit(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, int minEvents,
        Func<double, double>[] functions)
    {
        var numerator = new SampleSums();
        var denominator = new SampleSums();
        for (int row = 0; row < scores.Length; row++)
        {
            (isNumerator[row] ? numerator : denominator).Add(scores[row], weights[row]);
        }

        // Where every event of the numerator lies above all of the denominator, an ever steeper map is an ever better one.
        if (!numerator.IsFull(minEvents) || !denominator.IsFull(minEvents) || numerator.Lowest >= denominator.Highest)
        {
            return null;
        }

        double[] normalised = new double[weights.Length];
        for (int row = 0; row < normalised.Length; row++)
        {
            normalised[row] = weights[row] / (isNumerator[row] ? numerator.Sum : denominator.Sum);
        }

        double[] lower = [double.NegativeInfinity, .. functions.Select(_ => 0.0)];
        return new LogisticRegression(Terms(scores.ToArray(), functions), isNumerator.ToArray(), normalised).Minimise(lower);
    }

    private static double[] Terms(float[] scores, Func<double, double>[] functions)
    {
        int size = functions.Length + 1;
        double[] terms = new double[scores.Length * size];
        EventBlocks.ForEach(scores.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                terms[row * size] = 1;
                for (int k = 1; k < size; k++)
                {
                    terms[(row * size) + k] = functions[k - 1](scores[row]);
                }
            }
        });
        return terms;
    }

    private sealed class SampleSums
    {
        private double _squares;

        public double Sum { get; private set; }

        public double Lowest { get; private set; } = double.PositiveInfinity;

        public double Highest { get; private set; } = double.NegativeInfinity;

        public bool IsFull(int events) => Sum > 0 && Sum * Sum >= events * _squares;

        public void Add(double score, double weight)
        {
            if (weight == 0)
            {
                return;
            }

            Sum += weight;
            _squares += weight * weight;
            Lowest = Math.Min(Lowest, score);
            Highest = Math.Max(Highest, score);
        }
    }
}
