using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Benchmarks.Peaks;

/// <summary>
/// A known peak over a smooth background in two muons: a Gaussian resolution, with the natural width where it is seen, over an exponential
/// that may turn on at a threshold.
/// </summary>
/// <param name="Name">What it is like.</param>
/// <param name="Mean">Position, GeV.</param>
/// <param name="Width">Resolution, GeV.</param>
/// <param name="NaturalWidth">Half-width of the Lorentz function, GeV; 0 for none.</param>
/// <param name="Slope">The background falls as exp(−slope m), per GeV.</param>
/// <param name="Window">Signal region and the masses in use.</param>
internal sealed record Resonance(string Name, double Mean, double Width, double NaturalWidth, double Slope, MassWindow Window)
{
    public static readonly Resonance Upsilon = new("upsilon", 9.46, 0.08, 0, 0.5, new MassWindow(9.2, 9.7, 8.6, 10.3));
    public static readonly Resonance Phi = new("phi", 1.0195, 0.002, 0.0021, 5, new MassWindow(1.009, 1.03, 0.99, 1.06));
    public static readonly Resonance PsiPrime = new("psi-prime", 3.686, 0.03, 0, 1.5, new MassWindow(3.59, 3.78, 3.4, 4));

    public static readonly Resonance[] All = [Upsilon, Phi, PsiPrime];

    /// <summary>Features that separate by much, by little, and not at all, with one that is discrete and one that is constant.</summary>
    public static readonly string[] Strong = ["isolation", "impact", "hits", "constant", "weak"];
    public static readonly string[] Weak = ["weak", "hits", "constant"];
    public static readonly string[] Uninformative = ["noise", "constant"];

    /// <summary>Events; masses and features are independent for peak and for background.</summary>
    /// <param name="peak">Mean number of events of the peak, all masses in use.</param>
    /// <param name="background">Mean number of events of the background.</param>
    /// <param name="seed">Same seed, same events.</param>
    public EventTable Draw(double peak, double background, Seed seed)
    {
        Random random = seed.CreateRandom();
        int peakCount = random.NextPoisson(peak);
        int count = peakCount + random.NextPoisson(background);
        bool[] isPeak = [.. Enumerable.Range(0, count).Select(row => row < peakCount)];
        double Isolation(bool signal) => signal ? -0.1 * Math.Log(1 - random.NextDouble()) : 2 * random.NextDouble();
        return EventTable.FromColumns(
            ("mass", [.. isPeak.Select(signal => (float)(signal ? PeakMass(random) : BackgroundMass(random)))]),
            ("isolation", [.. isPeak.Select(signal => (float)Isolation(signal))]),
            ("impact", [.. isPeak.Select(signal => (float)Math.Abs(random.NextNormal(0, signal ? 0.1 : 1)))]),
            ("hits", [.. isPeak.Select(signal => (float)random.NextPoisson(signal ? 6 : 5))]),
            ("constant", [.. isPeak.Select(_ => 1f)]),
            ("weak", [.. isPeak.Select(signal => (float)random.NextNormal(signal ? 0.5 : 0, 1))]),
            ("noise", [.. isPeak.Select(_ => (float)random.NextDouble())]));
    }

    private double PeakMass(Random random)
    {
        while (true)
        {
            double natural = NaturalWidth * Math.Tan(Math.PI * (random.NextDouble() - 0.5));
            double mass = random.NextNormal(Mean, Width) + natural;
            if (mass >= Window.OuterLow && mass < Window.OuterHigh)
            {
                return mass;
            }
        }
    }

    private double BackgroundMass(Random random)
    {
        double last = Math.Exp(-Slope * (Window.OuterHigh - Window.OuterLow));
        return Window.OuterLow - (Math.Log(1 - (random.NextDouble() * (1 - last))) / Slope);
    }
}
