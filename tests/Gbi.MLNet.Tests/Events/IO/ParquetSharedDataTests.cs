using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Appending;

namespace Gbi.Tests.Events.IO;

/// <summary>Files by other writers (apache/parquet-testing).</summary>
[TestFixture]
internal sealed class ParquetSharedDataTests
{
    private const float Missing = float.NaN;

    [TestCase("alltypes_plain.parquet", "id", new float[] { 4, 5, 6, 7, 2, 3, 0, 1 })]
    [TestCase("alltypes_plain.parquet", "bool_col", new float[] { 1, 0, 1, 0, 1, 0, 1, 0 })]
    [TestCase("alltypes_plain.parquet", "bigint_col", new float[] { 0, 10, 0, 10, 0, 10, 0, 10 })]
    [TestCase("alltypes_plain.parquet", "double_col", new[] { 0, 10.1f, 0, 10.1f, 0, 10.1f, 0, 10.1f })]
    [TestCase("alltypes_plain.snappy.parquet", "id", new float[] { 6, 7 })]
    [TestCase("alltypes_plain.snappy.parquet", "float_col", new[] { 0, 1.1f })]
    [TestCase("alltypes_dictionary.parquet", "id", new float[] { 0, 1 })]
    [TestCase("alltypes_dictionary.parquet", "float_col", new[] { 0, 1.1f })]
    [TestCase("datapage_v2.snappy.parquet", "c", new float[] { 2, 3, 4, 5, 2 })]
    [TestCase("datapage_v2.snappy.parquet", "d", new float[] { 1, 1, 1, 0, 1 })]
    [TestCase("datapage_v2.snappy.parquet", "b", new float[] { 1, 2, 3, 4, 5 })]
    [
        TestCase(
            "nation.dict-malformed.parquet", "region_key",
            new float[] { 0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1 })
    ]
    public void Columns_of_other_writers_have_their_documented_values(string file, string column, float[] expected) =>
        Assert.That(Read(file, column)[column].ToArray(), Is.EqualTo(expected));

    [Test]
    public void Concatenated_gzip_members_are_read_to_the_end() =>
        Assert.That(
            Read("concatenated_gzip_members.parquet", "long_col")["long_col"].ToArray(),
            Is.EqualTo(Enumerable.Range(1, 513).Select(i => (float)i)));

    [Test]
    public void Pages_of_nothing_but_nulls_are_missing_values()
    {
        float[] values = Read("int32_with_null_pages.parquet", "int32_field")["int32_field"].ToArray();
        Assert.That(values, Has.Length.EqualTo(1000));
        Assert.That(values.Count(float.IsNaN), Is.EqualTo(275));
        Assert.That(values.Take(5), Is.EqualTo(new[] { -654807448f, -465559769, -34563097, 398454479, Missing }));
    }

    [TestCase("plain-dict-uncompressed-checksum.parquet", "long_field", 1000)]
    [TestCase("rle-dict-snappy-checksum.parquet", "long_field", 1000)]
    public void Checksummed_dictionaries_are_read(string file, string column, int count) =>
        Assert.That(Read(file, column).Count, Is.EqualTo(count));

    [TestCase("bad/PARQUET-1481.parquet", "Handle")]
    [TestCase("bad/ARROW-GH-45185.parquet", "x")]
    [TestCase("bad/ARROW-RS-GH-6229-LEVELS.parquet", "outer")]
    [TestCase("list_columns.parquet", "int64_list")]
    [TestCase("nulls.snappy.parquet", "b_struct")]
    [TestCase("alltypes_plain.parquet", "string_col")]
    [TestCase("alltypes_plain.parquet", "no_such_column")]
    public void What_cannot_be_features_is_refused_with_a_sentence(string file, string column)
    {
        string path = SharedData.Path(Path.Combine("parquet", file));
        AssertSentence(Assert.Throws<DataException>(() => new ParquetEventReader(path).Read([column]))!, Path.GetFileName(file));
    }

