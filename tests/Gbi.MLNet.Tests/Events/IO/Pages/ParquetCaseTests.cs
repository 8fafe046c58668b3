using System.Diagnostics;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Csv;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Microsoft.ML;

namespace Gbi.Tests.Events.IO.Pages;

/// <summary>Files that an earlier version read wrongly, did not read, or never stopped reading (shared/cases).</summary>
[TestFixture]
internal sealed class ParquetCaseTests
{
    private static readonly string[] Numbers = ["mjj", "a", "b", "k", "l", "nul", "flag"];

    [TestCase("lz4-one-bit", "mjj", "row group 0, page 0: it does not decompress to the 3207 bytes that it declares")]
    [TestCase("gzip-one-bit", "l", "row group 0, page 0: it does not decompress to the 3207 bytes that it declares")]
    [TestCase("snappy-one-bit-level", "a", "row group 0, page 1: a run of it holds 129, more than 1 bits")]
    public void A_damaged_page_is_named_and_the_other_columns_are_those_of_the_clean_file(string name, string damaged, string reason)
    {
        EventTable clean = Reader("clean").Read(Numbers);
        ParquetEventReader reader = Reader(name);
        Assert.That(() => reader.Read([damaged]), Throws.TypeOf<DataException>().With.Message.EqualTo(
            $"Column '{damaged}' in {name}.parquet cannot be read ({reason}); the file is damaged or incomplete: write it again."));
        string[] others = [.. Numbers.Where(column => column != damaged)];
        EventTable read = reader.Read(others);
        foreach (string column in others)
        {
            Assert.That(read[column].ToArray(), Is.EqualTo(clean[column].ToArray()), column);
        }
    }

    [TestCase("rows-none-dict-100", "it declares 100 rows, and its row groups 300")]
    [TestCase("rows-snappy-dict-300", "it declares 300 rows, and its row groups 900")]
    [TestCase("datapage_v1-corrupt-checksum", "row group 0, page 0: its checksum is 0f4f6d0a, bbce3b9d is declared")]
    [TestCase("hang1", "a header is broken")]
    [TestCase("hang-5139857778409472", "a header is broken")]
    [TestCase("bomb-rows3e8", "row group 0, page 0: it ends before its values do")]
    [TestCase("bomb-page-neg", "row group 0, page 0: it declares 2012 bytes, -1 uncompressed, where the column has 2112 left")]
    public void What_is_broken_is_refused_within_a_second_and_without_much_memory(string name, string reason)
    {
        string path = SharedData.Case($"parquet/{name}.parquet");
        long before = GC.GetTotalAllocatedBytes();
        long start = Stopwatch.GetTimestamp();
        Assert.That(
            () =>
            {
                var reader = new ParquetEventReader(path);
                return reader.Read([reader.Columns[0].Name]);
            },
            Throws.TypeOf<DataException>().With.Message.Contains(reason).And.Message.Contains($"{name}.parquet"));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(64 << 20));
    }

    [Test]
    public void Rows_as_the_pages_hold_them_are_read() =>
        Assert.That(Reader("rows-none-dict-true").Read(["mjj"]).Count, Is.EqualTo(240));

    [TestCase("one-null-column", 1000)]
    [TestCase("onecol_null", 6)]
    public void Rows_whose_only_value_is_missing_survive_text(string name, int rows)
    {
        using var folder = new ScratchFolder();
        ParquetEventReader before = Reader(name);
        string column = before.Columns[0].Name;
        ParquetToCsv.Convert(SharedData.Case($"parquet/{name}.parquet"), folder["x.csv"]);
        CsvToParquet.Convert(folder["x.csv"], folder["x.parquet"]);
        Assert.That(before.RowCount, Is.EqualTo(rows));
        Assert.That(
            new ParquetEventReader(folder["x.parquet"]).Read([column])[column].ToArray(),
            Is.EqualTo(before.Read([column])[column].ToArray()));
    }

    [Test]
    public void An_empty_page_is_a_missing_value() =>
        Assert.That(Reader("datapage_v2_empty_datapage.snappy").Read(["value"])["value"].ToArray(), Is.EqualTo(new[] { float.NaN }));

    [Test]
    public void A_dictionary_at_offset_0_is_none() =>
        Assert.That(
            Reader("dict-page-offset-zero").Read(["l_partkey"])["l_partkey"].ToArray(), Is.EqualTo(Enumerable.Repeat(1552f, 39)));

    [Test]
    public void Half_precision_is_read()
    {
        EventTable read = Reader("float16_nonzeros_and_nans").Read(["x"], new EventReadOptions { MissingValue = double.NaN });
        Assert.That(read["x"].ToArray(), Is.EqualTo(new[] { float.NaN, 1, -2, float.NaN, 0, -1, 0, 2 }));
    }

    [Test]
    public void Flat_columns_are_read_from_between_nested_ones()
    {
        ParquetEventReader reader = Reader("repeated_no_annotation");
        Assert.That(reader.Columns.Select(column => $"{column.Name} {column.TypeName}"), Is.EqualTo(
            new[] { "id 32-bit integer", "phoneNumbers nested struct" }));
        Assert.That(reader.Read(["id"])["id"].ToArray(), Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(Reader("list-depths-records").Columns.Select(column => column.TypeName), Is.All.StartsWith("nested "));
        Assert.That(
            () => ParquetToCsv.Convert(SharedData.Case("parquet/list-depths-records.parquet"), "never.csv"),
            Throws.TypeOf<DataException>().With.Message.Contains("has no column that text can hold"));
    }

    [Test]
    public void Decimals_are_numbers() =>
        Assert.That(Reader("int32_decimal").Read(["value"])["value"].ToArray(), Is.EqualTo(Enumerable.Range(1, 24).Select(i => (float)i)));

    [Test]
    public void An_encrypted_file_is_called_so() =>
        Assert.That(() => Reader("duck_encrypted"), Throws.TypeOf<DataException>().With.Message.EqualTo(
            "duck_encrypted.parquet is encrypted; decrypt it and write it as a plain Parquet file."));

    [Test]
    public void A_null_is_never_true()
    {
        var mlContext = new MLContext(1);
        IDataView view = mlContext.Gbi.LoadParquet(SharedData.Case("parquet/nulllabels.parquet"));
        DataViewSchema.Column label = view.Schema["label"];
        using DataViewRowCursor cursor = view.GetRowCursor([label]);
        ValueGetter<bool> getter = cursor.GetGetter<bool>(label);
        int missing = 0, isTrue = 0;
        while (cursor.MoveNext())
        {
            bool value = false;
            try
            {
                getter(ref value);
                isTrue += value ? 1 : 0;
            }
            catch (DataException)
            {
                missing++;
            }
        }

        Assert.That((missing, isTrue), Is.EqualTo((3, 3)));
    }

    [Test]
    public void Rows_without_a_label_are_not_of_the_numerator()
    {
        var mlContext = new MLContext(1);
        IDataView view = mlContext.Gbi.LoadParquet(SharedData.Case("parquet/unlabelled.parquet"));
        LikelihoodRatioEstimator ratio = mlContext.Gbi.LikelihoodRatio(
            mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression("label"), new LikelihoodRatioOptions { LabelColumn = "label" });
        Assert.That(
            () => mlContext.Transforms.Concatenate("Features", "x").Append(ratio).Fit(view),
            Throws.TypeOf<DataException>().With.Message.Contains("label"));
    }

    private static ParquetEventReader Reader(string name) => new(SharedData.Case($"parquet/{name}.parquet"));
}
