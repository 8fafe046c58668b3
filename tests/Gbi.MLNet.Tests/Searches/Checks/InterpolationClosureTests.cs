using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Searches.Checks;
using Gbi.Simulators;

namespace Gbi.Tests.Searches.Checks;

/// <summary>Rates over toys: <c>bench sculpting</c>.</summary>
[TestFixture]
internal sealed class InterpolationClosureTests
{
    private static readonly MassWindow Window = new(3.3, 3.7);

    private static readonly SidebandGeneratorOptions Background = new()
    {
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = DijetSimulator.CollisionEnergy },
        FoldCount = 2,
    };

    [TestCase(false), TestCase(true)]
    public void A_smooth_drift_is_carried_and_an_edge_that_moves_with_the_mass_is_not(bool hasAngle)
    {
        // The angle between the jets ends at a value that grows with the mass, which no polynomial in the mass describes.
        var simulation = new DijetSimulation { HasAngle = hasAngle };
        EventTable data = DijetSimulator.Background(60_000, new Seed(1), simulation: simulation);
        EventTable sideband = data.Select(Window.Rows(data[DijetSimulator.Mass], MassRegion.Sideband));
        var closure = InterpolationClosure.Run(
            new(sideband, DijetSimulator.Mass, new DijetSimulator(simulation).Features, Window), data.Count - sideband.Count, Background,
            new SculptingOptions(), new Seed(2));

        Assert.Multiple(() =>
        {
            Assert.That(closure.Check.Failed, Is.EqualTo(hasAngle), $"{closure.FakeExcess} ± {closure.Error}");
            Assert.That(closure.Gap.Low, Is.LessThan(Window.Low));
            Assert.That(closure.Gap.High, Is.GreaterThan(Window.High));
        });
    }

    [Test]
    public void Events_of_the_region_are_refused() => Assert.That(
        () =>
            InterpolationClosure.Run(
                new(DijetSimulator.Background(100, new Seed(1)), DijetSimulator.Mass, ["mj1"], Window), 10, Background,
                new SculptingOptions(), new Seed(2)),
        Throws.TypeOf<DataException>().With.Message.Contains("lies in the signal region [3.3, 3.7)"));
}
