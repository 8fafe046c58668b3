using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Pages;
using Parquet;

namespace Gbi.Tests.Events.IO.Pages;

/// <summary>One flipped bit in a page. The larger version is `benchmarks parquet-flips`.</summary>
[TestFixture]
internal sealed class FlippedBitTests
{
    [Test]
    public void With_a_checksum_of_the_codec_no_number_is_wrong()
    {
        using var folder = new ScratchFolder();
        FlippedBits.Write(folder["clean.parquet"], CompressionMethod.Gzip, EncodingHint.Default);
        Assert.That(Flip(folder, each: 41, onlyHeaders: false), Is.Zero);
    }

    [TestCase("plain-dict-uncompressed-checksum.parquet", "long_field")]
    [TestCase("rle-dict-snappy-checksum.parquet", "long_field")]
    public void With_a_checksum_of_the_page_no_number_is_wrong(string file, string column)
    {
        using var folder = new ScratchFolder();
        File.Copy(SharedData.Path($"parquet/{file}"), folder["clean.parquet"]);
        Assert.That(Flip(folder, each: 7, onlyHeaders: false, column), Is.Zero);
    }

    [TestCase(CompressionMethod.None, EncodingHint.Default)]
    [TestCase(CompressionMethod.None, EncodingHint.ByteSplitStream)]
    [TestCase(CompressionMethod.Snappy, EncodingHint.Dictionary)]
    [TestCase(CompressionMethod.Zstd, EncodingHint.DeltaBinaryPacked)]
    [TestCase(CompressionMethod.Lz4Raw, EncodingHint.Default)]
    [TestCase(CompressionMethod.Brotli, EncodingHint.Default)]
    public void A_changed_header_gives_no_wrong_number(CompressionMethod compression, EncodingHint encoding)
    {
        using var folder = new ScratchFolder();
        FlippedBits.Write(folder["clean.parquet"], compression, encoding);
        Assert.That(Flip(folder, each: 5, onlyHeaders: true), Is.Zero);
    }

    /// <summary>Flips bits of the pages of each column and counts the files that are read as other numbers.</summary>
    private static int Flip(ScratchFolder folder, int each, bool onlyHeaders, params string[] columns)
    {
        int wrong = 0;
        foreach (string column in columns.Length > 0 ? columns : FlippedBits.Columns)
        {
            float[] clean = Read(folder["clean.parquet"], column)!;
            byte[] whole = File.ReadAllBytes(folder["clean.parquet"]);
            (int start, int length) = FlippedBits.Pages(folder["clean.parquet"], column);
            if (onlyHeaders)
            {
                PageHeader.Read(whole.AsSpan(start, length), out length);
            }

            for (int bit = 8 * start; bit < 8 * (start + length); bit += each)
            {
                whole[bit / 8] ^= (byte)(1 << (bit % 8));
                File.WriteAllBytes(folder["flipped.parquet"], whole);
                whole[bit / 8] ^= (byte)(1 << (bit % 8));
                if (Read(folder["flipped.parquet"], column) is { } read && !read.AsSpan().SequenceEqual(clean))
                {
                    TestContext.Out.WriteLine($"{column}: bit {bit % 8} of byte {(bit / 8) - start}");
                    wrong++;
                }
            }
        }

        return wrong;
    }

    /// <summary>The values of a column; null where the file is refused, with a sentence that names it.</summary>
    private static float[]? Read(string path, string column)
    {
        try
        {
            return new ParquetEventReader(path)
                .Read([column], new EventReadOptions { Threads = 1, MissingValue = double.NaN })[column].ToArray();
        }
        catch (DataException refused)
        {
            Assert.That(refused.Message, Does.Contain(Path.GetFileName(path)).And.Contain(column));
            return null;
        }
    }
}
