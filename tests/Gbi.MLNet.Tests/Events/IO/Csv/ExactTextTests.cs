using Gbi.Events.IO.Csv;

namespace Gbi.Tests.Events.IO.Csv;

/// <summary>Text holds the values of a Parquet file with all of their digits.</summary>
[TestFixture]
internal sealed class ExactTextTests
{
    [Test]
    public void Every_flat_type_is_written_so_that_it_reads_back_the_same()
    {
        using var folder = new ScratchFolder();
        AllTypesFile.Write(folder["in.parquet"], groups: 1);

        // Parquet.Net writes 1934-02-28 12:00 as the day that comes next.
        List<string> leftOut = [];
        long rows = ParquetToCsv.Convert(folder["in.parquet"], folder["out.csv"], leftOut: column => leftOut.Add(column.Name));
        Assert.That(rows, Is.EqualTo(3));
        Assert.That(File.ReadAllLines(folder["out.csv"]), Is.EqualTo(new[]
        {
            "f,b,i8,u8,i16,u16,i,u32,l,u64,d,text,price,id,impala,day,millis,local",
            "0,1,-128,0,-32768,0,7,0,-9223372036854775808,0,1.5,,1.234,00000000-0000-0000-0000-000000000000,"
                + "2024-02-29T12:00:00.125Z,2024-02-29,2024-02-29T12:00:00.125Z,2024-02-29T12:00:00.125",
            "1.25,0,0,1,0,1,,1,0,1,,,-99999999999.001,00112233-4455-6677-8899-aabbccddeeff,"
                + "1934-02-28T12:00:00.125Z,1934-03-01,1934-02-28T12:00:00.125Z,1934-02-28T12:00:00.125",
            "-3,1,127,255,32767,65535,-7,4294967295,9223372036854775807,18446744073709551615,-2.5,\"Größe, \"\"x\"\"\",0.000,"
                + "ffffffff-ffff-ffff-ffff-ffffffffffff,1970-01-01T00:00:00Z,1970-01-01,1970-01-01T00:00:00Z,1970-01-01T00:00:00",
        }));
        Assert.That(leftOut, Is.EqualTo(new[] { "bytes" }));
    }

    [Test]
    public void Event_numbers_digits_and_words_survive_text_and_back()
    {
        using var folder = new ScratchFolder();
        string text = "event,x,word,large\n9007199254740993,0.30000000000000004,a b,18446744073709551615\n-1,1.7976931348623157E+308,,0\n";
        File.WriteAllText(folder["a.csv"], text);
        CsvToParquet.Convert(folder["a.csv"], folder["a.parquet"]);
        ParquetToCsv.Convert(folder["a.parquet"], folder["b.csv"]);
        Assert.That(File.ReadAllText(folder["b.csv"]), Is.EqualTo(text));
    }

    [Test]
    public void A_number_larger_than_any_double_is_refused_and_rounded_integers_are_named()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["a.csv"], "x\n1\n1e400\n");
        Assert.That(
            () => CsvToParquet.Convert(folder["a.csv"], folder["a.parquet"]),
            Throws.TypeOf<Gbi.Events.DataException>().With.Message.Contains(
                "Column 'x' on line 3 of a.csv holds '1e400', larger than any double"));
        File.WriteAllText(folder["b.csv"], "x,y,z\n9007199254740993,36893488147419103233,0.1\n0.5,1,2\n");
        List<string> remarks = [];
        CsvToParquet.Convert(folder["b.csv"], folder["b.parquet"], remark: remarks.Add);
        Assert.That(remarks, Is.EqualTo(new[]
        {
            "Column 'x' is written as double, which does not hold all digits of '9007199254740993' on line 2 of b.csv.",
            "Column 'y' is written as double, which does not hold all digits of '36893488147419103233' on line 2 of b.csv.",
        }));
    }

    [Test]
    public void Blanks_and_marks_of_comments_in_words_survive_text_and_back()
    {
        using var folder = new ScratchFolder();
        string text = "word,n\n\" a \",1\n\"#b\",2\n\"c\nd\",3\n";
        File.WriteAllText(folder["a.csv"], text);
        CsvToParquet.Convert(folder["a.csv"], folder["a.parquet"]);
        ParquetToCsv.Convert(folder["a.parquet"], folder["b.csv"]);
        Assert.That(File.ReadAllText(folder["b.csv"]), Is.EqualTo(text));
    }

    [Test]
    public void A_column_of_numbers_with_a_word_is_kept_as_text_and_named()
    {
        using var folder = new ScratchFolder();
        string text = "x,y,z\n1.5,1,p\nn/a,2,q\n2.5,3,r\n";
        File.WriteAllText(folder["a.csv"], text);
        List<string> remarks = [];
        CsvToParquet.Convert(folder["a.csv"], folder["a.parquet"], remark: remarks.Add);
        Assert.That(remarks, Is.EqualTo(new[]
        {
            "Column 'x' is written as text: 'n/a' on line 3 of a.csv is no number (1 such among 3 cells).",
        }));
        ParquetToCsv.Convert(folder["a.parquet"], folder["b.csv"]);
        Assert.That(File.ReadAllText(folder["b.csv"]), Is.EqualTo(text));
    }
}
