namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// The differential entropy of residuals, −E ln p: what a histogram of them would cost. A location that is closer on average may still
/// blur a narrow peak, which the squared error does not see and the entropy does.
/// </summary>
internal static class ResidualEntropy
{
    /// <summary>The entropy from the spacings of m = √n ordered values, in nats.</summary>
    /// <remarks>Vasicek, J. R. Stat. Soc. B 38 (1976) 54.</remarks>
    public static double Of(ReadOnlySpan<float> values)
    {
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        int count = sorted.Length;
        int spacing = Math.Max(1, (int)Math.Sqrt(count));
        double least = Math.Max((sorted[^1] - (double)sorted[0]) * 1e-6 / count, double.Epsilon);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            int below = Math.Max(0, i - spacing);
            int above = Math.Min(count - 1, i + spacing);
            double width = Math.Max((double)sorted[above] - sorted[below], least);
            sum += Math.Log(width * count / (above - below));
        }

        return sum / count;
    }
}
