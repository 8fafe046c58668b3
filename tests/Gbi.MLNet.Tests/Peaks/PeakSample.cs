using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Peaks;

/// <summary>A Gaussian peak at 5 with width 0.3 over a background that falls linearly from 0 to 10, with a feature that tells them
/// apart.</summary>
internal static class PeakSample
{
    public const double Mean = 5;
    public const double Width = 0.3;

    public static readonly MassWindow Window = new(4.1, 5.9, 0, 10);

    /// <summary>Masses and features; the peak's events come first.</summary>
    /// <param name="peak">Mean number of events of the peak.</param>
    /// <param name="background">Mean number of events of the background.</param>
    /// <param name="seed">Same seed, same events.</param>
    /// <param name="tailShare">Share of the peak that is three times as wide.</param>
    public static EventTable Draw(double peak, double background, int seed, double tailShare = 0)
    {
        Random random = new Seed((ulong)seed).CreateRandom();
        int peakCount = random.NextPoisson(peak);
        int count = peakCount + random.NextPoisson(background);
        float[] mass = new float[count];
        float[] feature = new float[count];
        for (int i = 0; i < count; i++)
        {
            bool isPeak = i < peakCount;
            double width = isPeak && random.NextDouble() < tailShare ? 3 * Width : Width;
            mass[i] = (float)(isPeak ? random.NextNormal(Mean, width) : Falling(random.NextDouble()));
            feature[i] = (float)random.NextNormal(isPeak ? 1.5 : 0, 1);
        }

        return EventTable.FromColumns(("mass", mass), ("feature", feature), ("noise", [.. mass.Select(_ => (float)random.NextDouble())]));
    }

    /// <summary>The same with features of strong separation: isolation, exponential against flat, and an impact parameter, narrow against
    /// wide; with a discrete, a constant and a weak one.</summary>
    public static EventTable DrawStrong(double peak, double background, int seed)
    {
        EventTable events = Draw(peak, background, seed);
        Random random = new Seed((ulong)seed).Child("features").CreateRandom();

        // The peak's events come first, and their number is the first draw.
        int peakCount = new Seed((ulong)seed).CreateRandom().NextPoisson(peak);
        bool[] isPeak = [.. Enumerable.Range(0, events.Count).Select(row => row < peakCount)];
        double Isolation(bool signal) => signal ? -0.1 * Math.Log(1 - random.NextDouble()) : 2 * random.NextDouble();
        return EventTable.FromColumns(
            ("mass", events["mass"].ToArray()),
            ("isolation", [.. isPeak.Select(signal => (float)Isolation(signal))]),
            ("impact", [.. isPeak.Select(signal => (float)Math.Abs(random.NextNormal(0, signal ? 0.1 : 1)))]),
            ("hits", [.. isPeak.Select(signal => (float)(random.NextPoisson(signal ? 6 : 5)))]),
            ("constant", [.. isPeak.Select(_ => 1f)]),
            ("weak", [.. isPeak.Select(signal => (float)random.NextNormal(signal ? 0.2 : 0, 1))]));
    }

    // The density (3 − m/5)/20 on [0, 10] has the cumulative (3m − m²/10)/20.
    private static double Falling(double uniform) => 15 - Math.Sqrt(225 - (200 * uniform));
}
