using System.IO.Compression;

namespace Gbi.Tests.Fuzz;

/// <summary>Changes of a zip archive's entries, with checksums that are right again.</summary>
internal static class ArchiveMutations
{
    private const int Bomb = 64_000_000;

    /// <summary>One or two changes: an entry's content, its name, its absence, a second one, an empty one or a very long one.</summary>
    public static byte[] Mutate(byte[] clean, Random random)
    {
        List<(string Name, byte[] Content)> entries = Read(clean);
        for (int left = random.Next(1, 3); left > 0 && entries.Count > 0; left--)
        {
            int at = random.Next(entries.Count);
            (string name, byte[] content) = entries[at];
            switch (random.Next(9))
            {
                case 0:
                    entries.RemoveAt(at);
                    break;
                case 1:
                    entries.Insert(at, (name, content));
                    break;
                case 2:
                    entries[at] = (name, []);
                    break;
                case 3:
                    entries[at] = ($"../{name}", content);
                    break;
                case 4:
                    entries[at] = (name, new byte[Bomb]);
                    break;
                case 5:
                    entries[at] = (name, entries[random.Next(entries.Count)].Content);
                    break;
                default:
                    entries[at] = (name, ByteMutations.Mutate(content, random, entries[random.Next(entries.Count)].Content));
                    break;
            }
        }

        return Write(entries);
    }

    /// <summary>Where the compressed contents lie, which checksums cover.</summary>
    public static bool IsWithinContents(byte[] clean, int at)
    {
        // Local headers: signature, 26 bytes, then the lengths of the name and of further fields.
        for (int header = 0; BitConverter.ToUInt32(clean, header) == 0x04034b50;)
        {
            int size = BitConverter.ToInt32(clean, header + 18);
            int start = header + 30 + BitConverter.ToUInt16(clean, header + 26) + BitConverter.ToUInt16(clean, header + 28);
            if (size <= 0)
            {
                return false;
            }

            if (at >= start && at < start + size)
            {
                return true;
            }

            header = start + size;
        }

        return false;
    }

    private static List<(string Name, byte[] Content)> Read(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Select(entry =>
        {
            using var content = new MemoryStream();
            using Stream stream = entry.Open();
            stream.CopyTo(content);
            return (entry.FullName, content.ToArray());
        })];
    }

    private static byte[] Write(List<(string Name, byte[] Content)> entries)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }
}
