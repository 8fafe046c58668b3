using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Csv;

namespace Gbi.Tests.Events.IO.Csv;

[TestFixture]
internal sealed class CsvEventReaderTests
{
    [Test]
    public void Quotes_line_ends_and_empty_cells_are_read_as_RFC_4180_says()
    {
        EventTable table = Read(
            "mass,\"pt, lead\",name\r\n1.5,2e1,\"a \"\"b\"\"\r\nc\"\r\n-3,,x\r\n\r\n\"4\",5,\"\"", ["pt, lead", "mass"]);
        Assert.That(table["mass"].ToArray(), Is.EqualTo(new[] { 1.5f, -3, 4 }));
        Assert.That(table["pt, lead"].ToArray(), Is.EqualTo(new[] { 20f, float.NaN, 5 }));
    }

    [Test]
    public void Weights_and_declared_missing_values_are_read()
    {
        EventTable table = Read("x,w\n-25,0.1\n2,0.2\n", null, new EventReadOptions { WeightColumn = "w", MissingValue = -25 });
        Assert.That(table.ColumnNames, Is.EqualTo(new[] { "x" }));
        Assert.That(table["x"].ToArray(), Is.EqualTo(new[] { float.NaN, 2 }));
        Assert.That(table.Weights.ToArray(), Is.EqualTo(new[] { 0.1, 0.2 }));
    }

    [TestCase("x,y\n1,2\n3,oops\n", "Column 'y' on line 3 of t.csv holds 'oops'")]
    [TestCase("x,y\n\"1\",\"2\"\n3\n", "Line 3 of t.csv has 1 cells where the header has 2")]
    [TestCase("x,y\n1,nan\n", "Column 'y' in t.csv has 1 value that is NaN or infinite (at row 0)")]
    [TestCase("x,y\n1,\"2\n", "begins on line 2 of t.csv does not end")]
    [TestCase("x\n1\n", "There is no column 'y' in t.csv")]
    [TestCase("x,y\n", "t.csv has no events")]
    [TestCase("", "t.csv is empty")]
    [TestCase("y,y,x\n1,2,3\n", "Column 'y' occurs twice")]
    public void A_fault_is_told_with_its_line(string text, string expected) =>
        Assert.That(() => Read(text, ["x", "y"]), Throws.TypeOf<DataException>().With.Message.Contains(expected));

    private static EventTable Read(string text, string[]? columns, EventReadOptions? options = null)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["t.csv"], text);
        return CsvEventReader.Read(folder["t.csv"], columns, options);
    }
}
