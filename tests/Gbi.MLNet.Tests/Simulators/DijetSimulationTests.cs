using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators;

namespace Gbi.Tests.Simulators;

/// <summary>The signal family, the shifts of the detector, and blocks.</summary>
[TestFixture]
internal sealed class DijetSimulationTests
{
    private const int Count = 50_000;

    private static readonly DijetSimulation Everything = new()
    {
        Spectrum = DijetSpectrum.WithTurnOn,
        SignalMasses = DijetMasses.Draw(7, new Seed(1)),
        HasAngle = true,
        JetMassResolution = 0.05,
        DijetMassResolution = 0.02,
        JetMassScale = 1.02,
        DijetMassScale = 0.99,
        Tau21Shift = -0.02,
    };

    [Test]
    public void Neither_threads_nor_blocks_change_an_event()
    {
        (EventTable one, EventTable two) = ThreadLimit.Compare(() => DijetSimulator.Data(Count, 0.3, new Seed(2), Everything));
        EventTable blocks = DijetSimulator.DataInBlocks(Count, 0.3, new Seed(2), 7_001, Everything)
            .Aggregate((left, right) => left.Append(right));
        Assert.That(one.ColumnNames, Is.EqualTo(DijetSimulator.ColumnsOf(Everything)));
        foreach (string name in one.ColumnNames)
        {
            Assert.That(two[name].ToArray(), Is.EqualTo(one[name].ToArray()), name);
            Assert.That(blocks[name].ToArray(), Is.EqualTo(one[name].ToArray()), name);
        }
    }

    [TestCase(0, 0.5), TestCase(1, 0.0), TestCase(3, 1.0)]
    public void Few_events_are_as_many_as_asked(int count, double fraction)
    {
        EventTable events = DijetSimulator.Data(count, fraction, new Seed(1));
        Assert.That(events.Count, Is.EqualTo(count));
        Assert.That(events[DijetSimulator.Label].ToArray().Sum(), Is.EqualTo(Math.Round(count * fraction)));
    }

    [TestCase(500, 100), TestCase(500, 50), TestCase(600, 200), TestCase(300, 80)]
    public void Jet_masses_follow_the_masses_of_the_family(double x, double y)
    {
        // A jet's median mass is 1.105 of a particle of 100 GeV and 1.0006 of one of 500 GeV, in ln m between them.
        EventTable events = SignalAt(x, y);
        Assert.That(Median(events["mj1"]), Is.EqualTo(0.001 * y * Response(y)).Within(3).Percent);
        double[] heavy = [.. events["mj1"].ToArray().Zip(events["delta_mj"].ToArray(), (mass, difference) => (double)(mass + difference))];
        Array.Sort(heavy);
        Assert.That(heavy[Count / 2], Is.EqualTo(0.001 * x * Response(x)).Within(3).Percent);
        Assert.That(events[DijetSimulator.MassX].ToArray(), Has.All.EqualTo((float)x));
        Assert.That(events[DijetSimulator.MassY].ToArray(), Has.All.EqualTo((float)y));
    }

    [Test]
    public void Heavier_particles_have_smaller_subjettiness_ratios()
    {
        Assert.That(Median(SignalAt(500, 100)["tau21_j2"]), Is.EqualTo(0.1883).Within(3).Percent);
        Assert.That(Median(SignalAt(200, 100)["tau21_j2"]), Is.InRange(0.22, 0.34));
    }

    [Test]
    public void Exchanging_the_masses_changes_no_distribution()
    {
        // Two samples of 50,000: means of one law differ by less than 4 standard errors.
        EventTable first = SignalAt(400, 150);
        EventTable second = SignalAt(150, 400);
        foreach (string feature in new DijetSimulator().Features)
        {
            Moments a = Moments.Of([.. first[feature].ToArray().Select(value => (double)value)]);
            Moments b = Moments.Of([.. second[feature].ToArray().Select(value => (double)value)]);
            Assert.That(a.Mean - b.Mean, Is.EqualTo(0).Within(4 * Math.Sqrt(2) * a.ErrorOfMean), feature);
        }
    }

