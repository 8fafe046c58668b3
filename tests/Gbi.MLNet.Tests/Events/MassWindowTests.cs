using Gbi.Events;

namespace Gbi.Tests.Events;

[TestFixture]
internal sealed class MassWindowTests
{
    [TestCase(3.3, MassRegion.SignalRegion), TestCase(3.5, MassRegion.SignalRegion), TestCase(3.7, MassRegion.Sideband)]
    [TestCase(3.2999, MassRegion.Sideband), TestCase(2.6, MassRegion.Sideband), TestCase(2.5999, MassRegion.Outside)]
    [TestCase(7.0, MassRegion.Outside), TestCase(6.9999, MassRegion.Sideband)]
    public void Every_interval_holds_its_lower_limit_and_not_its_upper_one(double mass, MassRegion expected) =>
        Assert.That(new MassWindow(3.3, 3.7, 2.6, 7).RegionOf((float)mass), Is.EqualTo(expected));

    [Test]
    public void Limits_are_rounded_to_single_precision_like_the_masses()
    {
        // In double precision 3.3f = 3.2999999523 is below 3.3 and 0.1f = 0.1000000015 is above 0.1.
        Assert.That((double)3.3f, Is.LessThan(3.3));
        Assert.That((double)0.1f, Is.GreaterThan(0.1));
        var window = new MassWindow(0.1, 3.3);
        Assert.That(window.RegionOf(0.1f), Is.EqualTo(MassRegion.SignalRegion));
        Assert.That(window.RegionOf(MathF.BitDecrement(0.1f)), Is.EqualTo(MassRegion.Sideband));
        Assert.That(window.RegionOf(3.3f), Is.EqualTo(MassRegion.Sideband));
        Assert.That(window.RegionOf(MathF.BitDecrement(3.3f)), Is.EqualTo(MassRegion.SignalRegion));
    }

    [Test]
    public void Without_outer_limits_everything_else_is_a_sideband_but_a_missing_mass()
    {
        var window = new MassWindow(3.3, 3.7);
        Assert.That(window.RegionOf(float.MinValue), Is.EqualTo(MassRegion.Sideband));
        Assert.That(window.RegionOf(float.MaxValue), Is.EqualTo(MassRegion.Sideband));
        Assert.That(window.RegionOf(float.NaN), Is.EqualTo(MassRegion.Outside));
    }

    [Test]
    public void The_three_places_share_out_all_rows()
    {
        var window = new MassWindow(3, 4, 2, 5);
        float[] masses = [4.5f, 3, 1, 3.5f, 2, 5, 4];
        Assert.That(window.Rows(masses, MassRegion.SignalRegion), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(window.Rows(masses, MassRegion.Sideband), Is.EqualTo(new[] { 0, 4, 6 }));
        Assert.That(window.Rows(masses, MassRegion.Outside), Is.EqualTo(new[] { 2, 5 }));
    }

    [TestCase(3.7, 3.3), TestCase(3.3, 3.3), TestCase(double.NaN, 3.7), TestCase(3.3, double.PositiveInfinity)]
    public void A_reversed_or_empty_region_is_refused(double low, double high) =>
        Assert.That(() => new MassWindow(low, high), Throws.ArgumentException.With.Message.Contains("is reversed or empty"));

    [TestCase(3.4, 7), TestCase(2, 3.5), TestCase(double.NaN, 7)]
    public void Outer_limits_that_cut_into_the_region_are_refused(double outerLow, double outerHigh) =>
        Assert.That(
            () => new MassWindow(3.3, 3.7, outerLow, outerHigh),
            Throws.ArgumentException.With.Message.Contains("does not enclose the signal region 3.3:3.7"));
}
