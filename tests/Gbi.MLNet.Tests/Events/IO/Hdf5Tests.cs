using System.IO.Compression;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Appending;
using Gbi.Tests.Cli;
using PureHDF;

namespace Gbi.Tests.Events.IO;

/// <summary>Tables of HDF5 files, by PureHDF and, as small files in the text here, by h5py 3.7.</summary>
[TestFixture]
internal sealed class Hdf5Tests
{
    // A dataset of structures: x '>f4', event '>i8', w '<f8', name 'S5', v '<f4' (2,), flag '?', long '<f16'; three rows.
    private const string Structures =
        "H4sIAAAAAAACA+v0cHHj5ZLiYubgYICB/1AwDSpkABW/ZjfVw9/DJYhJQe0abzYyrmASQtYIA1xMDIwMDGyCDECKLbUsNa+k+DDMEmcGaoALKTpBYCcxMjAyijAw"
        + "MDEyMjJD5eD0HgZGM3YGBiMgu4KBQVBRnoEFLKHAIM7BIF4PZIHdxsAiwMnAAPGzA0M5A4+ggj2ca8LNYPIfaGJeYm4qg4gw0FusQPEyBkkrBogeRiYgIaiAaXZa"
        + "TmI6g6IFEygQGBgEOCA0SJObo0+wK0NIUKgrUCwnPy+dQUmQwZ9BACwdwODAz+Dw3x5oETAUmbk4gCHMwgh1D8M0WAAgYo2hwfPtHYZRMApGwSgYBaOAGGAPqaxA"
        + "gHHWTBDYaZ8IrU9Acg6MGDoOwHUwQXSctE9KglSTDkBdDhh2HEDYwWwMBpftD+8B8xcAVR/AtAMAy/AtYZYIAAA=";

    // x = 0 … 7, compressed by LZF, which is a filter of h5py.
    private const string Lzf =
        "H4sIAAAAAAACA+v0cHHj5ZLiYubgYICB/1CgBBUygIoviXtf6+/hEsSkoHaNNxsZVzAJIWuEAS4mBkYGBjYeBiDFWHEYZr4HA9XAIp8DsmAnAS1gFGFgYGJkZIR5"
        + "BEYzizAwCirYQ/kODCbcDCb/mRkYWIGuY2bmlmJgBOquZQG6kZkhpyqNgQWoipURpBJohgwDAwsTExMjBwejErLFMMM7GAYNkLXrfMowCkbBKBgFo2AUEAOA9dwD"
        + "ZgbGD/YLeBkcGtgZOBawMwgAsQgQSyxgZ5RxAABirbgmIggAAA==";

    private ScratchFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Datasets_of_a_group_are_columns_with_all_their_digits()
    {
        new H5File
        {
            ["d"] = new[] { 0.1, 1.7976931348623157E+308, -3 },
            ["event"] = new[] { long.MaxValue, 9_007_199_254_740_993, -1 },
            ["f"] = new float[] { 0.1f, 2, 3 },
            ["half"] = new[] { (Half)0.5, (Half)2, (Half)(-1) },
            ["i8"] = new sbyte[] { -128, 0, 127 },
            ["m"] = new int[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } },
            ["other"] = new double[] { 1, 2 },
            ["t"] = new[] { "a,b", "", "Größe" },
            ["u64"] = new ulong[] { ulong.MaxValue, 0, 1 },
            ["cube"] = new double[3, 1, 2],
        }.Write(_folder["a.h5"]);

