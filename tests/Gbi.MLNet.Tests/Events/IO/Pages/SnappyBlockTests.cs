using Gbi.Events.IO.Pages;

namespace Gbi.Tests.Events.IO.Pages;

/// <summary>Blocks of Snappy are what they declare.</summary>
[TestFixture]
internal sealed class SnappyBlockTests
{
    private const int Snappy = 1;

    [TestCase(0), TestCase(1), TestCase(59), TestCase(61), TestCase(300), TestCase(70_000), TestCase(1_000_000)]
    public void The_length_is_that_of_the_content(int length)
    {
        var random = new Random(length);
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)(i / 1000 % 2 == 0 ? random.Next(256) : i % 7))];
        Assert.That(SnappyBlock.LengthOf(Snappier.Snappy.CompressToArray(content)), Is.EqualTo(length));
    }

    // Four bytes are declared: one as it is, then a copy of 4 bytes (5 in all), of what is before the block, and with a byte missing.
    [TestCase("0400610101", 5)]
    [TestCase("0400610102", -1)]
    [TestCase("0400610100", -1)]
    [TestCase("04006101", -1)]
    [TestCase("040C6162", -1)]
    public void A_block_that_is_another_than_it_declares_is_damaged(string block, int length)
    {
        byte[] bytes = Convert.FromHexString(block);
        Assert.That(SnappyBlock.LengthOf(bytes), Is.EqualTo(length));
        using var codec = new PageCodec(Snappy);
        Assert.That(() => codec.Decompress(bytes, 4), Throws.TypeOf<InvalidDataException>());
    }
}
