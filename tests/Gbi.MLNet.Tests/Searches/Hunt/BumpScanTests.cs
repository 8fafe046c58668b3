using Gbi.Events;
using Gbi.Searches.Hunt;

namespace Gbi.Tests.Searches.Hunt;

[TestFixture]
internal sealed class BumpScanTests
{
    [Test]
    public void The_nine_windows_of_the_olympics_have_round_limits()
    {
        var scan = new BumpScan(3.1, 3.9, 0.1, 0.2, sidebandWidth: 0.3, lowestMass: 2.7);
        Assert.That(scan.Windows, Has.Count.EqualTo(9));
        Assert.That(scan.Windows[0], Is.EqualTo(new MassWindow(2.9, 3.3, 2.7, 3.6)));
        Assert.That(scan.Windows[4], Is.EqualTo(new MassWindow(3.3, 3.7, 3.0, 4.0)));
        Assert.That(scan.Windows[8], Is.EqualTo(new MassWindow(3.7, 4.1, 3.4, 4.4)));
    }

    [Test]
    public void Without_limits_sidebands_reach_to_the_ends_of_the_spectrum() =>
        Assert.That(new BumpScan(3.5, 3.55, 0.1, 0.2).Windows, Is.EqualTo(new[] { new MassWindow(3.3, 3.7) }));

    [Test]
    public void Plans_are_equal_by_their_numbers()
    {
        var scan = new BumpScan(3.1, 3.9, 0.1, 0.2);
        var same = new BumpScan(3.1, 3.9, 0.1, 0.2);
        Assert.That(scan, Is.EqualTo(same));
        Assert.That(scan, Is.Not.EqualTo(new BumpScan(3.1, 3.9, 0.1, 0.2, sidebandWidth: 0.5)));
    }

    [TestCase(new double[] { 3.9, 3.1, 0.1, 0.2, 1, 0, 9 }, "from 3.9 to 3.1 has no region")]
    [TestCase(new double[] { 3.1, 3.9, 0, 0.2, 1, 0, 9 }, "step 0 must be above 0")]
    [TestCase(new double[] { 3.1, 3.9, 0.1, -1, 1, 0, 9 }, "half width -1 must be above 0")]
    [TestCase(new double[] { 3.1, 3.9, 0.1, 0.2, 0, 0, 9 }, "sidebands is 0")]
    [TestCase(new double[] { 3.1, 3.9, 1e-9, 0.2, 1, 0, 9 }, "larger steps")]
    [TestCase(new double[] { 3.1, 3.9, 0.1, 0.2, 1, 2.9, 9 }, "2.9:3.3 has no sideband on one side")]
    [TestCase(new double[] { 3.1, 3.9, 0.1, 0.2, 1, 0, 4.1 }, "3.7:4.1 has no sideband on one side")]
    public void A_plan_that_cannot_be_scanned_is_refused(double[] plan, string sentence) =>
        Assert.That(
            () => new BumpScan(plan[0], plan[1], plan[2], plan[3], plan[4], plan[5], plan[6]),
            Throws.ArgumentException.With.Message.Contains(sentence));
}