        CliRun.Done("convert", _folder["a.h5"], "--out", _folder["a.parquet"]);
        (long rows, IReadOnlyList<ParquetColumn> leftOut) = ColumnAppender.Copy(_folder["a.h5"], _folder["a.csv"]);
        Assert.That(rows, Is.EqualTo(3));
        Assert.That(new ParquetEventReader(_folder["a.parquet"]).Read(["f"])["f"].ToArray(), Is.EqualTo(new float[] { 0.1f, 2, 3 }));
        Assert.That(File.ReadAllLines(_folder["a.csv"]), Is.EqualTo(new[]
        {
            "d,event,f,half,i8,m_0,m_1,t,u64", "0.1,9223372036854775807,0.1,0.5,-128,1,2,\"a,b\",18446744073709551615",
            "1.7976931348623157E+308,9007199254740993,2,2,0,3,4,,0", "-3,-1,3,-1,127,5,6,Größe,1",
        }));
        Assert.That(
            leftOut.Select(column => (column.Name, column.TypeName)),
            Is.EqualTo(new[] { ("cube", "array of 3 dimensions"), ("other", "array of 2 rows") }));
        EventTable table = new ParquetEventReader(_folder["a.h5"]).Read(["m_1", "f"]);
        Assert.That(table["m_1"].ToArray(), Is.EqualTo(new float[] { 2, 4, 6 }));
    }

    [Test]
    public void A_structured_table_has_a_column_for_each_member_in_either_order_of_bytes()
    {
        Unpack(Structures, "s.h5");
        (_, IReadOnlyList<ParquetColumn> leftOut) = ColumnAppender.Copy(_folder["s.h5"], _folder["s.csv"]);
        Assert.That(File.ReadAllLines(_folder["s.csv"]), Is.EqualTo(new[]
        {
            "x,event,w,name,v_0,v_1,flag", "0.5,9007199254740993,0.1,a,1,2,1", "1.5,9007199254740994,0.2,bb,3,4,0",
            "-2,9007199254740995,0.3,ü,5,6,1",
        }));
        Assert.That(leftOut.Select(column => column.Name), Is.EqualTo(new[] { "long" }));
    }

    [Test]
    public void A_matrix_alone_has_numbered_columns_and_many_rows_have_row_groups()
    {
        float[,] matrix = new float[150_000, 2];
        for (int row = 0; row < matrix.GetLength(0); row++)
        {
            (matrix[row, 0], matrix[row, 1]) = (row, -row);
        }

        new H5File { ["g"] = new H5Group { ["m"] = new H5Dataset(matrix, chunks: [10_000, 2]) } }.Write(_folder["m.h5"]);
        var reader = new ParquetEventReader(_folder["m.h5"]);
        Assert.That(reader.RowCounts, Has.Count.EqualTo(3));
        EventTable table = reader.Read(["column_0", "column_1"]);
        Assert.That(table["column_0"].ToArray(), Is.EqualTo(Enumerable.Range(0, 150_000).Select(row => (float)row)));
        Assert.That(table["column_1"][149_999], Is.EqualTo(-149_999f));
    }

    [Test]
    public void One_of_several_tables_is_named_after_a_colon()
    {
        new H5File
        {
            ["a"] = new H5Group { ["x"] = new[] { 1.0, 2 } },
            ["b"] = new H5Group { ["x"] = new[] { 3.0 } },
        }.Write(_folder["t.h5"]);
        Assert.That(new ParquetEventReader(_folder["t.h5:b"]).Read(["x"])["x"].ToArray(), Is.EqualTo(new[] { 3f }));
        Assert.That(
            () => new ParquetEventReader(_folder["t.h5"]),
            Throws.TypeOf<DataException>().With.Message.EqualTo("t.h5 has 2 tables, a, b; name one, such as t.h5:a."));
        Assert.That(
            () => new ParquetEventReader(_folder["t.h5:c"]),
            Throws.TypeOf<DataException>().With.Message.EqualTo("t.h5 has no table 'c'; it has a, b."));
    }

    [Test]
    public void What_cannot_be_read_is_a_sentence()
    {
        Unpack(Lzf, "lzf.h5");
        Assert.That(
            () => new ParquetEventReader(_folder["lzf.h5"]).Read(["x"]),
            Throws.TypeOf<DataException>().With.Message.Contains("Could not find filter 'lzf'").And.Message.Contains("with gzip"));
        new H5File { ["s"] = 3.0 }.Write(_folder["scalar.h5"]);
        Assert.That(
            () => new ParquetEventReader(_folder["scalar.h5"]), Throws.TypeOf<DataException>().With.Message.Contains("has no table"));
        byte[] cut = File.ReadAllBytes(_folder["lzf.h5"])[..200];
        File.WriteAllBytes(_folder["cut.h5"], cut);
        Assert.That(
            () => new ParquetEventReader(_folder["cut.h5"]),
            Throws.TypeOf<DataException>().With.Message.StartsWith("cut.h5 cannot be read as an HDF5 file"));
        File.WriteAllBytes(_folder["a.root"], "root\0\0\0\0\0\0\0\0\0\0\0\0"u8);
        Assert.That(
            () => new ParquetEventReader(_folder["a.root"]),
            Throws.TypeOf<DataException>().With.Message.Contains(
                "uproot.open(\"a.root\")[\"TREE\"].arrays(library=\"pd\").to_parquet(\"a.parquet\")"));
    }

    private void Unpack(string text, string name)
    {
        using var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using FileStream file = File.Create(_folder[name]);
        packed.CopyTo(file);
    }
}
