using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Generators;

/// <summary>
/// Simulates a dijet resonance search like that of the LHC Olympics 2020 R&amp;D data: a falling background and a resonance at
/// 3.5 TeV that decays to particles of 0.1 and 0.5 TeV. Masses in TeV. Marginals follow the published quantiles of those data; the
/// background's features drift with the dijet mass, more than in the original, so that a sideband generator has work to do.
/// </summary>
/// <remarks>Shapes after Kasieczka et al., arXiv:2101.08320.</remarks>
public sealed class DijetSimulator : IEventGenerator
{
    /// <summary>Name of the mass column.</summary>
    public const string Mass = "mjj";

    /// <summary>Name of the truth column: 1 for signal, 0 for background.</summary>
    public const string Label = "label";

    /// <summary>√s of the simulated collisions, in TeV.</summary>
    public const double CollisionEnergy = 13;

    /// <summary>Lowest simulated dijet mass, in TeV.</summary>
    public const double LowestMass = 2.6;

    /// <summary>Highest simulated dijet mass, in TeV.</summary>
    public const double HighestMass = 7;

    private static readonly string[] FeatureNames = ["mj1", "delta_mj", "tau21_j1", "tau21_j2"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Features => FeatureNames;

    /// <summary>Background events at given masses, of weight 1.</summary>
    public EventTable Generate(ReadOnlySpan<float> masses, Seed seed) =>
        Simulate(masses.ToArray(), label: 0, seed, FillBackground, CancellationToken.None);

    /// <summary>Background events whose mass follows the falling spectrum between two limits.</summary>
    public static EventTable Background(
        int count, Seed seed, double low = LowestMass, double high = HighestMass, CancellationToken cancellation = default)
    {
        var spectrum = new TabulatedSpectrum(BackgroundDensity, low, high);
        return Simulate(spectrum.Draw(count, seed.Child("mass")), label: 0, seed, FillBackground, cancellation);
    }

    /// <summary>Signal events.</summary>
    public static EventTable Signal(int count, Seed seed, CancellationToken cancellation = default)
    {
        float[] masses = new float[count];
        Random random = seed.Child("mass").CreateRandom();
        for (int row = 0; row < count; row++)
        {
            masses[row] = (float)Math.Clamp(random.NextNormal(3.5, 0.1), LowestMass, HighestMass);
        }

        return Simulate(masses, label: 1, seed, FillSignal, cancellation);
    }

    /// <summary>A shuffled data set that holds an exact share of signal events.</summary>
    /// <param name="count">Events in all.</param>
    /// <param name="signalFraction">Share of signal events among them; range [0, 1].</param>
    /// <param name="seed">Same seed, same events.</param>
    /// <param name="cancellation">Stops between blocks of events.</param>
    public static EventTable Data(int count, double signalFraction, Seed seed, CancellationToken cancellation = default)
    {
        if (!(signalFraction is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(signalFraction), signalFraction, "The signal fraction must be in [0, 1].");
        }

        int signal = (int)Math.Round(count * signalFraction);
        EventTable background = Background(count - signal, seed.Child("background"), cancellation: cancellation);
        EventTable events = background.Append(Signal(signal, seed.Child("signal"), cancellation));
        cancellation.ThrowIfCancellationRequested();
        return events.Select(seed.Child("shuffle").Permutation(count));
    }

    private static double BackgroundDensity(double mass)
    {
        double y = mass / CollisionEnergy;
        return Math.Pow(1 - y, 10) * Math.Pow(y, -0.8);
    }

    private static EventTable Simulate(float[] masses, float label, Seed seed, FillEvent fill, CancellationToken cancellation)
    {
        float[][] features = [.. FeatureNames.Select(_ => new float[masses.Length])];
        float[] labels = new float[masses.Length];
        Array.Fill(labels, label);
        EventBlocks.ForEach(masses.Length, (start, length) =>
        {
            Random random = seed.Child("features").Child(start).CreateRandom();
            Span<double> values = stackalloc double[FeatureNames.Length];
            for (int row = start; row < start + length; row++)
            {
                fill(masses[row], random, values);
                for (int feature = 0; feature < values.Length; feature++)
                {
                    features[feature][row] = (float)values[feature];
                }
            }
        }, cancellation: cancellation);
        return EventTable.FromColumns([
            (Mass, masses),
            .. FeatureNames.Select((name, feature) => (name, features[feature])),
            (Label, labels)]);
    }

    private static void FillBackground(double mass, Random random, Span<double> values)
    {
        double drift = mass / 3.5;
        double lightJet = random.NextNormal(0, 1);
        values[0] = 0.108 * Math.Pow(drift, 0.8) * Math.Exp(0.6 * lightJet);
        double splitting = random.NextExponential(1);
        values[1] = 0.175 * Math.Pow(drift, 0.8) * splitting;
        double slope = 0.06 * (mass - 3.5);
        values[2] = Substructure(random, 0.58 + slope - (0.05 * lightJet), 6.9);
        values[3] = Substructure(random, 0.48 + slope - (0.08 * (splitting - 1)), 6.2);
    }

    private static void FillSignal(double mass, Random random, Span<double> values)
    {
        bool clean = random.NextDouble() < 0.85;
        values[0] = clean ? random.NextNormal(0.108, 0.009) : 0.09 + random.NextExponential(0.1);
        bool contained = random.NextDouble() < 0.7;
        values[1] = contained ? random.NextNormal(0.39, 0.035) : 0.09 + (0.3 * random.NextDouble());
        values[2] = Substructure(random, 0.39, 9.6);
        values[3] = Substructure(random, 0.23, 8.0);
    }

    /// <summary>A number in (0, 1) of the given mean; the larger the concentration, the narrower.</summary>
    private static double Substructure(Random random, double mean, double concentration)
    {
        double bounded = Math.Clamp(mean, 0.08, 0.92);
        return random.NextBeta(concentration * bounded, concentration * (1 - bounded));
    }

    private delegate void FillEvent(double mass, Random random, Span<double> values);
}
