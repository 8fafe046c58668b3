using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators;

namespace Gbi.Tests.Diagnostics.Sculpting;

/// <summary>Rates over many toys: <c>bench sculpting</c>.</summary>
[TestFixture]
internal sealed class SculptingTestTests
{
    private static readonly MassWindow Window = new(3.3, 3.7);

    [Test]
    public void The_alarm_fires_where_a_feature_follows_the_mass_and_names_it()
    {
        SculptingTest test = Run(
            DijetSimulator.Background(60_000, new Seed(1), simulation: new DijetSimulation { HasAngle = true }), hasAngle: true);

        Assert.Multiple(() =>
        {
            Assert.That(test.PlainSidebands.Passed, Is.False);
            Assert.That(test.WorstFeature.Feature, Is.EqualTo("delta_r"));
            Assert.That(test.PlainSidebands.Remedy, Does.Contain("leave out delta_r"));
            Assert.That(test.Interpolation, Does.Contain("interpolate delta_r (distance 0.2"));
        });
    }

    [Test]
    public void Features_that_barely_follow_it_do_not_raise_the_alarm_though_their_drift_is_seen()
    {
        SculptingTest test = Run(DijetSimulator.Background(60_000, new Seed(2)), hasAngle: false);

        Assert.Multiple(() =>
        {
            Assert.That(test.PlainSidebands.Passed, Is.True);
            Assert.That(test.Separation.Value - 0.5, Is.GreaterThan(5 * test.Separation.Error));
            Assert.That(test.Interpolation, Does.Contain("mj1").And.Not.Contain("delta_r"));
        });
    }

    [Test]
    public void Features_without_mass_have_nothing_to_be_interpolated()
    {
        SculptingTest test = Run(
            DijetSimulator.Background(60_000, new Seed(3), simulation: new DijetSimulation { MassDrift = 0 }), hasAngle: false);

        Assert.Multiple(() =>
        {
            Assert.That(test.PlainSidebands.Passed, Is.True);
            Assert.That(test.Separation.Value, Is.EqualTo(0.5).Within(3 * test.Separation.Error));
            Assert.That(test.Interpolation, Is.Null);
        });
    }

    [TestCase(0.005), TestCase(0.01)]
    public void A_signal_does_not_raise_the_alarm(double fraction)
    {
        // About 2.3 and 4.6 times the square root of the background in the region; 23 % of it lie in the sidebands.
        EventTable data = DijetSimulator.Data(60_000, fraction, new Seed(4));
        SculptingTest test = Run(data, hasAngle: false);
        Assert.That(test.PlainSidebands.Passed, Is.True, $"{test.Cut.FakeSignificance} ± {test.Cut.FakeSignificanceError}");
    }

    [Test]
    public void Threads_do_not_matter()
    {
        EventTable data = DijetSimulator.Background(20_000, new Seed(5));
        (SculptingTest one, SculptingTest two) = ThreadLimit.Compare(() => Run(data, hasAngle: false));
        Assert.That((two.Cut, two.Separation), Is.EqualTo((one.Cut, one.Separation)));
    }

    [Test]
    public void Small_sidebands_are_refused() =>
        Assert.That(
            () => Run(DijetSimulator.Background(2000, new Seed(6)), hasAngle: false),
            Throws.TypeOf<DataException>().With.Message.Contains("above the signal region [3.3, 3.7), expected 1,000 or more"));

    private static SculptingTest Run(EventTable data, bool hasAngle)
    {
        EventTable sideband = data.Select(Window.Rows(data[DijetSimulator.Mass], MassRegion.Sideband));
        return SculptingTest.Run(
            new(sideband, DijetSimulator.Mass, new DijetSimulator(new DijetSimulation { HasAngle = hasAngle }).Features, Window),
            data.Count - sideband.Count, new SculptingOptions(), new Seed(1));
    }
}
