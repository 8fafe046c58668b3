using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Diagnostics;

/// <summary>
/// N(0.3, I) in the numerator and N(0, I) in the denominator, in four features: ln p₁/p₀ = Σ (0.3 x − 0.045) exactly, each feature's part
/// by itself.
/// </summary>
internal static class ShiftedGaussians
{
    public const double Shift = 0.3;

    public static readonly string[] Features = ["a", "b", "c", "d"];

    public static EventTable Numerator(int count, ulong seed) => Sample(count, Shift, new Seed(seed).Child("numerator"));

    public static EventTable Denominator(int count, ulong seed) => Sample(count, 0, new Seed(seed).Child("denominator"));

    /// <summary>Events with the exact log ratio of the first features, changed in some way.</summary>
    public static ScoredEvents Scored(EventTable events, int features = 4, Func<double, double>? change = null)
    {
        float[] logRatio = new float[events.Count];
        for (int row = 0; row < logRatio.Length; row++)
        {
            double exact = Features.Take(features).Sum(name => (Shift * events[name][row]) - (Shift * Shift / 2));
            logRatio[row] = (float)(change?.Invoke(exact) ?? exact);
        }

        return new ScoredEvents(events, logRatio);
    }

    private static EventTable Sample(int count, double mean, Seed seed)
    {
        Random random = seed.CreateRandom();
        return EventTable.FromColumns([.. Features.Select(name =>
            (name, Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(mean, 1)).ToArray()))]);
    }
}
