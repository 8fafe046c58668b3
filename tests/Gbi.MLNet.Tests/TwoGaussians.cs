using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests;

/// <summary>
/// Two samples with a known ratio: x ~ N(+1, 1) in the numerator and N(−1, 1) in the denominator, so that ln p₁/p₀ = 2x exactly;
/// a second column holds noise that tells nothing.
/// </summary>
internal static class TwoGaussians
{
    public static readonly string[] Features = ["x", "noise"];

    public static EventTable Numerator(int count, ulong seed) => Sample(count, 1, new Seed(seed).Child("numerator"));

    public static EventTable Denominator(int count, ulong seed) => Sample(count, -1, new Seed(seed).Child("denominator"));

    public static double LogRatio(float x) => 2.0 * x;

    /// <summary>Root mean square of the difference of log ratios to 2x over the events of |x| up to a limit.</summary>
    public static double RootMeanSquareError(EventTable events, ReadOnlySpan<float> logRatio, double limit = double.PositiveInfinity)
    {
        double sum = 0;
        int count = 0;
        for (int row = 0; row < events.Count; row++)
        {
            if (Math.Abs(events["x"][row]) <= limit)
            {
                double difference = logRatio[row] - LogRatio(events["x"][row]);
                sum += difference * difference;
                count++;
            }
        }

        return Math.Sqrt(sum / count);
    }

    private static EventTable Sample(int count, double mean, Seed seed)
    {
        Random random = seed.CreateRandom();
        float[] x = new float[count];
        float[] noise = new float[count];
        for (int row = 0; row < count; row++)
        {
            x[row] = (float)random.NextNormal(mean, 1);
            noise[row] = (float)random.NextDouble();
        }

        return EventTable.FromColumns(("x", x), ("noise", noise));
    }
}
