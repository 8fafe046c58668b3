using FsCheck;
using FsCheck.Fluent;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Appending;
using Gbi.Events.IO.Csv;

namespace Gbi.Tests.Events.IO;

[TestFixture]
internal sealed class ParquetRoundTripTests
{
    [Test]
    public void Tables_come_back_as_they_were_written()
    {
        using var folder = new ScratchFolder();
        Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat[]>(), ArbMap.Default.ArbFor<PositiveInt>(), (numbers, size) =>
        {
            float[] values = [.. numbers.Select(number => (float)number.Get).Where(float.IsFinite), 1.5f];
            float[] gaps = [.. values.Select((value, row) => row % 3 == 1 ? float.NaN : value)];
            double[] weights = [.. values.Select((_, row) => row + 0.25)];
            EventTable written = EventTable.FromColumns(("x", values), ("gaps", gaps)).WithWeights(weights);
            ParquetEventWriter.Write(folder["t.parquet"], written, new ParquetWriteOptions { Overwrite = true, RowGroupSize = size.Get });

            EventTable read = new ParquetEventReader(folder["t.parquet"])
                .Read(["gaps", "x"], new EventReadOptions { WeightColumn = "weight", Threads = 2 });
            return read["x"].SequenceEqual(values) && read["gaps"].SequenceEqual(gaps) && read.Weights.SequenceEqual(weights);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Test]
    public void Row_groups_stream_in_order_and_add_up_to_the_whole([Values(1, 2, 5)] int threads)
    {
        using var folder = new ScratchFolder();
        float[] values = [.. Enumerable.Range(0, 10_007).Select(row => row * 0.5f)];
        ParquetEventWriter.Write(
            folder["t.parquet"], EventTable.FromColumns(("x", values)), new ParquetWriteOptions { RowGroupSize = 1_000 });

        var reader = new ParquetEventReader(folder["t.parquet"]);
        EventTable[] parts = [.. reader.ReadRowGroups(["x"], new EventReadOptions { Threads = threads })];

        Assert.That(parts, Has.Length.EqualTo(11));
        Assert.That(parts.SelectMany(part => part["x"].ToArray()), Is.EqualTo(values));
        Assert.That(reader.Read(["x"], new EventReadOptions { Threads = threads })["x"].ToArray(), Is.EqualTo(values));
    }

    [Test]
    public void A_stream_that_is_left_early_stops_its_workers()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(
            folder["t.parquet"], EventTable.FromColumns(("x", new float[5_000])), new ParquetWriteOptions { RowGroupSize = 100 });
        EventTable first = new ParquetEventReader(folder["t.parquet"]).ReadRowGroups(["x"]).First();
        Assert.That(first.Count, Is.EqualTo(100));
    }

