using Gbi.Events;
using Gbi.Simulators.EventSets;

namespace Gbi.Tests.Simulators.EventSets;

/// <summary>Features of sets of events, against numbers by hand.</summary>
internal sealed class EventSetSummaryTests
{
    private static readonly EventSetSummary Summary = new(["x", "y"]);

    [Test]
    public void Moments_quantiles_and_correlations_are_those_by_hand()
    {
        // x: 1, 2, 3, 4, 10 have the mean 4 and the variance 10; y is 2 − x/2, so that the correlation is −1.
        EventTable events = EventTable.FromColumns(("y", [1, 0, -3, 1.5f, 0.5f]), ("x", [2, 4, 10, 1, 3]));
        EventTable row = Summary.Of(events);
        Assert.Multiple(() =>
        {
            Assert.That(Summary.Features, Is.EqualTo(
            [
                "count", "mean(x)", "mean(y)", "deviation(x)", "deviation(y)", "q5(x)", "q5(y)", "q25(x)", "q25(y)", "q50(x)", "q50(y)",
                "q75(x)", "q75(y)", "q95(x)", "q95(y)", "correlation(x, y)",
            ]));
            Assert.That(row.ColumnNames, Is.EqualTo(Summary.Features));
            Assert.That(Values(row), Is.EqualTo((float[])
            [
                5, 4, 0, MathF.Sqrt(10), MathF.Sqrt(10) / 2, 1.2f, -2.4f, 2, 0, 3, 0.5f, 4, 1, 8.8f, 1.4f, -1,
            ]).Within(1e-6f));
        });
    }

    [Test]
    public void Sets_that_follow_each_other_have_a_row_each()
    {
        EventTable events = EventTable.FromColumns(
            ("x", [1, 3, 7, 7, 7, 5]), ("y", [0, 0, 1, 2, 3, -1]), ("set", [4, 4, 2, 2, 2, 9]));
        EventTable rows = Summary.Of(events, "set");
        Assert.Multiple(() =>
        {
            Assert.That(rows["count"].ToArray(), Is.EqualTo(new float[] { 2, 3, 1 }));
            Assert.That(rows["mean(x)"].ToArray(), Is.EqualTo(new float[] { 2, 7, 5 }));
            Assert.That(rows["deviation(x)"].ToArray(), Is.EqualTo(new float[] { 1, 0, 0 }));
            Assert.That(rows["correlation(x, y)"].ToArray(), Has.All.EqualTo(0f), "a constant column is correlated with none");
            Assert.That(Values(rows.Slice(1, 1)), Is.EqualTo(Values(Summary.Of(events.Slice(2, 3)))));
        });
    }

    [Test]
    public void A_set_with_an_event_that_failed_has_failed()
    {
        EventTable row = Summary.Of(EventTable.FromColumns(("x", [1, float.NaN, 2]), ("y", [1, 2, float.PositiveInfinity])));
        Assert.That(Values(row), Is.EqualTo(Enumerable.Repeat(float.NaN, 16)));
    }

    [Test]
    public void The_names_of_features_say_what_they_are_of()
    {
        Assert.Multiple(() =>
        {
            Assert.That(EventSetSummary.TryOf(Summary.Features)!.Features, Is.EqualTo(Summary.Features));
            Assert.That(EventSetSummary.TryOf(["q95(m)", "count"])!.Columns, Is.EqualTo(new[] { "m" }));
            Assert.That(EventSetSummary.TryOf(["mean(x)", "other"]), Is.Null);
            Assert.That(EventSetSummary.TryOf(["count"]), Is.Null);
            Assert.That(EventSetSummary.TryOf(["q94(x)"]), Is.Null);
        });
    }

    [Test]
    public void Events_that_are_no_sets_are_refused()
    {
        EventTable events = EventTable.FromColumns(("x", [1, 2, 3]), ("y", [1, 2, 3]), ("set", [0, 1, 0]), ("id", [1, 2, 16777216]));
        Assert.Multiple(() =>
        {
            Assert.That(() => Summary.Of(events, "set"), Throws.TypeOf<DataException>().With.Message.EqualTo(
                "Events of the set with 'set' = 0 are in two places, the second one from row 2; sort the rows by 'set', so that the events "
                    + "of a set follow each other."));
            Assert.That(() => Summary.Of(events, "id"), Throws.TypeOf<DataException>().With.Message.EqualTo(
                "'id', which numbers the sets of events, is 16777216 in row 2, expected a number below 2^24; number the sets from 0."));
            Assert.That(() => Summary.Of(events.WithWeights(new double[3])), Throws.TypeOf<DataException>().With.Message.EqualTo(
                "The events of a set have weights, expected events that count 1 each; draw an unweighted set."));
            Assert.That(() => Summary.Of(events.Slice(0, 0)), Throws.TypeOf<DataException>().With.Message.EqualTo(
                "There are no events, expected a set of one or more."));
            Assert.That(() => Summary.Of(events, "run"), Throws.TypeOf<DataException>().With.Message.Contains("run"));
        });
    }

    private static float[] Values(EventTable row) => [.. row.ColumnNames.Select(name => row[name][0])];
}
