using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Generators;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Checks;

/// <summary>Checks of the spectrum's turn-on, and of simulated and generated backgrounds in the sidebands.</summary>
[TestFixture]
internal sealed class BackgroundCheckTests
{
    private const string TurnOn = "Rise of the mass spectrum at its lower end, in standard deviations";
    private const string Beside = "Largest significance of a cut in the sidebands, where there is no signal";

    private static readonly string[] Features = ["mj1", "tau21_j1"];

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = Features, Mass = DijetSimulator.Mass },
        Window = new MassWindow(3.3, 3.7),
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Automatic, CollisionEnergy = DijetSimulator.CollisionEnergy },
        Background = new PlainSidebands(),
        Anomaly = RatioOptions.ForSmallDifferences with
        {
            FoldCount = 2,
            MemberCount = 1,
            Trees = new TreeOptions { TreeCount = 10, LeafCount = 4 },
        },
    };

    [TestCase(DijetSpectrum.Falling, false), TestCase(DijetSpectrum.WithTurnOn, true)]
    public void A_spectrum_that_rises_at_its_lower_end_is_told(DijetSpectrum spectrum, bool rises)
    {
        EventTable data = DijetSimulator.Background(20_000, new Seed(1), simulation: new DijetSimulation { Spectrum = spectrum });
        ClosureCheck check = CheckOf(data, Settings, TurnOn);
        Assert.That(check.Failed, Is.EqualTo(rises), $"{check.Value}");
        Assert.That(check.Remedy, Does.Contain("begin the range of masses above it"));
    }

    [Test]
    public void Weights_that_are_all_the_same_change_no_standard_deviation()
    {
        EventTable data = DijetSimulator.Background(
            20_000, new Seed(1), simulation: new DijetSimulation { Spectrum = DijetSpectrum.WithTurnOn });
        EventTable weighted = data.WithWeights(Enumerable.Repeat(0.25, data.Count).ToArray());
        Assert.That(
            CheckOf(weighted, Settings, TurnOn).Value, Is.EqualTo(CheckOf(data, Settings, TurnOn).Value).Within(0.1).Percent);
    }

    [TestCase(false), TestCase(true)]
    public void A_simulation_without_events_where_the_data_are_is_told_by_the_sidebands(bool lacks)
    {
        // Of the events with the lowest ratio of subjettiness, one in ten, the simulation has none: no weight makes any.
        EventTable simulation = DijetSimulator.Background(60_000, new Seed(3));
        float[] ratios = simulation["tau21_j1"].ToArray();
        float cut = lacks ? ratios.Order().ElementAt(simulation.Count / 10) : float.NegativeInfinity;
        EventTable kept = simulation.Select([.. Enumerable.Range(0, simulation.Count).Where(row => ratios[row] > cut)]);
        ClosureCheck check = CheckOf(
            DijetSimulator.Background(60_000, new Seed(2)), Settings with { Background = new ReweightedSimulation(kept) }, Beside);
        Assert.That(check.Failed, Is.EqualTo(lacks), $"{check.Value}");
    }

    [TestCase(1.0, false), TestCase(1.1, true)]
    public void A_generator_with_another_scale_is_told_by_the_sidebands(double scale, bool isWrong)
    {
        var generator = new Generator(new DijetSimulation { JetMassScale = scale });
        ClosureCheck check = CheckOf(
            DijetSimulator.Background(60_000, new Seed(4)), Settings with { Background = new GeneratedBackground(generator) }, Beside);
        Assert.That(check.Failed, Is.EqualTo(isWrong), $"{check.Value}");
        Assert.That(check.Remedy, Does.Contain("improve the simulation or the generator"));
    }

    [Test]
    public void A_right_generator_of_weighted_data_passes()
    {
        // One feature follows the mass and weights rise with it: masses of the sidebands without their weights would be another feature.
        EventTable events = DijetSimulator.Background(60_000, new Seed(5), 2.6, 4.4);
        float[] masses = events[DijetSimulator.Mass].ToArray();
        EventTable data = new Follower().Generate(masses, new Seed(6)).WithColumn(DijetSimulator.Mass, masses)
            .WithWeights(Array.ConvertAll(masses, mass => Math.Pow(mass / 3.5, 4)));
        ClosureCheck check = CheckOf(
            data,
            Settings with
            {
                Schema = new EventSchema { Features = ["x"], Mass = DijetSimulator.Mass },
                Background = new GeneratedBackground(new Follower()),
            },
            Beside);
        Assert.That(check.Failed, Is.False, $"{check.Value}");
    }

    private static ClosureCheck CheckOf(EventTable data, ResonanceSearchOptions options, string name) =>
        ResonanceSearch.Run(data, null, options).Result.Checks.Single(check => check.Name == name);

    /// <summary>The simulator of dijets.</summary>
    private sealed class Generator(DijetSimulation simulation) : IEventGenerator
    {
        public IReadOnlyList<string> Features => BackgroundCheckTests.Features;

        public EventTable Generate(ReadOnlySpan<float> masses, Seed seed)
        {
            var block = new DijetBlock(simulation, seed, first: 0, masses.Length);
            for (int row = 0; row < masses.Length; row++)
            {
                block.SetBackground(row, masses[row]);
            }

            return block.ToTable().WithColumns(Features);
        }
    }

    /// <summary>x = mass + N(0, 1)/10.</summary>
    private sealed class Follower : IEventGenerator
    {
        public IReadOnlyList<string> Features { get; } = ["x"];

        public EventTable Generate(ReadOnlySpan<float> masses, Seed seed) => EventTable.FromColumns(
            ("x", [.. masses.ToArray().Select((mass, row) => mass + (float)(0.1 * seed.NormalPair(row).First))]));
    }
}