    [Test]
    public void A_family_names_the_point_of_signal_and_none_for_background()
    {
        IReadOnlyList<DijetMasses> points = DijetMasses.Draw(5, new Seed(3));
        EventTable events = DijetSimulator.Data(Count, 0.5, new Seed(4), new DijetSimulation { SignalMasses = points });
        float[] labels = events[DijetSimulator.Label].ToArray();
        float[] x = events[DijetSimulator.MassX].ToArray();
        Assert.That(labels.Zip(x, (label, mass) => float.IsNaN(mass) == (label == 0)), Has.All.True);
        foreach (DijetMasses point in points)
        {
            // Binomial: 5000 of 25,000, σ = 63.
            Assert.That(x.Count(mass => mass == (float)point.X), Is.EqualTo(Count / 10).Within(4 * 63));
        }
    }

    [Test]
    public void Drawn_points_fill_the_square_of_the_family()
    {
        IReadOnlyList<DijetMasses> points = DijetMasses.Draw(10_000, new Seed(5));
        double[] x = [.. points.Select(point => point.X)];
        double[] y = [.. points.Select(point => point.Y)];
        Assert.That(x.Concat(y), Has.All.InRange(50, 600));
        Assert.That((x.Average(), y.Average()), Is.EqualTo((325.0, 325.0)).Within(4 * 550 / Math.Sqrt(12 * 10_000)));
    }

    [Test]
    public void Scales_multiply_masses_and_the_ratio_moves_by_its_shift()
    {
        EventTable nominal = Simulate(new DijetSimulation());
        EventTable shifted = Simulate(new DijetSimulation { JetMassScale = 1.01, DijetMassScale = 0.98, Tau21Shift = 0.03 });
        AssertEach(nominal, shifted, "mj1", value => 1.01 * value);
        AssertEach(nominal, shifted, "delta_mj", value => 1.01 * value);
        AssertEach(nominal, shifted, "mjj", value => 0.98 * value);
        AssertEach(nominal, shifted, "tau21_j1", value => Math.Min(1, value + 0.03));
        AssertEach(nominal, shifted, "tau21_j2", value => Math.Min(1, value + 0.03));
        AssertEach(nominal, shifted, "label", value => value);
    }

    [Test]
    public void Resolutions_smear_by_their_width()
    {
        EventTable nominal = Simulate(new DijetSimulation());
        EventTable shifted = Simulate(new DijetSimulation { JetMassResolution = 0.05, DijetMassResolution = 0.02 });
        AssertWidth(Ratios(nominal["mjj"], shifted["mjj"]), 0.02);
        // Where the jets are far apart in mass, the smearing does not exchange them.
        bool[] apart = [.. nominal["mj1"].ToArray().Zip(nominal["delta_mj"].ToArray(), (mass, difference) => difference > mass)];
        AssertWidth([.. Ratios(nominal["mj1"], shifted["mj1"]).Where((_, row) => apart[row])], 0.05);
    }

    [Test]
    public void The_angle_between_the_jets_grows_with_the_mass_and_is_at_least_pi()
    {
        // Δη ≤ 2 arcosh(m / 2.4 TeV): 1.67 at 3.3 TeV and 2.69 at 4.8 TeV.
        var simulator = new DijetSimulator(new DijetSimulation { HasAngle = true });
        float[] light = simulator.Generate(Enumerable.Repeat(3.3f, Count).ToArray(), new Seed(6))[DijetSimulator.Angle].ToArray();
        float[] heavy = simulator.Generate(Enumerable.Repeat(4.8f, Count).ToArray(), new Seed(6))[DijetSimulator.Angle].ToArray();
        Assert.That(light, Has.All.InRange((float)Math.PI, AngleAt(3.3)));
        Assert.That(heavy.Max(), Is.EqualTo(AngleAt(4.8)).Within(1e-3));
        Assert.That(heavy.Average(), Is.GreaterThan(light.Average() + 0.1));
    }

