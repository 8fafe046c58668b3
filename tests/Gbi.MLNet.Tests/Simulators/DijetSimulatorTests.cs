using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators;

namespace Gbi.Tests.Simulators;

[TestFixture]
internal sealed class DijetSimulatorTests
{
    private static readonly DijetSimulator Simulator = new();

    [Test]
    public void Data_hold_the_exact_share_of_signal_in_a_random_order()
    {
        EventTable data = DijetSimulator.Data(20_000, 0.05, new Seed(1));
        float[] labels = data[DijetSimulator.Label].ToArray();
        Assert.That(data.Count, Is.EqualTo(20_000));
        Assert.That(labels.Count(label => label == 1), Is.EqualTo(1000));
        Assert.That(labels.Take(10_000).Count(label => label == 1), Is.EqualTo(500).Within(4 * Math.Sqrt(1000 * 0.25)));
    }

    [Test]
    public void Background_masses_follow_the_falling_spectrum()
    {
        // Kolmogorov: the largest distance of distribution functions exceeds 1.63/√n once in a hundred times.
        const int Count = 20_000;
        float[] masses = DijetSimulator.Background(Count, new Seed(2))[DijetSimulator.Mass].ToArray();
        Array.Sort(masses);
        double distance = masses.Where((_, row) => row % 100 == 0).Select((mass, i) => Math.Abs(
            DijetTruth.Share(
                DijetSimulator.LowestMass, mass, DijetSimulator.LowestMass, DijetSimulator.HighestMass) - (100.0 * i / Count))).Max();
        Assert.That(distance, Is.LessThan((1.63 / Math.Sqrt(Count)) + (100.0 / Count)));
    }

    [Test]
    public void The_same_seed_gives_the_same_events_on_one_and_two_threads()
    {
        (EventTable one, EventTable two) = ThreadLimit.Compare(() => DijetSimulator.Data(50_000, 0.01, new Seed(3)));
        foreach (string name in one.ColumnNames)
        {
            Assert.That(two[name].SequenceEqual(one[name]), name);
        }
    }

    [Test]
    public void Subjettiness_ratios_stay_in_0_and_1_and_every_value_is_finite()
    {
        EventTable data = DijetSimulator.Data(20_000, 0.5, new Seed(4));
        Assert.That(data["tau21_j1"].ToArray(), Has.All.InRange(0, 1));
        Assert.That(data["tau21_j2"].ToArray(), Has.All.InRange(0, 1));
        Assert.That(data.ColumnNames.All(name => data[name].ToArray().All(float.IsFinite)));
    }

    [TestCase(-0.1), TestCase(1.1), TestCase(double.NaN)]
    public void An_impossible_signal_fraction_is_refused(double fraction) =>
        Assert.That(() => DijetSimulator.Data(10, fraction, new Seed(1)), Throws.TypeOf<ArgumentOutOfRangeException>());
}