    [TestCase("parquet/byte_stream_split.zstd.parquet", "f32", 300)]
    [TestCase("lhco/sr_signal.parquet", "mjj", 27_263)]
    public void Zstd_is_read(string file, string column, int count) =>
        Assert.That(new ParquetEventReader(SharedData.Path(file)).Read([column]).Count, Is.EqualTo(count));

    [Test]
    public void Real_events_have_the_rows_and_labels_that_their_description_states()
    {
        string path = SharedData.Path("lhco/sr_events.parquet");
        EventTable table = new ParquetEventReader(path).Read(["mjj", "mj1", "delta_mj", "tau21_j1", "tau21_j2", "label"]);
        Assert.That(table.Count, Is.EqualTo(122_124));
        Assert.That(table["label"].ToArray().Sum(), Is.EqualTo(772));
        Assert.That(table["mjj"].ToArray(), Is.All.InRange(3.3f, 3.7f));
    }

    [Test]
    public void Declared_missing_values_and_weights_of_a_challenge_file_are_read()
    {
        string path = SharedData.Path("fair_universe/FAIR_Universe_HiggsML_data.parquet");
        var reader = new ParquetEventReader(path);
        EventTable table = reader.Read(
            ["PRI_jet_leading_pt", "PRI_met"], new EventReadOptions { WeightColumn = "weights", MissingValue = -25 });
        Assert.That(table.Count, Is.EqualTo(1000));
        Assert.That(table["PRI_jet_leading_pt"].ToArray().Count(float.IsNaN), Is.GreaterThan(100));
        Assert.That(table["PRI_jet_leading_pt"].ToArray(), Has.None.EqualTo(-25f));
        Assert.That(table.SumOfWeights, Is.GreaterThan(0));
    }

    [Test]
    public void Every_flat_file_is_copied_whole_or_refused_with_a_sentence()
    {
        using var folder = new ScratchFolder();
        int compared = 0;
        foreach (string path in Directory.GetFiles(SharedData.Path(""), "*.parquet", SearchOption.AllDirectories))
        {
            try
            {
                HashSet<string> kept;
                using (var appender = new ColumnAppender(path, folder["out.parquet"], [NewColumn.Single("new_score")]))
                {
                    kept = [.. new ParquetEventReader(path).Columns.Except(appender.LeftOut).Select(column => column.Name)];
                    foreach (long rows in appender.RowCounts)
                    {
                        appender.AppendRowGroup([new float[rows]]);
                    }

                    appender.Complete();
                }

                string[][] copied = AllTypesFile.ReadAsText(folder["out.parquet"]);
                string[][]? expected = ReadOriginal(path, kept);
                compared += expected is null ? 0 : 1;
                Assert.That(
                    copied.SkipLast(1).Select(column => column[1..]),
                    Is.EqualTo((expected ?? copied.SkipLast(1)).Select(column => column[1..])), path);
            }
            catch (DataException refused)
            {
                AssertSentence(refused, Path.GetFileName(path));
            }

            File.Delete(folder["out.parquet"]);
            Assert.That(folder.Names, Is.Empty, path);
        }

        Assert.That(compared, Is.GreaterThan(10));
    }

    /// <summary>The columns as Parquet.Net reads them; null where it knows not all types or levels of the file.</summary>
    private static string[][]? ReadOriginal(string path, IReadOnlySet<string> names)
    {
        try
        {
            return AllTypesFile.ReadAsText(path, names);
        }
        catch (Exception cause) when (cause is DivideByZeroException or NotSupportedException)
        {
            return null;
        }
    }

    private static EventTable Read(string file, string column) =>
        new ParquetEventReader(SharedData.Path(Path.Combine("parquet", file))).Read([column]);

    private static void AssertSentence(DataException refused, string file)
    {
        Assert.That(refused.Message, Does.Contain(file).And.Match("^[^\n]+$"));
        Assert.That(refused.Message, Does.Contain("; "), "a remedy follows");
    }
}
