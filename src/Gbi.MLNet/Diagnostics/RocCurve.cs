namespace Gbi.Diagnostics;

/// <summary>How well a score tells two weighted samples apart.</summary>
public static class RocCurve
{
    /// <summary>
    /// Area under the curve: the probability that an event of the first sample scores above one of the second, ties counting half.
    /// 0.5 where the samples cannot be told apart.
    /// </summary>
    public static double Area(
        ReadOnlySpan<float> firstScores, ReadOnlySpan<double> firstWeights, ReadOnlySpan<float> secondScores, ReadOnlySpan<double> secondWeights)
    {
        float[] scores = [.. firstScores, .. secondScores];
        int[] order = new int[scores.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(scores, order);
        double below = 0;
        double area = 0;
        double first = 0;
        for (int start = 0; start < order.Length;)
        {
            double tiedFirst = 0;
            double tiedSecond = 0;
            int end = start;
            for (; end < order.Length && scores[end] == scores[start]; end++)
            {
                int row = order[end];
                bool isFirst = row < firstScores.Length;
                double weight = isFirst ? WeightOf(firstWeights, row) : WeightOf(secondWeights, row - firstScores.Length);
                tiedFirst += isFirst ? weight : 0;
                tiedSecond += isFirst ? 0 : weight;
            }

            area += tiedFirst * (below + (tiedSecond / 2));
            below += tiedSecond;
            first += tiedFirst;
            start = end;
        }

        return area / (first * below);
    }

    private static double WeightOf(ReadOnlySpan<double> weights, int row) => weights.IsEmpty ? 1 : weights[row];
}
