using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Appending;

namespace Gbi.Tests.Events.IO;

[TestFixture]
internal sealed class ParquetFailureTests
{
    private static readonly EventTable ThreeEvents = EventTable.FromColumns(("mass", [1, 2, 3]), ("tau21_j1", [4, 5, 6]));

    [Test]
    public void An_unknown_column_is_answered_with_the_nearest_names()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["t.parquet"], ThreeEvents);
        Assert.That(() => new ParquetEventReader(folder["t.parquet"]).Read(["tau21"]), Throws.TypeOf<DataException>().With.Message
            .EqualTo("There is no column 'tau21' in t.parquet; its columns, the most similar first: tau21_j1, mass."));
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(
            () => new ParquetEventReader("no/such/file.parquet"),
            Throws.TypeOf<DataException>().With.Message.Contains("no/such/file.parquet"));

    [TestCase("")]
    [TestCase("mass,label\n1,2\n")]
    [TestCase("PAR1 this is no footer PAR1")]
    public void What_is_no_Parquet_file_is_refused(string content)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["t.parquet"], content);
        Assert.That(() => new ParquetEventReader(folder["t.parquet"]), Throws.TypeOf<DataException>().With.Message.Contains("t.parquet"));
    }

    [Test]
    public void A_file_that_is_replaced_between_two_row_groups_is_noticed([Values] bool isRenamed)
    {
        using var folder = new ScratchFolder();
        var options = new ParquetWriteOptions { RowGroupSize = 2 };
        ParquetEventWriter.Write(folder["t.parquet"], ThreeEvents, options);
        var reader = new ParquetEventReader(folder["t.parquet"]);
        Assert.That(reader.ReadRowGroup(0, ["mass"])["mass"].ToArray(), Is.EqualTo(new float[] { 1, 2 }));

        // Renamed, even a file with the same footer is another one.
        EventTable other = EventTable.FromColumns(("mass", isRenamed ? [2, 1, 3] : [7, 8, 9]), ("tau21_j1", [4, 5, 6]));
        ParquetEventWriter.Write(folder["other.parquet"], other, options);
        if (isRenamed)
        {
            File.Move(folder["other.parquet"], folder["t.parquet"], overwrite: true);
        }
        else
        {
            File.WriteAllBytes(folder["t.parquet"], File.ReadAllBytes(folder["other.parquet"]));
        }

        Assert.That(
            () => reader.ReadRowGroup(1, ["mass"]),
            Throws.TypeOf<DataException>().With.Message.Contains("was replaced while it was read"));
    }

    [Test]
    public void A_file_cut_short_anywhere_is_refused()
    {
        using var folder = new ScratchFolder();
        AllTypesFile.Write(folder["t.parquet"], groups: 1);
        byte[] whole = File.ReadAllBytes(folder["t.parquet"]);
        for (int length = 0; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(folder["cut.parquet"], whole[..length]);
            Assert.That(() => new ParquetEventReader(folder["cut.parquet"]), Throws.TypeOf<DataException>());
        }
    }

    [Test, CancelAfter(60_000)]
    public void A_file_with_flipped_bytes_ends_in_a_table_or_a_sentence(CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        AllTypesFile.Write(folder["t.parquet"], groups: 1);
        byte[] whole = File.ReadAllBytes(folder["t.parquet"]);
        for (int at = 4; at < whole.Length - 8; at += 3)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(folder["flipped.parquet"], flipped);
            try
            {
                _ = new ParquetEventReader(folder["flipped.parquet"])
                    .Read(["f", "b", "i", "l", "d"], new EventReadOptions { Threads = 1 }, cancellationToken);
            }
            catch (DataException refused)
            {
                Assert.That(refused.Message, Does.Contain("flipped.parquet"));
            }
        }
    }

    [Test]
    public void A_file_without_events_is_refused()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["t.parquet"], EventTable.FromColumns(("mass", [])));
        Assert.That(
            () => new ParquetEventReader(folder["t.parquet"]).Read(["mass"]),
            Throws.TypeOf<DataException>().With.Message.Contains("no events"));
    }

    [Test]
    public void Weights_that_do_not_sum_to_more_than_zero_are_refused()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["t.parquet"], ThreeEvents.WithWeights(new[] { 1.0, 1, -2 }));
        Assert.That(
            () => new ParquetEventReader(folder["t.parquet"]).Read(["mass"], new EventReadOptions { WeightColumn = "weight" }),
            Throws.TypeOf<DataException>().With.Message.Contains("sum to 0"));
    }

    [Test]
    public void An_existing_output_is_replaced_only_when_allowed()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["t.parquet"], ThreeEvents);
        Assert.That(
            () => ParquetEventWriter.Write(folder["t.parquet"], ThreeEvents),
            Throws.TypeOf<DataException>().With.Message.Contains("--force"));
        Assert.That(
            () => ParquetEventWriter.Write(folder["t.parquet"], ThreeEvents, new ParquetWriteOptions { Overwrite = true }), Throws.Nothing);
        Assert.That(folder.Names, Is.EqualTo(new[] { "t.parquet" }));
    }

    [Test]
    public void A_failed_or_cancelled_append_leaves_nothing_behind()
    {
        using var folder = new ScratchFolder();
        AllTypesFile.Write(folder["in.parquet"], groups: 4);
        using var stop = new CancellationTokenSource();
        int calls = 0;
        Assert.That(() => Append(_ => throw new InvalidOperationException("model broke")), Throws.InvalidOperationException);
        Assert.That(folder.Names, Is.EqualTo(new[] { "in.parquet" }));
        Assert.That(() => Append(events =>
        {
            if (++calls == 2)
            {
                stop.Cancel();
            }

            return [new float[events.Count]];
        }), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(folder.Names, Is.EqualTo(new[] { "in.parquet" }));

        void Append(Func<EventTable, Array[]> compute) => ColumnAppender.Append(
            folder["in.parquet"], folder["out.parquet"], ["f"], [NewColumn.Single("score")], compute, cancellationToken: stop.Token);
    }

    [Test]
    public void A_new_column_may_not_have_the_name_of_an_old_one()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(folder["t.parquet"], ThreeEvents);
        Assert.That(
            () => new ColumnAppender(folder["t.parquet"], folder["out.parquet"], [NewColumn.Single("mass")]),
            Throws.TypeOf<DataException>().With.Message.Contains("'mass' is in t.parquet already"));
    }

    [Test]
    public void Missing_folders_above_an_output_are_made_and_taken_back_where_it_fails()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder["new"], "inner", "t.parquet");
        using (new ParquetEventWriter(path, ["mass"], hasWeights: false))
        {
            Assert.That(Directory.Exists(Path.GetDirectoryName(path)), Is.True);
        }

        Assert.That(folder.Names, Is.Empty, "an output that was not completed leaves nothing");
        ParquetEventWriter.Write(path, ThreeEvents);
        Assert.That(File.Exists(path), Is.True);
    }
}
