using System.Globalization;
using System.IO.Compression;
using System.Text;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Csv;

namespace Gbi.Tests.Events.IO.Csv;

/// <summary>Text files as other programs write them: separators, line ends, compression, headers.</summary>
[TestFixture]
internal sealed class CsvFormatTests
{
    [TestCase("x,y\n1.5,2\n2.5,3\n", TestName = "Commas")]
    [TestCase("x;y\r\n1.5;2\r\n2.5;3", TestName = "Semicolons_and_CR_LF")]
    [TestCase("x\ty\r1.5\t2\r2.5\t3", TestName = "Tabs_and_CR")]
    [TestCase("x|y\n1.5|2\n2.5|3\n", TestName = "Vertical_bars")]
    [TestCase("x y\n1.5 2\n2.5 3\n", TestName = "Spaces_between_numbers")]
    [TestCase("\uFEFFx, y\n1.5, 2\n\n2.5, 3\n\n", TestName = "A_byte_order_mark_spaces_and_empty_lines")]
    [TestCase("\"x\", \"y\"\n\"1.5\", \"2\"\n\" 2.5 \",3\n", TestName = "Quoted_names_and_numbers")]
    [TestCase("# made by \"a\n#x,y,z\nx,y\n1.5,2\n#9,9\n# \" \n2.5,3\n# end", TestName = "Comments")]
    [TestCase("# one\r\n# two\r\nx\ty\r\n1.5\t2\r\n#9\t9\r\n2.5\t3\r\n", TestName = "Comments_and_CR_LF")]
    [TestCase("x;y;\"a;b,c\"\n1.5;2;\"p;\nq\"\n2.5;3;\"\"\n", TestName = "Separators_and_line_ends_within_quotation_marks")]
    public void The_separator_and_the_line_ends_are_found(string text)
    {
        EventTable table = Read(Encoding.UTF8.GetBytes(text), ["x", "y"]);
        Assert.That(table["x"].ToArray(), Is.EqualTo(new[] { 1.5f, 2.5f }));
        Assert.That(table["y"].ToArray(), Is.EqualTo(new[] { 2f, 3f }));
    }

    [Test]
    public void A_header_of_one_column_may_be_several_words() =>
        Assert.That(Read("dijet mass [GeV]\n1.5\n2.5\n"u8, null).ColumnNames, Is.EqualTo(new[] { "dijet mass [GeV]" }));

    [Test]
    public void Gzip_is_recognised_by_its_bytes_and_read_whole()
    {
        var text = new StringBuilder("x;y\n");
        for (int i = 0; i < 100_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i};{i / 8.0}\n");
        }

        byte[] packed = Gzip(text.ToString());
        EventTable table = Read(packed, null);
        Assert.That(table.Count, Is.EqualTo(100_000));
        Assert.That(table["y"][99_999], Is.EqualTo(99_999 / 8f));

