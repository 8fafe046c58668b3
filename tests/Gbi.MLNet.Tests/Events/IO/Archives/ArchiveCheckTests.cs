using System.IO.Compression;
using Gbi.Events;
using Gbi.Events.IO.Archives;
using Gbi.Pipeline.Persistence;

namespace Gbi.Tests.Events.IO.Archives;

/// <summary>Archives whose bytes are not those that were written.</summary>
public sealed class ArchiveCheckTests
{
    [Test]
    public void After_any_flipped_bit_an_archive_is_refused_or_has_the_same_contents()
    {
        byte[] archive = Archive();
        (string Name, string Contents)[] written = Contents(archive);
        int refused = 0;
        for (int bit = 0; bit < 8 * archive.Length; bit++)
        {
            byte[] damaged = [.. archive];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                ArchiveCheck.Require(new MemoryStream(damaged));
            }
            catch (InvalidDataException)
            {
                refused++;
                continue;
            }

            // A name may have changed: an entry is then not found.
            (string Name, string Contents)[] read = Contents(damaged);
            Assert.That(read.Select(entry => entry.Contents), Is.EqualTo(written.Select(entry => entry.Contents)), $"bit {bit}");
        }

        Assert.That(refused, Is.GreaterThan(archive.Length));
    }

    [Test]
    public void An_archive_that_claims_more_than_it_can_hold_is_refused()
    {
        byte[] archive = Archive();
        int directory = archive.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(archive.AsSpan(directory + 24), 1_000_000_000);
        Assert.That(
            () => ArchiveCheck.Require(new MemoryStream(archive)),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("claims 1,000,000,000 bytes"));
    }

    [Test]
    public void A_model_with_a_flipped_bit_is_refused()
    {
        string path = SharedData.Case("models/zip-one-bit.zip");
        Assert.That(
            () => ModelFile.Load(path),
            Throws.TypeOf<DataException>().With.Message.Contains("DefaultMap.idv' has the checksum 37818034, expected bbfff462"));
    }

    private static byte[] Archive()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            (string, CompressionLevel)[] entries = [("deep/a", CompressionLevel.Optimal), ("b", CompressionLevel.NoCompression)];
            foreach ((string name, CompressionLevel level) in entries)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name, level).Open());
                writer.Write($"The contents of {name}, the contents of {name}.");
            }
        }

        return stream.ToArray();
    }

    private static (string Name, string Contents)[] Contents(byte[] bytes)
    {
        using var archive = new ZipArchive(new MemoryStream(bytes));
        return [.. archive.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return (entry.FullName, reader.ReadToEnd());
        })];
    }
}
