using Gbi.Events;
using Gbi.Generators;
using Gbi.Generators.Spectra;
using Gbi.Numerics;

namespace Gbi.Simulators;

/// <summary>
/// Simulates a dijet resonance search with the shapes of the LHC Olympics 2020 R&amp;D data: a falling background whose features barely
/// depend on the mass, and a resonance at 3.5 TeV that decays to particles of 0.1 and 0.5 TeV, or to those of a family. Masses in TeV,
/// those of the family's parameters in GeV. Shifts of the detector keep the random numbers: an event stays the same event.
/// </summary>
/// <remarks>Shapes after Kasieczka et al., arXiv:2101.08320.</remarks>
public sealed class DijetSimulator : IEventGenerator
{
    /// <summary>Name of the mass column.</summary>
    public const string Mass = "mjj";

    /// <summary>Name of the truth column: 1 for signal, 0 for background.</summary>
    public const string Label = "label";

    /// <summary>Name of the mass of the heavier jet, where it is a column of its own.</summary>
    public const string HeavyMass = "mj2";

    /// <summary>Name of the angle between the jets, where it is simulated.</summary>
    public const string Angle = "delta_r";

    /// <summary>Name of the column of the first mass of a signal family.</summary>
    public const string MassX = "mx";

    /// <summary>Name of the column of the second mass of a signal family.</summary>
    public const string MassY = "my";

    /// <summary>√s of the simulated collisions, in TeV.</summary>
    public const double CollisionEnergy = 13;

    /// <summary>Lowest dijet mass of the falling spectrum, in TeV.</summary>
    public const double LowestMass = 2.6;

    /// <summary>Highest simulated dijet mass, in TeV.</summary>
    public const double HighestMass = 8;

    private static readonly string[] FeatureNames = ["mj1", "delta_mj", "tau21_j1", "tau21_j2"];

    private readonly DijetSimulation _simulation;

    /// <summary>A generator of background events.</summary>
    /// <param name="simulation">What is simulated; the shapes of LHC Olympics unless given.</param>
    public DijetSimulator(DijetSimulation? simulation = null) => _simulation = simulation ?? new DijetSimulation();

    /// <inheritdoc/>
    public IReadOnlyList<string> Features => FeaturesOf(_simulation);

    /// <summary>Names of all columns of simulated events.</summary>
    public static IReadOnlyList<string> ColumnsOf(DijetSimulation simulation)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        string[] parameters = simulation.SignalMasses is null ? [] : [MassX, MassY];
        return [Mass, .. FeaturesOf(simulation), Label, .. parameters];
    }

    /// <summary>Background events at given masses, of weight 1.</summary>
    public EventTable Generate(ReadOnlySpan<float> masses, Seed seed) =>
        BackgroundAt(masses.ToArray(), _simulation, seed, CancellationToken.None);

    /// <summary>Background events whose mass follows the falling spectrum between two limits.</summary>
    /// <param name="count">Number of events.</param>
    /// <param name="seed">Same seed, same events.</param>
    /// <param name="low">Lowest mass, in TeV (default: that of the spectrum).</param>
    /// <param name="high">Highest mass, in TeV.</param>
    /// <param name="simulation">What is simulated.</param>
    /// <param name="cancellation">Stops between blocks of events.</param>
    public static EventTable Background(
        int count, Seed seed, double? low = null, double high = HighestMass, DijetSimulation? simulation = null,
        CancellationToken cancellation = default)
    {
        simulation ??= new DijetSimulation();
        TabulatedSpectrum spectrum = SpectrumOf(simulation, low ?? simulation.LowestMass, high);
        return BackgroundAt(spectrum.Draw(count, seed.Child("mass")), simulation, seed, cancellation);
    }

    /// <summary>Signal events.</summary>
    public static EventTable Signal(int count, Seed seed, DijetSimulation? simulation = null, CancellationToken cancellation = default) =>
        Whole(count, 1, seed, simulation, cancellation);

    /// <summary>A data set in random order that holds an exact share of signal events.</summary>
    /// <param name="count">Events in all.</param>
    /// <param name="signalFraction">Share of signal events among them; range [0, 1].</param>
    /// <param name="seed">Same seed, same events.</param>
    /// <param name="simulation">What is simulated.</param>
    /// <param name="cancellation">Stops between blocks of events.</param>
    public static EventTable Data(
        int count, double signalFraction, Seed seed, DijetSimulation? simulation = null, CancellationToken cancellation = default) =>
        Whole(count, signalFraction, seed, simulation, cancellation);

    /// <summary>The same events as <see cref="Data"/>, a block at a time, so that memory does not grow with their number.</summary>
    /// <param name="count">Events in all.</param>
    /// <param name="signalFraction">Share of signal events among them; range [0, 1].</param>
    /// <param name="seed">Same seed, same events, whatever the size of a block.</param>
    /// <param name="blockSize">Most events in a block. Range: [1, ∞).</param>
    /// <param name="simulation">What is simulated.</param>
    /// <param name="cancellation">Stops between blocks of events.</param>
    public static IEnumerable<EventTable> DataInBlocks(
        int count, double signalFraction, Seed seed, int blockSize, DijetSimulation? simulation = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        if (!(signalFraction is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(signalFraction), signalFraction, "The signal fraction must be in [0, 1].");
        }

        var mixture = new DijetMixture(count, (int)Math.Round(count * signalFraction), simulation ?? new DijetSimulation(), seed);
        return mixture.Blocks(blockSize, cancellation);
    }

    /// <summary>The background's mass spectrum between two limits.</summary>
    internal static TabulatedSpectrum SpectrumOf(DijetSimulation simulation, double low, double high) =>
        new(mass => DijetBackground.Density(mass, simulation.Spectrum), low, high);

    private static string[] FeaturesOf(DijetSimulation simulation) =>
        [.. FeatureNames, .. simulation.HasHeavyMass ? (string[])[HeavyMass] : [], .. simulation.HasAngle ? (string[])[Angle] : []];

    private static EventTable Whole(
        int count, double signalFraction, Seed seed, DijetSimulation? simulation, CancellationToken cancellation)
    {
        IEnumerable<EventTable> blocks = DataInBlocks(count, signalFraction, seed, Math.Max(1, count), simulation, cancellation);
        return blocks.FirstOrDefault() ?? new DijetBlock(simulation ?? new DijetSimulation(), seed, 0, 0).ToTable();
    }

    private static EventTable BackgroundAt(float[] masses, DijetSimulation simulation, Seed seed, CancellationToken cancellation)
    {
        var block = new DijetBlock(simulation, seed, 0, masses.Length);
        EventBlocks.ForEach(masses.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                block.SetBackground(row, masses[row]);
            }
        }, cancellation: cancellation);
        return block.ToTable();
    }
}