        // A part, and one flipped bit.
        byte[] damaged = [.. packed];
        damaged[packed.Length / 2] ^= 1;
        Assert.That(
            () => Read(packed.AsSpan(0, packed.Length / 2), null),
            Throws.TypeOf<DataException>().With.Message.Contains("is damaged"));
        Assert.That(() => Read(damaged, null), Throws.TypeOf<DataException>());
    }

    [TestCase("1.5,2\n2.5,3\n", "The first line of t.csv holds only numbers (1.5, 2); add a line above it that names the columns.")]
    [TestCase("x,x\n1,2\n", "Column 'x' occurs twice in the header of t.csv")]
    [TestCase(",x\n0,1.5\n", "Column 1 of t.csv has no name in the header")]
    [TestCase("x;y\n1,5;2\n", "Column 'x' on line 2 of t.csv holds '1,5' with a decimal comma; write numbers with a decimal point.")]
    [TestCase("x,y\n\"1,500\",2\n", "Column 'x' on line 2 of t.csv holds '1,500' with a decimal comma;")]
    [TestCase("# x y\n1 2\n3 4\n", "the comment above it, 'x y', may name the columns: remove its #")]
    [TestCase("t,y\n#a,1\nb,2\n", "Line 2 of t.csv begins with #, as a comment, and has the 2 cells of an event;")]
    [TestCase("# c\n\nx,y\n# c\n1,\"3,5\"\n", "on line 5 of t.csv holds '3,5' with a decimal comma")]
    [TestCase("x  y\n1  2\n", "The columns of t.csv are separated by several spaces;")]
    [TestCase("  x y\n 1.5 -2\n", "The columns of t.csv are separated by several spaces;")]
    [TestCase("x\0\n1\n", "t.csv is not a text file")]
    [TestCase("\"x,y\n1,2\n", "A quoted cell in the header of t.csv does not end")]
    public void What_cannot_be_read_whole_is_refused_with_the_remedy(string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.That(() => Read(bytes, null), Throws.TypeOf<DataException>().With.Message.Contains(expected));
        Assert.That(() => Copy(bytes), Throws.TypeOf<DataException>().With.Message.Contains(expected));
    }

    [Test]
    public void An_unnamed_column_does_not_hinder_reading_the_others() =>
        Assert.That(Read(",x\n0,1.5\n1,2.5\n"u8, ["x"])["x"].ToArray(), Is.EqualTo(new[] { 1.5f, 2.5f }));

    [Test]
    public void Infinite_values_are_numbers_which_events_may_not_have()
    {
        byte[] text = "x,y\n1.5,inf\n-inf,3\n1,Infinity\n"u8.ToArray();
        Assert.That(
            () => Read(text, null),
            Throws.TypeOf<DataException>().With.Message.Contains("Column 'x' in t.csv has 1 value that is NaN or infinite (at row 1)"));
        Assert.That(Copy(text).Select(column => (column.Name, column.IsNumeric)), Is.EqualTo(new[] { ("x", true), ("y", true) }));
    }

    [Test]
    public void A_copy_has_a_type_for_each_column()
    {
        byte[] text = "i;f;t\n1;1;a\n;2.5;\n-3;;1,5\n"u8.ToArray();
        Assert.That(Copy(text).Select(column => column.IsNumeric), Is.EqualTo(new[] { true, true, false }));
    }

    [Test]
    public void Numbers_are_rounded_to_the_nearest_as_the_framework_does()
    {
        // Halfway cases of single and double precision, the ends of the range, and random bits.
        List<string> numbers =
        [
            "16777217", "33554435e-1", "1.00000005960464477539", "1.000000059604644775390626", "9007199254740993",
            "2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623158e308", "3.4028235677973366e38",
            "1.401298464324817e-45", "7.006492321624085e-46", "+5", ".5", "5.", "-0", "1e-400",
        ];
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            double number = Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64()));
            float single = (float)random.NextDouble();
            number = double.IsFinite(number) ? number : 1;
            numbers.Add(number.ToString(i % 2 == 0 ? "R" : "E19", CultureInfo.InvariantCulture));
            numbers.Add(((single + (double)MathF.BitIncrement(single)) / 2).ToString("F40", CultureInfo.InvariantCulture));
        }

        double[] expected = [.. numbers.Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        IEnumerable<string> lines = numbers.Select((number, i) => $"{(float.IsFinite((float)expected[i]) ? number : "1")},{number}\n");
        byte[] text = Encoding.UTF8.GetBytes("x,w\n" + string.Concat(lines));
        EventTable table = Read(text, null, new EventReadOptions { WeightColumn = "w" });

        Assert.That(table.Weights.ToArray(), Is.EqualTo(expected));
        Assert.That(table["x"].ToArray(), Is.EqualTo(expected.Select(number => float.IsFinite((float)number) ? (float)number : 1)));
    }

    [Test]
    public void A_missing_value_of_a_single_column_survives_text()
    {
        using var folder = new ScratchFolder();
        var table = EventTable.FromColumns(("x", [1, float.NaN, 3, float.NaN]));
        ParquetEventWriter.Write(folder["in.parquet"], table);
        foreach (string name in new[] { "t.csv", "t.csv.gz", "t.tsv" })
        {
            ParquetToCsv.Convert(folder["in.parquet"], folder[name]);
            Assert.That(CsvEventReader.Read(folder[name])["x"].ToArray(), Is.EqualTo(table["x"].ToArray()), name);
        }

        Assert.That(File.ReadAllBytes(folder["t.csv.gz"])[..2], Is.EqualTo(new byte[] { 0x1F, 0x8B }));
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            packed.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private static EventTable Read(ReadOnlySpan<byte> text, string[]? columns, EventReadOptions? options = null)
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["t.csv"], text);
        return CsvEventReader.Read(folder["t.csv"], columns, options);
    }

    private static IReadOnlyList<ParquetColumn> Copy(ReadOnlySpan<byte> text)
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["t.csv"], text);
        CsvToParquet.Convert(folder["t.csv"], folder["t.parquet"]);
        return [.. new ParquetEventReader(folder["t.parquet"]).Columns];
    }
}
