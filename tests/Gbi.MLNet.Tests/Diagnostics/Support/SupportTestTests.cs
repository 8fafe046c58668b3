using Gbi.Diagnostics.Support;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Tests.Diagnostics.Support;

/// <summary>Events uniform in the unit square, but for a share of them.</summary>
[TestFixture]
internal sealed class SupportTestTests
{
    private static readonly string[] Features = ["x", "y"];

    [TestCase(20_000, 20_000), TestCase(20_000, 2000), TestCase(2000, 20_000)]
    public void Samples_of_one_distribution_have_no_sparse_cell(int events, int template)
    {
        var test = SupportTest.Run(Uniform(events, 1, row => row), Uniform(template, 2, row => row), Features);
        Assert.That((test.Share, test.SparseCells), Is.EqualTo((0.0, 0)));
        Assert.That(test.WorstFeature.ShareOutside, Is.LessThan(20.0 / template));
        Assert.That(test.Check.Passed, Is.True);
    }

    [Test]
    public void A_hole_in_the_template_holds_the_events_that_lie_in_it()
    {
        // x of the template jumps over [0.4, 0.6), a fifth of the events. The 1,024 cells are 1/32 wide in x, and a border cuts one each.
        var test = SupportTest.Run(
            Uniform(64_000, 1, row => row), Uniform(64_000, 2, x => x < 0.5f ? x * 0.8f : 0.6f + ((x - 0.5f) * 0.8f)), Features);
        Assert.That(test.Share, Is.EqualTo(0.2).Within(2.0 / 32));
        Assert.That(test.WorstFeature.ShareOutside, Is.LessThan(1e-3));
        Assert.That(test.Check.Passed, Is.False);
    }

    [Test]
    public void Events_beyond_the_range_are_counted_and_their_feature_is_named()
    {
        // One event in eight has y beyond 10.
        EventTable events = Uniform(16_000, 1, row => row);
        float[] y = events["y"].ToArray();
        for (int row = 0; row < y.Length; row += 8)
        {
            y[row] += 10;
        }

        events = EventTable.FromColumns(("x", events["x"].ToArray()), ("y", y));
        var test = SupportTest.Run(events, Uniform(16_000, 2, row => row), Features);
        Assert.That(test.WorstFeature.Feature, Is.EqualTo("y"));
        Assert.That(test.WorstFeature.ShareOutside, Is.EqualTo(0.125).Within(1e-3));
        Assert.That(test.Share, Is.InRange(0.1, 0.2));
        Assert.That(test.Check.Remedy, Does.Contain("in y)"));
    }

    [Test]
    public void Weights_count_in_both_samples()
    {
        // A template whose events at x > 0.5 weigh nothing has none there.
        EventTable template = Uniform(16_000, 2, row => row);
        double[] weights = [.. template["x"].ToArray().Select(x => x > 0.5f ? 0.0 : 1)];
        var test = SupportTest.Run(Uniform(16_000, 1, row => row), template.WithWeights(weights), Features);
        Assert.That(test.Share, Is.EqualTo(0.5).Within(0.07));
        Assert.That(test.WorstFeature, Is.EqualTo(new FeatureRange("x", test.Features[0].ShareOutside)));
        Assert.That(test.WorstFeature.ShareOutside, Is.EqualTo(0.5).Within(0.02));
    }

    [Test]
    public void Constant_and_missing_values_end_in_a_cell()
    {
        float[] missing = [.. Enumerable.Repeat(float.NaN, 1000)];
        float[] one = [.. Enumerable.Repeat(1f, 1000)];
        var test = SupportTest.Run(
            EventTable.FromColumns(("x", one), ("y", missing)), EventTable.FromColumns(("x", one), ("y", one)), Features);
        Assert.That((test.Cells, test.Share), Is.EqualTo((1, 0.0)));
        Assert.That(test.WorstFeature, Is.EqualTo(new FeatureRange("y", 1)));
    }

    // Scores 9, 8, 8, 1: the highest quarter is 9 alone, half takes both 8. Template weights 2 and 1 have (2 + 1)²/(4 + 1) effective
    // events.
    [TestCase(0.25, 0.25, 9, 1), TestCase(0.5, 0.75, 8, 1.8)]
    public void The_template_above_the_cut_is_counted_by_its_effective_number(double share, double found, double threshold, double expected)
    {
        var tail = TailSupport.Of(new([1, 8, 9, 8]), new([9.5f, 8, 7, 0], [2, 1, 1, 5]), share);
        Assert.That((tail.Share, tail.Threshold), Is.EqualTo((found, (float)threshold)));
        Assert.That(tail.EffectiveCount, Is.EqualTo(expected).Within(1e-12));
        Assert.That(tail.Check("simulate more background").Passed, Is.False);
    }

    private static EventTable Uniform(int count, ulong seed, Func<float, float> place)
    {
        var of = new Seed(seed);
        return EventTable.FromColumns(
            ("x", [.. Enumerable.Range(0, count).Select(row => place((float)of.Uniform(2L * row)))]),
            ("y", [.. Enumerable.Range(0, count).Select(row => (float)of.Uniform((2L * row) + 1))]));
    }
}
