using System.IO.Compression;
using Gbi.Pipeline.Persistence;

namespace Gbi.Tests.Pipeline.Persistence;

/// <summary>Archives with the same bytes whenever, and by however many threads, they were written.</summary>
public sealed class ModelArchiveTests
{
    // What two columns of three rows in blocks of two rows are in ML.NET's binary format, but for the contents of the blocks.
    private const int HeaderSize = 256;
    private static readonly (int Column, int Row, byte[] Data)[] Blocks =
        [(0, 0, [1, 2, 3]), (1, 0, [4]), (0, 1, [5, 6]), (1, 1, [7, 8, 9, 10])];

    [Test]
    public void The_blocks_of_a_table_come_in_the_order_of_rows_and_columns([Range(0, 23)] int permutation)
    {
        byte[] expected = Table([0, 1, 2, 3]);
        byte[] table = Table(Permutation(permutation));
        ModelArchive.OrderBlocks(table);
        Assert.That(table, Is.EqualTo(expected));
    }

    [Test]
    public void The_time_of_day_is_not_in_an_archive()
    {
        byte[] first = Normalized(Archive(new DateTime(2001, 2, 3, 4, 5, 6)));
        byte[] second = Normalized(Archive(new DateTime(2026, 7, 8, 9, 10, 12)));
        Assert.That(second, Is.EqualTo(first));
        using var archive = new ZipArchive(new MemoryStream(first));
        Assert.That(archive.Entries.Select(entry => entry.FullName), Is.EqualTo(new[] { "b/Model.key", "a.txt" }));
        using var reader = new StreamReader(archive.Entries[1].Open());
        Assert.That(reader.ReadToEnd(), Is.EqualTo("contents of a.txt"));
    }

    private static byte[] Normalized(byte[] archive)
    {
        using var target = new MemoryStream();
        ModelArchive.Normalize(new MemoryStream(archive), target);
        return target.ToArray();
    }

    private static byte[] Archive(DateTime time)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in (string[])["b/Model.key", "a.txt"])
            {
                ZipArchiveEntry entry = archive.CreateEntry(name);
                entry.LastWriteTime = time;
                using var writer = new StreamWriter(entry.Open());
                writer.Write($"contents of {name}");
            }
        }

        return stream.ToArray();
    }

    private static byte[] Table(int[] order)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(new byte[HeaderSize]);
        long[] offsets = new long[Blocks.Length];
        foreach (int block in order)
        {
            offsets[block] = stream.Position;
            writer.Write(Blocks[block].Data);
        }

        long lookups = stream.Position;
        for (int column = 0; column < 2; column++)
        {
            foreach (int block in (int[])[column, column + 2])
            {
                writer.Write(offsets[block]);
                writer.Write(Blocks[block].Data.Length);
                writer.Write(100);
            }
        }

        long contents = stream.Position;
        for (int column = 0; column < 2; column++)
        {
            writer.Write($"column {column}");
            writer.Write("TextSpan");
            writer.Write7BitEncodedInt64(2);
            writer.Write((short)-1); // parameters of the type
            writer.Write((byte)1);
            writer.Write7BitEncodedInt64(2); // rows in a block
            writer.Write(lookups + (column * 32));
            writer.Write(0L);
        }

        stream.Position = 0;
        writer.Write("CML\0DVB\0"u8);
        writer.Write(ModelArchive.TableVersion);
        stream.Position = 24;
        writer.Write(contents);
        stream.Position = 40;
        writer.Write(3L); // rows
        writer.Write(2); // columns
        return stream.ToArray();
    }

    private static int[] Permutation(int number)
    {
        List<int> left = [0, 1, 2, 3];
        var order = new List<int>();
        for (int n = 4; n > 0; n--)
        {
            order.Add(left[number % n]);
            left.RemoveAt(number % n);
            number /= n;
        }

        return [.. order];
    }
}
