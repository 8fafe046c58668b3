using Gbi.Numerics;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

namespace Gbi.Benchmarks.Posteriors.Resonances;

/// <summary>
/// Samples of 10,000 dijet events with a resonance of unknown mass, width and strength; an observation is what a histogram of the dijet
/// mass holds, with its mean and standard deviation.
/// </summary>
internal static class ResonanceSimulation
{
    public const int Events = 10_000;

    private const double LowestEdge = DijetSimulator.LowestMass;
    private const double BinWidth = 0.04;
    private const int BinCount = 60;

    /// <summary>Lower edges of the bins, 60 of 0.04 TeV and one for all masses above.</summary>
    public static readonly double[] LowerEdges = [.. Enumerable.Range(0, BinCount + 1).Select(bin => LowestEdge + (BinWidth * bin))];

    /// <summary>
    /// Mass in TeV, its relative width, and the share of the resonance's events. The bounds keep the peak in the spectrum and the share
    /// above what a search would find.
    /// </summary>
    public static readonly Prior Prior = Prior.Independent(
        Prior.Uniform("mass", 3.2, 3.8), Prior.Uniform("width", 0.02, 0.12), Prior.Uniform("strength", 0.05, 0.3));

    public static readonly ISimulator Simulator = new FunctionSimulator(
        ["mass", "width", "strength"],
        [.. Enumerable.Range(0, LowerEdges.Length).Select(bin => $"count_{bin}"), "mean", "deviation"],
        (theta, random, features) => Summarise(Draw(theta, random), features));

    /// <summary>Masses of a sample; the number of signal events is binomial.</summary>
    public static float[] Draw(ReadOnlySpan<double> theta, Random random)
    {
        double strength = theta[2];
        int signal = Enumerable.Range(0, Events).Count(_ => random.NextDouble() < strength);
        var seed = new Seed((ulong)random.NextInt64());
        var resonance = new DijetSimulation { ResonanceMass = theta[0], DijetMassResolution = theta[1] };
        return
        [
            .. DijetSimulator.Signal(signal, seed.Child("signal"), resonance)[DijetSimulator.Mass],
            .. DijetSimulator.Background(Events - signal, seed.Child("background"))[DijetSimulator.Mass],
        ];
    }

    /// <summary>Counts of the bins, and mean and standard deviation of the masses.</summary>
    public static void Summarise(ReadOnlySpan<float> masses, Span<double> features)
    {
        features.Clear();
        double sum = 0;
        double squares = 0;
        foreach (float mass in masses)
        {
            features[BinOf(mass)]++;
            sum += mass;
            squares += mass * (double)mass;
        }

        double mean = sum / masses.Length;
        features[LowerEdges.Length] = mean;
        features[LowerEdges.Length + 1] = Math.Sqrt((squares / masses.Length) - (mean * mean));
    }

    // A wide resonance has masses below the lowest edge, which belong to the first bin as those above the last edge to the last.
    private static int BinOf(float mass) => Math.Clamp((int)((mass - LowestEdge) / BinWidth), 0, BinCount);
}
