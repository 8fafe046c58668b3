using Gbi.Events;

namespace Gbi.Tests.Events;

[TestFixture]
internal sealed class EventTableTests
{
    private static EventTable Table => EventTable.FromColumns(("x", [1, 2, 3, 4]), ("y", [10, 20, 30, 40]));

    private static EventTable Weighted => Table.WithWeights(new double[] { 0.5, -1, 2, 4 });

    [Test]
    public void Selected_events_come_in_the_given_order_with_their_weights()
    {
        EventTable chosen = Weighted.Select([3, 0, 0]);
        Assert.That(chosen.Count, Is.EqualTo(3));
        Assert.That(chosen["x"].ToArray(), Is.EqualTo(new[] { 4f, 1, 1 }));
        Assert.That(chosen["y"].ToArray(), Is.EqualTo(new[] { 40f, 10, 10 }));
        Assert.That(chosen.Weights.ToArray(), Is.EqualTo(new[] { 4, 0.5, 0.5 }));
    }

    [Test]
    public void A_slice_is_the_same_as_the_selection_of_its_rows()
    {
        EventTable slice = Weighted.Slice(1, 2);
        EventTable chosen = Weighted.Select([1, 2]);
        Assert.That(slice.Count, Is.EqualTo(2));
        Assert.That(slice["y"].ToArray(), Is.EqualTo(chosen["y"].ToArray()));
        Assert.That(slice.Weights.ToArray(), Is.EqualTo(chosen.Weights.ToArray()));
    }

    [Test]
    public void Appending_joins_columns_by_name_whatever_their_order()
    {
        EventTable joined = Table.Append(EventTable.FromColumns(("y", [50]), ("z", [7]), ("x", [5])));
        Assert.That(joined.ColumnNames, Is.EqualTo(new[] { "x", "y" }));
        Assert.That(joined["x"].ToArray(), Is.EqualTo(new[] { 1f, 2, 3, 4, 5 }));
        Assert.That(joined["y"][4], Is.EqualTo(50));
        Assert.That(joined.HasWeights, Is.False);
    }

    [Test]
    public void Events_without_weights_count_1_when_appended_to_weighted_ones()
    {
        Assert.That(Weighted.Append(Table).Weights.ToArray(), Is.EqualTo(new[] { 0.5, -1, 2, 4, 1, 1, 1, 1 }));
        Assert.That(Table.Append(Weighted).SumOfWeights, Is.EqualTo(Table.SumOfWeights + Weighted.SumOfWeights));
    }

    [Test]
    public void Weights_are_1_where_there_are_none()
    {
        Assert.That((Table.HasWeights, Table.SumOfWeights, Table.Weight(2), Table.Weights.Length), Is.EqualTo((false, 4.0, 1.0, 0)));
        Assert.That((Weighted.HasWeights, Weighted.SumOfWeights, Weighted.Weight(2)), Is.EqualTo((true, 5.5, 2.0)));
        Assert.That(Weighted.WithWeights(null).HasWeights, Is.False);
    }

    [Test]
    public void A_new_column_stands_last_and_leaves_the_old_table_alone()
    {
        EventTable table = Table;
        EventTable wider = table.WithColumn("z", new float[] { 5, 6, 7, 8 });
        Assert.That(wider.ColumnNames, Is.EqualTo(new[] { "x", "y", "z" }));
        Assert.That(table.ColumnNames, Is.EqualTo(new[] { "x", "y" }));
        Assert.That(() => wider.WithColumn("z", new float[4]), Throws.ArgumentException.With.Message.Contains("Column 'z' occurs twice"));
    }

    [Test]
    public void An_unknown_column_is_told_with_those_that_are_there() =>
        Assert.That(
            () => Table["tau21"].Length,
            Throws.TypeOf<DataException>().With.Message.EqualTo("There is no column 'tau21'; the table has x, y."));

    [Test]
    public void Columns_and_weights_of_other_lengths_are_refused_with_both_numbers()
    {
        Assert.That(
            () => EventTable.FromColumns(("x", [1, 2]), ("y", [1])),
            Throws.ArgumentException.With.Message.Contains("Column 'y' has 1 values, expected 2"));
        Assert.That(
            () => Table.WithWeights(new double[3]),
            Throws.ArgumentException.With.Message.Contains("The weight column has 3 values, expected 4"));
    }

    [Test]
    public void A_table_may_be_empty()
    {
        EventTable none = Table.Select([]);
        Assert.That((none.Count, none["x"].Length, none.SumOfWeights), Is.EqualTo((0, 0, 0.0)));
        Assert.That(none.Append(Table)["x"].ToArray(), Is.EqualTo(Table["x"].ToArray()));
    }
}
