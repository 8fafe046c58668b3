using Gbi.Diagnostics.Sculpting;
using Gbi.Diagnostics.Support;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators;

namespace Gbi.Tests.Diagnostics.Support;

/// <summary>Whether a background from elsewhere continues the sidebands, on simulated dijets and on one feature of two values.</summary>
[TestFixture]
internal sealed class TemplateContinuationTests
{
    private static readonly MassWindow Window = new(3.3, 3.7);

    [TestCase(false), TestCase(true)]
    public void The_right_background_passes_even_where_a_feature_follows_the_mass(bool hasAngle)
    {
        // An alarm at 1 % by chance: three and more of 20 have a probability of 0.001.
        var simulation = new DijetSimulation { HasAngle = hasAngle };
        TemplateContinuation[] found = [.. Enumerable.Range(0, 20).Select(toy => Continuation(
            simulation, DijetSimulator.Background(20_000, new Seed(2).Child(toy), 3.3, 3.7, simulation: simulation),
            new Seed(1).Child(toy)))];
        Assert.That(
            found.Count(toy => toy.Check.Failed), Is.LessThan(3),
            string.Join("; ", found.Select(toy => $"{toy.Feature} {toy.Distance:G3} ± {toy.Error:G3}")));
    }

    [Test]
    public void A_template_with_a_wrong_feature_fails_and_the_feature_is_named()
    {
        EventTable right = DijetSimulator.Background(20_000, new Seed(2), 3.3, 3.7);
        string[] others = [.. new DijetSimulator().Features.Where(name => name != "tau21_j1")];
        EventTable wrong = right.WithColumns(others)
            .WithColumn("tau21_j1", right["tau21_j1"].ToArray().Select(value => value + 0.1f).ToArray());
        TemplateContinuation found = Continuation(new DijetSimulation(), wrong, new Seed(1));
        Assert.That((found.Check.Passed, found.Feature), Is.EqualTo((false, "tau21_j1")));
        Assert.That(found.Check.Remedy, Does.StartWith("Interpolated from the sidebands, ").And.Contain("in tau21_j1, but "));
    }

    [Test]
    public void A_template_from_beside_the_region_fails_where_a_feature_follows_the_mass()
    {
        var simulation = new DijetSimulation { HasAngle = true };
        Assert.That(
            Continuation(
                simulation, DijetSimulator.Background(20_000, new Seed(2), 2.9, 3.3, simulation: simulation), new Seed(1)).Check.Passed,
            Is.False);
    }

    [TestCase(0.5), TestCase(2.0)]
    public void The_distance_is_that_of_the_shares_where_they_follow_no_mass(double weight)
    {
        // x is 1 in two fifths of the sidebands, whatever the mass, and in a half of the template.
        const int Count = 60_000;
        float[] x = [.. Enumerable.Range(0, Count).Select(row => row % 5 < 2 ? 1f : 0f)];
        float[] masses =
            [.. Enumerable.Range(0, Count).Select(row => 2.7f + (0.6f * (row % (Count / 2)) / (Count / 2)) + (row < Count / 2 ? 0 : 1))];
        EventTable template = EventTable.FromColumns(("x", Enumerable.Range(0, Count).Select(row => (float)(row % 2)).ToArray()))
            .WithWeights(Enumerable.Repeat(weight, Count).ToArray());
        var found = TemplateContinuation.Run(
            new(EventTable.FromColumns(("x", x), ("m", masses)), "m", ["x"], Window), template, new SculptingOptions());
        Assert.That(found.OfTemplate, Is.EqualTo(0.5).Within(1e-9));
        Assert.That(found.Distance, Is.EqualTo(0.1).Within(0.001));
        Assert.That(found.Check.Passed, Is.False);

        // Binomial errors of the template and of a third of the sidebands; at the interpolated place up to three times that of their mean.
        double ofMean = Math.Sqrt((0.25 / Count) + (0.24 / (Count / 3)));
        Assert.That(found.Error, Is.InRange(0.95 * ofMean, 3 * ofMean));
    }

    [Test]
    public void A_sideband_with_few_events_is_told()
    {
        EventTable sideband = DijetSimulator.Background(1_000, new Seed(1), 2.6, 3.3);
        Assert.That(
            () =>
                TemplateContinuation.Run(
                    new(sideband, DijetSimulator.Mass, new DijetSimulator().Features, Window), sideband, new SculptingOptions()),
            Throws.TypeOf<DataException>().With.Message.Contains("0 events above the signal region"));
    }

    private static TemplateContinuation Continuation(DijetSimulation simulation, EventTable template, Seed seed)
    {
        EventTable data = DijetSimulator.Background(60_000, seed, simulation: simulation);
        return TemplateContinuation.Run(
            new(
                data.Select(Window.Rows(data[DijetSimulator.Mass], MassRegion.Sideband)), DijetSimulator.Mass,
                new DijetSimulator(simulation).Features, Window),
            template, new SculptingOptions());
    }
}