    [Test]
    public void Without_drift_the_features_do_not_know_the_mass()
    {
        var simulator = new DijetSimulator(new DijetSimulation { MassDrift = 0 });
        EventTable light = simulator.Generate(Enumerable.Repeat(2.7f, Count).ToArray(), new Seed(7));
        EventTable heavy = simulator.Generate(Enumerable.Repeat(6f, Count).ToArray(), new Seed(7));
        Assert.That(simulator.Features.Select(name => light[name].SequenceEqual(heavy[name])), Has.All.True);
        var drifting = new DijetSimulator();
        Assert.That(
            Median(drifting.Generate(Enumerable.Repeat(6f, Count).ToArray(), new Seed(7))["mj1"]),
            Is.GreaterThan(1.1 * Median(drifting.Generate(Enumerable.Repeat(2.7f, Count).ToArray(), new Seed(7))["mj1"])));
    }

    [Test]
    public void What_cannot_be_simulated_is_refused()
    {
        AssertRefuses(() => new DijetSimulation { JetMassScale = 0 }, "JetMassScale must be above 0");
        AssertRefuses(() => new DijetSimulation { DijetMassResolution = -0.1 }, "DijetMassResolution must be 0 or more");
        AssertRefuses(() => new DijetSimulation { Tau21Shift = 2 }, "Tau21Shift must be from -1 to 1");
        AssertRefuses(() => new DijetSimulation { MassDrift = double.NaN }, "MassDrift must be a finite number");
        AssertRefuses(() => new DijetSimulation { ResonanceMass = 1 }, "ResonanceMass must be from 2.6 to 8 TeV");
        AssertRefuses(() => new DijetSimulation { SignalMasses = [] }, "SignalMasses must hold one point or more");
        AssertRefuses(() => new DijetSimulation { SignalMasses = [new DijetMasses(500, 20)] }, "both masses from 50 to 600 GeV");
        Assert.That(() => DijetSimulator.DataInBlocks(10, 0, new Seed(1), 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static void AssertRefuses(Func<DijetSimulation> make, string sentence) =>
        Assert.That(() => make(), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(sentence));

    private static EventTable Simulate(DijetSimulation simulation) => DijetSimulator.Data(Count, 0.3, new Seed(8), simulation);

    private static EventTable SignalAt(double x, double y) =>
        DijetSimulator.Signal(Count, new Seed((ulong)x), new DijetSimulation { SignalMasses = [new DijetMasses(x, y)] });

    private static double Response(double mass)
    {
        double heaviness = Math.Clamp(Math.Log(mass / 100) / Math.Log(5), 0, 1);
        return ((1 - heaviness) * 1.105) + (heaviness * 1.0006);
    }

    private static double AngleAt(double mass) => Math.Sqrt((Math.PI * Math.PI) + (4 * Math.Pow(Math.Acosh(mass / 2.4), 2)));

    private static double Median(ReadOnlySpan<float> values)
    {
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    private static double[] Ratios(ReadOnlySpan<float> nominal, ReadOnlySpan<float> shifted) =>
        [.. nominal.ToArray().Zip(shifted.ToArray(), (before, after) => (double)after / before)];

    private static void AssertWidth(double[] ratios, double width)
    {
        Moments moments = Moments.Of(ratios);
        Assert.That(moments.Mean, Is.EqualTo(1).Within(4 * moments.ErrorOfMean));
        Assert.That(moments.Deviation, Is.EqualTo(width).Within(4 * moments.ErrorOfDeviation));
    }

    private static void AssertEach(EventTable nominal, EventTable shifted, string column, Func<double, double> law)
    {
        double largest = nominal[column].ToArray().Zip(shifted[column].ToArray(), (before, after) => Math.Abs(after - law(before))).Max();
        Assert.That(largest, Is.LessThan(1e-6), column);
    }
}
