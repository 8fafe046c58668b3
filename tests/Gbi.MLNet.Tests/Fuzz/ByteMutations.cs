using System.Buffers.Binary;

namespace Gbi.Tests.Fuzz;

/// <summary>Changes of bytes that know nothing of the format.</summary>
internal static class ByteMutations
{
    private static readonly long[] Extremes =
        [0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1 << 28];

    /// <summary>One to three changes: bits, ends, lengths, pieces of the same or of another file.</summary>
    public static byte[] Mutate(byte[] clean, Random random, byte[] other)
    {
        byte[] bytes = clean;
        for (int left = random.Next(1, 4); left > 0 && bytes.Length > 0; left--)
        {
            bytes = random.Next(7) switch
            {
                0 or 1 => FlipBits(bytes, random),
                2 => bytes[..random.Next(bytes.Length)],
                3 => WriteExtreme(bytes, random),
                4 => Splice(bytes, random, other),
                5 => Splice(bytes, random, bytes),
                _ => Remove(bytes, random),
            };
        }

        return bytes;
    }

    /// <summary>One to three flipped bits: the length stays.</summary>
    public static byte[] FlipBits(byte[] clean, Random random)
    {
        byte[] bytes = [.. clean];
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    /// <summary>A number that a length or a count may be, in one, two, four or eight bytes of either order.</summary>
    private static byte[] WriteExtreme(byte[] clean, Random random)
    {
        byte[] bytes = [.. clean];
        byte[] number = new byte[8];
        long extreme = Extremes[random.Next(Extremes.Length)];
        if (random.Next(4) == 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, extreme);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, extreme);
        }

        int size = Math.Min(1 << random.Next(4), bytes.Length);
        number.AsSpan(0, size).CopyTo(bytes.AsSpan(random.Next(bytes.Length - size + 1)));
        return bytes;
    }

    /// <summary>A piece of a file in place of a piece, or between.</summary>
    private static byte[] Splice(byte[] bytes, Random random, byte[] other)
    {
        (int start, int end) = Piece(other.Length, random);
        int at = random.Next(bytes.Length + 1);
        int replaced = random.Next(2) == 0 ? 0 : Math.Min(end - start, bytes.Length - at);
        return [.. bytes[..at], .. other[start..end], .. bytes[(at + replaced)..]];
    }

    private static byte[] Remove(byte[] bytes, Random random)
    {
        (int start, int end) = Piece(bytes.Length, random);
        return [.. bytes[..start], .. bytes[end..]];
    }

    private static (int Start, int End) Piece(int length, Random random)
    {
        int start = random.Next(length + 1);
        return (start, start + random.Next(Math.Min(length - start, 1 << random.Next(12)) + 1));
    }
}