    [Test]
    public void A_declared_missing_value_becomes_missing()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["t.parquet"], EventTable.FromColumns(("x", [1, -25, 3])));
        EventTable table = new ParquetEventReader(folder["t.parquet"]).Read(["x"], new EventReadOptions { MissingValue = -25 });
        Assert.That(table["x"].ToArray(), Is.EqualTo(new[] { 1, float.NaN, 3 }));
    }

    [Test]
    public void Values_that_are_not_finite_are_counted_across_row_groups()
    {
        using var folder = new ScratchFolder();
        float[] values = [.. Enumerable.Range(0, 5_000).Select(row => row is 4_017 or 4_900 ? float.PositiveInfinity : row)];
        ParquetEventWriter.Write(
            folder["t.parquet"], EventTable.FromColumns(("tau21", values)), new ParquetWriteOptions { RowGroupSize = 500 });
        Assert.That(
            () => new ParquetEventReader(folder["t.parquet"]).Read(["tau21"]),
            Throws.TypeOf<DataException>().With.Message.EqualTo(
                "Column 'tau21' in t.parquet has 2 values that are NaN or infinite (first at row 4,017); drop those rows or declare a "
                    + "missing value with --missing."));
    }

    [Test]
    public void Where_a_missing_value_is_declared_another_is_not_advised()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["t.parquet"], EventTable.FromColumns(("x", [1, float.PositiveInfinity])));
        const string Sentence = "Column 'x' in t.parquet has 1 value that is NaN or infinite (at row 1); drop those rows.";
        Assert.That(
            () => new ParquetEventReader(folder["t.parquet"]).Read(["x"], new EventReadOptions { MissingValue = -25 }),
            Throws.TypeOf<DataException>().With.Message.EqualTo(Sentence));
        Assert.That(
            () => ParquetToCsv.Convert(folder["t.parquet"], folder["t.csv"]),
            Throws.TypeOf<DataException>().With.Message.EqualTo(Sentence));
    }

    [Test]
    public void Appending_copies_every_column_and_adds_the_new_ones()
    {
        using var folder = new ScratchFolder();
        AllTypesFile.Write(folder["in.parquet"], groups: 3);
        ColumnAppender.Append(
            folder["in.parquet"], folder["out.parquet"], ["f", "i"],
            [NewColumn.Single("s"), NewColumn.Double("d2"), NewColumn.Int32("n")],
            events => [
                events["f"].ToArray().Select(x => 2 * x).ToArray(),
                events["f"].ToArray().Select(x => 3.0 * x).ToArray(),
                events["i"].ToArray().Select(x => float.IsNaN(x) ? -1 : (int)x).ToArray()]);

        string[][] before = AllTypesFile.ReadAsText(folder["in.parquet"]);
        string[][] after = AllTypesFile.ReadAsText(folder["out.parquet"]);
        Assert.That(after.Take(before.Length), Is.EqualTo(before));
        Assert.That(after[before.Length..].Select(column => column[0]), Is.EqualTo(new[] { "s Single", "d2 Double", "n Int32" }));
        EventTable table = new ParquetEventReader(folder["out.parquet"]).Read(["f", "s", "d2"]);
        Assert.That(table["s"].ToArray(), Is.EqualTo(table["f"].ToArray().Select(x => 2 * x)));
        Assert.That(table["d2"].ToArray(), Is.EqualTo(table["f"].ToArray().Select(x => 3 * x)));
        Assert.That(new ParquetEventReader(folder["out.parquet"]).Metadata, Does.ContainKey("origin").WithValue("test"));
    }

    [Test]
    public void Only_the_columns_to_keep_are_copied()
    {
        using var folder = new ScratchFolder();
        AllTypesFile.Write(folder["in.parquet"], groups: 1);
        ColumnAppender.Append(
            folder["in.parquet"], folder["out.parquet"], ["f"], [NewColumn.Single("text")], events => [new float[events.Count]],
            options: new AppendOptions { KeepColumns = ["i", "f"] });
        Assert.That(
            new ParquetEventReader(folder["out.parquet"]).Columns.Select(column => column.Name), Is.EqualTo(new[] { "i", "f", "text" }));
    }

    [Test]
    public void Integers_booleans_and_nulls_of_every_width_become_numbers()
    {
        using var folder = new ScratchFolder();
        AllTypesFile.Write(folder["in.parquet"], groups: 1);
        EventTable table = new ParquetEventReader(folder["in.parquet"]).Read(["b", "i8", "u8", "i16", "u16", "i", "u32", "l", "u64", "d"]);
        Assert.Multiple(() =>
        {
            Assert.That(table["b"].ToArray(), Is.EqualTo(new float[] { 1, 0, 1 }));
            Assert.That(table["i8"].ToArray(), Is.EqualTo(new float[] { -128, 0, 127 }));
            Assert.That(table["u8"].ToArray(), Is.EqualTo(new float[] { 0, 1, 255 }));
            Assert.That(table["i16"].ToArray(), Is.EqualTo(new float[] { -32768, 0, 32767 }));
            Assert.That(table["u16"].ToArray(), Is.EqualTo(new float[] { 0, 1, 65535 }));
            Assert.That(table["i"].ToArray(), Is.EqualTo(new[] { 7, float.NaN, -7 }));
            Assert.That(table["u32"].ToArray(), Is.EqualTo(new float[] { 0, 1, uint.MaxValue }));
            Assert.That(table["l"].ToArray(), Is.EqualTo(new float[] { long.MinValue, 0, long.MaxValue }));
            Assert.That(table["u64"].ToArray(), Is.EqualTo(new float[] { 0, 1, ulong.MaxValue }));
            Assert.That(table["d"].ToArray(), Is.EqualTo(new[] { 1.5f, float.NaN, -2.5f }));
        });
    }
}
