using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Appending;
using Gbi.Events.IO.Csv;
using Gbi.Pipeline;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Tests.Events.IO.Parts.PartFiles;

namespace Gbi.Tests.Events.IO.Parts;

/// <summary>A folder or a glob of parts is one file of events.</summary>
[TestFixture]
internal sealed class PartTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Parts_are_read_in_ordinal_order_with_columns_by_name()
    {
        Write(_folder["e/b.parquet"], ("y", new float[] { 30, 40 }), ("x", new double[] { 3, 4 }));
        Write(_folder["e/B.parquet"], ("x", new float[] { 1, 2 }), ("y", new float[] { 10, 20 }));
        Write(_folder["e/c/a.parquet"], ("x", new int[] { 5 }), ("y", new float[] { 50 }));

        var reader = new ParquetEventReader(_folder["e"]);
        EventTable all = reader.Read(["x", "y"]);
        Assert.That(all["x"].ToArray(), Is.EqualTo(new float[] { 1, 2, 3, 4, 5 }));
        Assert.That(all["y"].ToArray(), Is.EqualTo(new float[] { 10, 20, 30, 40, 50 }));
        Assert.That(reader.RowCounts, Is.EqualTo(new[] { 2, 2, 1 }));
        Assert.That(reader.ReadRowGroups(["y"]).Select(group => group["y"][0]), Is.EqualTo(new float[] { 10, 30, 50 }));
        IDataView view = new MLContext().Gbi.LoadParquet(_folder["e/"]);
        Assert.That(view.GetColumn<float>("x"), Is.EqualTo(new float[] { 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void Columns_are_widened_to_a_type_that_holds_the_values_of_all_parts()
    {
        Write(
            _folder["e/1.parquet"], ("n", new int[] { -7 }), ("u", new uint[] { 4_000_000_000 }), ("d", new float[] { 0.1f }),
            ("s", new short[] { 3 }), ("i", new int[] { int.MaxValue }), ("t", Words("a")));
        Write(
            _folder["e/2.parquet"], ("n", new[] { long.MaxValue }), ("u", new[] { ulong.MaxValue }), ("d", new[] { 0.1 }),
            ("s", new byte[] { 200 }), ("i", new[] { 0.30000000000000004 }), ("t", Words("b,c")));

        (long rows, _) = ColumnAppender.Copy(_folder["e"], _folder["all.csv"]);
        ColumnAppender.Copy(_folder["e"], _folder["all.parquet"]);
        ColumnAppender.Copy(_folder["all.parquet"], _folder["again.csv"]);
        Assert.That(rows, Is.EqualTo(2));
        Assert.That(File.ReadAllLines(_folder["all.csv"]), Is.EqualTo(new[]
        {
            "n,u,d,s,i,t", "-7,4000000000,0.10000000149011612,3,2147483647,a",
            "9223372036854775807,18446744073709551615,0.1,200,0.30000000000000004,\"b,c\"",
        }));
        Assert.That(File.ReadAllText(_folder["again.csv"]), Is.EqualTo(File.ReadAllText(_folder["all.csv"])));
        Assert.That(
            new ParquetEventReader(_folder["all.parquet"]).Columns.Select(column => column.TypeName),
            Is.EqualTo(new[] { "64-bit integer", "unsigned 64-bit integer", "double", "64-bit integer", "double", "text" }));
    }

    [TestCase(long.MaxValue, 0.5, "holds 9223372036854775807")]
    [TestCase(9_007_199_254_740_993, 0.5, "holds 9007199254740993")]
    [TestCase(9_007_199_254_740_992, 0.5, null)]
    public void An_integer_that_the_wider_type_rounds_is_refused(long number, double other, string? sentence)
    {
        Write(_folder["e/1.parquet"], ("n", new[] { number }));
        Write(_folder["e/2.parquet"], ("n", new[] { other }));
        if (sentence is null)
        {
            ColumnAppender.Copy(_folder["e"], _folder["all.csv"]);
            Assert.That(File.ReadAllLines(_folder["all.csv"])[1], Is.EqualTo($"{number}"));
            return;
        }

        Assert.That(
            () => ColumnAppender.Copy(_folder["e"], _folder["all.csv"]), Throws.TypeOf<DataException>().With.Message.Contains(sentence));
        Assert.That(File.Exists(_folder["all.csv"]), Is.False);
    }

    [Test]
    public void Keys_of_folders_are_columns_unless_the_parts_hold_them()
    {
        Write(_folder["e/year=2017/era=B/p.parquet"], ("x", new float[] { 1, 2 }), ("mass", new[] { 1.5, 2.5 }));
        Write(_folder["e/year=2018/era=A%20b/mass=9/p.parquet"], ("x", new float[] { 3 }), ("mass", new[] { 3.5 }));
        ColumnAppender.Copy(_folder["e"], _folder["all.csv"]);
        Assert.That(File.ReadAllLines(_folder["all.csv"]), Is.EqualTo(new[]
        {
            "x,mass,year,era", "1,1.5,2017,B", "2,2.5,2017,B", "3,3.5,2018,A b",
        }));
        Assert.That(Read(_folder["e"], "year"), Is.EqualTo(new float[] { 2017, 2017, 2018 }));

        // Below what was named, as the glob matched it.
        Assert.That(Read(_folder["e/year=*"], "year"), Is.EqualTo(new float[] { 2017, 2017, 2018 }));
        Assert.That(() => Read(_folder["e/year=2018"], "year"), Throws.TypeOf<DataException>().With.Message.Contains("no column 'year'"));
    }

    [Test]
    public void The_empty_partition_is_missing_and_a_word_makes_text_of_a_key()
    {
        Write(_folder["e/k=__HIVE_DEFAULT_PARTITION__/run=x/p.parquet"], ("x", new float[] { 1 }));
        Write(_folder["e/k=-0.5/run=7/p.parquet"], ("x", new float[] { 2 }));
        Assert.That(Read(_folder["e"], "k"), Is.EqualTo(new[] { -0.5f, float.NaN }));
        Assert.That(
            () => Read(_folder["e"], "run"), Throws.TypeOf<DataException>().With.Message.Contains("Column 'run' in e holds text values"));
        ColumnAppender.Copy(_folder["e"], _folder["all.csv"]);
        Assert.That(File.ReadAllLines(_folder["all.csv"]), Is.EqualTo(new[] { "x,k,run", "2,-0.5,7", "1,,x" }));
    }

    [TestCase("e/*.parquet", new float[] { 1, 2 })]
    [TestCase("e/?.parquet", new float[] { 1, 2 })]
    [TestCase("e/*/*.parquet", new float[] { 3 })]
    [TestCase("e/**/*.parquet", new float[] { 1, 2, 3, 4 })]
    [TestCase("e/**", new float[] { 1, 2, 3, 4 })]
    [TestCase("e/s*", new float[] { 3, 4 })]
    [TestCase("e/_*.parquet", new float[] { 9 })]
    [TestCase("e", new float[] { 1, 2, 3, 4 })]
    public void A_glob_names_parts(string glob, float[] expected)
    {
        Write(_folder["e/a.parquet"], ("x", new float[] { 1 }));
        Write(_folder["e/b.parquet"], ("x", new float[] { 2 }));
        Write(_folder["e/s/a.parquet"], ("x", new float[] { 3 }));
        Write(_folder["e/s/t/a.parquet"], ("x", new float[] { 4 }));
        Write(_folder["e/_a.parquet"], ("x", new float[] { 9 }));
        Write(_folder["e/_temporary/a.parquet"], ("x", new float[] { 9 }));
        Write(_folder["e/s/.a.parquet"], ("x", new float[] { 9 }));
        File.WriteAllText(_folder["e/_SUCCESS"], "");
        Assert.That(Read(_folder[glob], "x"), Is.EqualTo(expected));
    }

    [Test]
    public void A_file_whose_own_name_has_a_star_is_a_file()
    {
        Write(_folder["a*.parquet"], ("x", new float[] { 1 }));
        Write(_folder["ab.parquet"], ("x", new float[] { 2 }));
        Assert.That(Read(_folder["a*.parquet"], "x"), Is.EqualTo(new float[] { 1 }));
    }

    [Test]
    public void More_parts_than_stay_open_are_read_by_several_threads()
    {
        for (int part = 0; part < 100; part++)
        {
            Write(_folder[$"e/{part:D3}.parquet"], ("x", new float[] { part }), ("y", new float[] { -part }));
        }

        float[] expected = [.. Enumerable.Range(0, 100).Select(part => (float)part)];
        EventTable all = new ParquetEventReader(_folder["e"]).Read(["x", "y"], new EventReadOptions { Threads = 8 });
        Assert.That(all["x"].ToArray(), Is.EqualTo(expected));
        Assert.That(all["y"].ToArray(), Is.EqualTo(expected.Select(x => -x)));
    }

    [Test]
    public void Texts_are_parts_with_columns_by_name_and_keys_of_folders()
    {
        Directory.CreateDirectory(_folder["e/year=2016"]);
        Directory.CreateDirectory(_folder["e/year=2017"]);
        File.WriteAllText(_folder["e/year=2016/a.csv"], "x,event,z\n1.5,9007199254740993,5\n");
        File.WriteAllText(_folder["e/year=2017/a.csv"], "z;event;x\n6;2;2.5\n7;3;3.5\n");
        EventTable all = CsvEventReader.Read(_folder["e"]);
        Assert.That(all.ColumnNames, Is.EqualTo(new[] { "x", "event", "z", "year" }));
        Assert.That(all["x"].ToArray(), Is.EqualTo(new[] { 1.5f, 2.5f, 3.5f }));
        Assert.That(all["year"].ToArray(), Is.EqualTo(new float[] { 2016, 2017, 2017 }));

        CsvToParquet.Convert(_folder["e"], _folder["all.parquet"]);
        ColumnAppender.Copy(_folder["all.parquet"], _folder["all.csv"]);
        Assert.That(File.ReadAllLines(_folder["all.csv"]), Is.EqualTo(new[]
        {
            "x,event,z,year", "1.5,9007199254740993,5,2016", "2.5,2,6,2017", "3.5,3,7,2017",
        }));
    }
}
