using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Systematics;

/// <summary>
/// A nuisance ν that shifts, widens and enriches: x ~ N(0.3 ν, e^{0.1 ν}) with a rate of e^{0.2 ν}, and a second feature that tells
/// nothing. ln dσ(x|ν)/dσ(x|0) = 0.2 ν − 0.1 ν − (x − 0.3 ν)² e^{−0.2 ν}/2 + x²/2.
/// </summary>
internal static class MovedGaussian
{
    public static readonly string[] Features = ["x", "noise"];

    public static double LogRatio(double x, double nu) =>
        (0.1 * nu) - (Math.Pow(x - (0.3 * nu), 2) * Math.Exp(-0.2 * nu) / 2) + (x * x / 2);

    /// <summary>The odd part of ln r at ν = ±1, which two varied samples determine: (ln r(1) − ln r(−1))/2.</summary>
    public static double Linear(double x) => (LogRatio(x, 1) - LogRatio(x, -1)) / 2;

    /// <summary>The even part: (ln r(1) + ln r(−1))/2.</summary>
    public static double Quadratic(double x) => (LogRatio(x, 1) + LogRatio(x, -1)) / 2;

    /// <summary>Events at ν, each with the weight of the rate.</summary>
    public static EventTable Sample(double nu, int count, ulong seed)
    {
        Random random = new Seed(seed).CreateRandom();
        float[] x = new float[count];
        float[] noise = new float[count];
        for (int row = 0; row < count; row++)
        {
            x[row] = (float)random.NextNormal(0.3 * nu, Math.Exp(0.1 * nu));
            noise[row] = (float)random.NextDouble();
        }

        double[] weights = new double[count];
        weights.AsSpan().Fill(Math.Exp(0.2 * nu));
        return EventTable.FromColumns(("x", x), ("noise", noise)).WithWeights(weights);
    }

    /// <summary>Root mean square of found less true values over the events.</summary>
    public static double RootMeanSquareError(EventTable events, ReadOnlySpan<float> found, Func<double, double> truth)
    {
        double sum = 0;
        for (int row = 0; row < events.Count; row++)
        {
            sum += Math.Pow(found[row] - truth(events["x"][row]), 2);
        }

        return Math.Sqrt(sum / events.Count);
    }
}
