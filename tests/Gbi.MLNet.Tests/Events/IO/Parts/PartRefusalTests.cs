using Gbi.Events;
using Gbi.Events.IO.Appending;
using Gbi.Events.IO.Csv;
using static Gbi.Tests.Events.IO.Parts.PartFiles;

namespace Gbi.Tests.Events.IO.Parts;

/// <summary>What parts do not say together is one sentence.</summary>
[TestFixture]
internal sealed class PartRefusalTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void A_column_that_a_part_lacks_is_named_with_the_part()
    {
        Write(_folder["e/a.parquet"], ("x", new float[] { 1 }), ("y", new float[] { 1 }));
        Write(_folder["e/b.parquet"], ("x", new float[] { 2 }));
        const string Sentence = "Column 'y' of e is in a.parquet and not in b.parquet";
        Assert.That(() => Read(_folder["e"], "y"), Throws.TypeOf<DataException>().With.Message.Contains(Sentence));
        Assert.That(Copy, Throws.TypeOf<DataException>().With.Message.Contains(Sentence));
        Assert.That(Read(_folder["e"], "x"), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void A_column_of_text_that_a_part_lacks_is_named_with_the_part()
    {
        Directory.CreateDirectory(_folder["e"]);
        File.WriteAllText(_folder["e/a.csv"], "x,y\n1,2\n");
        File.WriteAllText(_folder["e/b.csv"], "x\n3\n");
        const string Sentence = "Column 'y' of e is not in b.csv";
        Assert.That(() => CsvEventReader.Read(_folder["e"]), Throws.TypeOf<DataException>().With.Message.Contains(Sentence));
        Assert.That(
            () => CsvToParquet.Convert(_folder["e"], _folder["all.parquet"]),
            Throws.TypeOf<DataException>().With.Message.Contains(Sentence));
        Assert.That(CsvEventReader.Read(_folder["e"], ["x"])["x"].ToArray(), Is.EqualTo(new float[] { 1, 3 }));
    }

    [Test]
    public void Types_without_a_common_one_are_named_with_their_parts()
    {
        Write(_folder["e/a.parquet"], ("x", new float[] { 1 }), ("y", new long[] { 1 }));
        Write(_folder["e/b.parquet"], ("x", new float[] { 1 }), ("y", Words("1")));
        const string Sentence = "Column 'y' of e holds 64-bit integer values in a.parquet and text values in b.parquet";
        Assert.That(() => Read(_folder["e"], "y"), Throws.TypeOf<DataException>().With.Message.Contains(Sentence));
        Assert.That(Copy, Throws.TypeOf<DataException>().With.Message.Contains(Sentence));
    }

    [Test]
    public void A_value_that_is_not_finite_is_named_with_its_part()
    {
        Write(_folder["e/a.parquet"], ("x", new float[] { 1, 2 }));
        Write(_folder["e/b.parquet"], ("x", new[] { 1, float.PositiveInfinity }));
        Assert.That(
            () => Read(_folder["e"], "x"),
            Throws.TypeOf<DataException>().With.Message.Contains(
                "Column 'x' in e has 1 value that is NaN or infinite (at row 1 of b.parquet)"));
    }

    [Test]
    public void A_part_that_is_no_part_is_named()
    {
        Write(_folder["e/a.parquet"], ("x", new float[] { 1 }));
        File.WriteAllText(_folder["e/notes.txt"], "read me");
        Assert.That(
            () => Read(_folder["e"], "x"),
            Throws.TypeOf<DataException>().With.Message.StartsWith("notes.txt cannot be read as a Parquet file"));
    }

    [TestCase("e", "e is a folder without parts (files whose names begin with _ or . are left out); give a file of events")]
    [TestCase("e/*.parquet", "No file matches ")]
    [TestCase("none/*.parquet", "No file matches ")]
    [TestCase("none", "There is no file ")]
    public void Nothing_to_read_is_a_sentence(string name, string sentence)
    {
        Directory.CreateDirectory(_folder["e"]);
        File.WriteAllText(_folder["e/_SUCCESS"], "");
        Assert.That(() => Read(_folder[name], "x"), Throws.TypeOf<DataException>().With.Message.Contains(sentence));
    }

    [Test]
    public void Parts_of_two_formats_are_refused()
    {
        Write(_folder["e/a.parquet"], ("x", new float[] { 1 }));
        File.WriteAllText(_folder["e/b.csv"], "x\n1\n");
        Assert.That(
            () => Read(_folder["e"], "x"),
            Throws.TypeOf<DataException>().With.Message.Contains("parts of two formats, such as a.parquet and b.csv"));
    }

    [Test]
    public void A_link_that_leads_back_is_refused()
    {
        Write(_folder["e/a.parquet"], ("x", new float[] { 1 }));
        Directory.CreateSymbolicLink(_folder["e/z"], _folder["e"]);
        Assert.That(() => Read(_folder["e"], "x"), Throws.TypeOf<DataException>().With.Message.Contains("remove a link that leads back"));
    }

    [TestCase("e", "e/out.parquet"), TestCase("e/", "e/s/out.csv"), TestCase("e/*.parquet", "e/out.parquet")]
    public void An_output_that_would_be_a_part_is_refused(string input, string output)
    {
        Write(_folder["e/a.parquet"], ("x", new float[] { 1 }));
        Assert.That(
            () => ColumnAppender.Copy(_folder[input], _folder[output]),
            Throws.TypeOf<DataException>().With.Message.Contains("would be a part of"));
        Assert.That(() => ColumnAppender.Copy(_folder["e/*.parquet"], _folder["e/out.csv"]), Throws.Nothing);
    }

    private void Copy() => ColumnAppender.Copy(_folder["e"], _folder["all.parquet"]);
}
