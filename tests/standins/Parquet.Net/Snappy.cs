using System.Buffers.Binary;

namespace Parquet.Codecs;

/// <summary>The raw Snappy block format (google/snappy, format_description.txt).</summary>
internal static class Snappy
{
    private const int HashBits = 14;

    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int read = 0;
        if (ReadLength(source, ref read) != (uint)target.Length) throw Malformed("its declared length is not the page's");
        int written = 0;
        while (read < source.Length)
        {
            int tag = source[read++];
            if ((tag & 3) == 0)
            {
                int length = (tag >> 2) + 1;
                if (length > 60)
                {
                    int bytes = length - 60;
                    if (source.Length - read < bytes) throw Malformed("a literal is cut short");
                    uint wide = 0;
                    for (int i = 0; i < bytes; i++) wide |= (uint)source[read++] << (8 * i);
                    if (wide >= int.MaxValue) throw Malformed("a literal is too long");
                    length = (int)wide + 1;
                }

                if (length > source.Length - read || length > target.Length - written) throw Malformed("a literal is cut short");
                source.Slice(read, length).CopyTo(target[written..]);
                read += length;
                written += length;
                continue;
            }

            int extra = (tag & 3) switch { 1 => 1, 2 => 2, _ => 4 };
            if (source.Length - read < extra) throw Malformed("a copy is cut short");
            int count = (tag & 3) == 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
            uint offset = extra switch
            {
                1 => (uint)((tag >> 5) << 8 | source[read]),
                2 => BinaryPrimitives.ReadUInt16LittleEndian(source[read..]),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(source[read..]),
            };
            read += extra;
            if (offset == 0 || offset > (uint)written || count > target.Length - written) throw Malformed("a copy points outside the page");
            CopyWithin(target, written, (int)offset, count);
            written += count;
        }

        if (written != target.Length) throw Malformed("it ends before the page is full");
    }

    public static byte[] Compress(ReadOnlySpan<byte> source)
    {
        byte[] target = new byte[checked(32 + source.Length + source.Length / 6)];
        int written = 0;
        for (uint rest = (uint)source.Length; ; rest >>= 7)
        {
            target[written++] = (byte)(rest > 127 ? rest | 128 : rest);
            if (rest <= 127) break;
        }

        int[] lastSeen = new int[1 << HashBits];
        int literalStart = 0, at = 0, missed = 0;
        while (at + 4 <= source.Length)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
            uint slot = (word * 0x1E35A7BDu) >> (32 - HashBits);
            int candidate = lastSeen[slot] - 1;
            lastSeen[slot] = at + 1;
            if (candidate < 0 || at - candidate > ushort.MaxValue || BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != word)
            {
                at += 1 + (missed++ >> 5);   // Longer steps where nothing repeats: random data costs little.
                continue;
            }

            missed = 0;
            int length = 4 + source[(at + 4)..].CommonPrefixLength(source[(candidate + 4)..]);
            written = WriteLiteral(source[literalStart..at], target, written);
            written = WriteCopies(at - candidate, length, target, written);
            at += length;
            literalStart = at;
        }

        written = WriteLiteral(source[literalStart..], target, written);
        return target[..written];
    }

    private static uint ReadLength(ReadOnlySpan<byte> source, ref int read)
    {
        uint length = 0;
        for (int shift = 0; shift < 35 && read < source.Length; shift += 7)
        {
            byte b = source[read++];
            length |= (uint)(b & 127) << shift;
            if (b < 128) return length;
        }

        throw Malformed("its length is cut short");
    }

    private static void CopyWithin(Span<byte> target, int at, int offset, int count)
    {
        if (offset >= count)
        {
            target.Slice(at - offset, count).CopyTo(target[at..]);
            return;
        }

        for (int i = 0; i < count; i++) target[at + i] = target[at + i - offset];   // Overlapping: repeats the last bytes.
    }

    private static int WriteLiteral(ReadOnlySpan<byte> literal, byte[] target, int written)
    {
        if (literal.IsEmpty) return written;
        int last = literal.Length - 1;
        if (last < 60)
        {
            target[written++] = (byte)(last << 2);
        }
        else
        {
            int bytes = last < 1 << 8 ? 1 : last < 1 << 16 ? 2 : last < 1 << 24 ? 3 : 4;
            target[written++] = (byte)((59 + bytes) << 2);
            for (int i = 0; i < bytes; i++) target[written++] = (byte)(last >> (8 * i));
        }

        literal.CopyTo(target.AsSpan(written));
        return written + literal.Length;
    }

    private static int WriteCopies(int offset, int length, byte[] target, int written)
    {
        while (length > 0)
        {
            int count = Math.Min(length, 64);
            target[written++] = (byte)((count - 1) << 2 | 2);
            BinaryPrimitives.WriteUInt16LittleEndian(target.AsSpan(written), (ushort)offset);
            written += 2;
            length -= count;
        }

        return written;
    }

    private static ParquetException Malformed(string why) => new($"Malformed Snappy data: {why}.");
}
