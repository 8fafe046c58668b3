using System.Buffers.Binary;

namespace Parquet.Codecs;

/// <summary>The hybrid of run lengths and bit packing that levels, dictionary indexes and booleans use.</summary>
internal static class RleBitPacked
{
    public static void Decode(ReadOnlySpan<byte> source, int bitWidth, Span<int> target)
    {
        if (bitWidth is < 0 or > 32) throw new ParquetException($"Malformed page: bit width {bitWidth}.");
        int read = 0, done = 0;
        int valueBytes = (bitWidth + 7) / 8;
        while (done < target.Length)
        {
            long header = ReadHeader(source, ref read);
            Span<int> rest = target[done..];
            if ((header & 1) == 0)
            {
                if (source.Length - read < valueBytes) throw Truncated();
                int value = 0;
                for (int i = 0; i < valueBytes; i++) value |= source[read++] << (8 * i);
                int run = (int)Math.Min(header >> 1, rest.Length);
                rest[..run].Fill(value);
                done += run;
                continue;
            }

            long groups = header >> 1;
            int take = (int)Math.Min(groups * 8, rest.Length);
            int needed = (int)(((long)take * bitWidth + 7) / 8);
            if (needed > source.Length - read) throw Truncated();
            Unpack(source[read..], bitWidth, rest[..take]);
            read = (int)Math.Min(read + groups * bitWidth, source.Length);
            done += take;
        }
    }

    /// <summary>Definition levels of a flat optional column: one bit each, length in front.</summary>
    public static void WriteLevels(ReadOnlySpan<int> levels, int present, Stream target)
    {
        var runs = new MemoryStream();
        if (present == levels.Length)
        {
            WriteVarint(runs, (uint)levels.Length << 1);
            runs.WriteByte(1);
        }
        else
        {
            int groups = (levels.Length + 7) / 8;
            byte[] bits = new byte[groups];
            for (int i = 0; i < levels.Length; i++) bits[i >> 3] |= (byte)((levels[i] & 1) << (i & 7));
            WriteVarint(runs, (uint)groups << 1 | 1);
            runs.Write(bits);
        }

        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, (int)runs.Length);
        target.Write(length);
        runs.WriteTo(target);
    }

    private static void Unpack(ReadOnlySpan<byte> source, int bitWidth, Span<int> target)
    {
        if (bitWidth == 0)
        {
            target.Clear();
            return;
        }

        ulong mask = (1UL << bitWidth) - 1;
        long bit = 0;
        int i = 0;
        for (; i < target.Length && (bit >> 3) + 8 <= source.Length; i++, bit += bitWidth)
        {
            ulong window = BinaryPrimitives.ReadUInt64LittleEndian(source[(int)(bit >> 3)..]);
            target[i] = (int)((window >> (int)(bit & 7)) & mask);
        }

        Span<byte> tail = stackalloc byte[8];
        for (; i < target.Length; i++, bit += bitWidth)
        {
            tail.Clear();
            source[(int)(bit >> 3)..].CopyTo(tail);
            target[i] = (int)((BinaryPrimitives.ReadUInt64LittleEndian(tail) >> (int)(bit & 7)) & mask);
        }
    }

    private static long ReadHeader(ReadOnlySpan<byte> source, ref int read)
    {
        long header = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            if (read >= source.Length) throw Truncated();
            byte b = source[read++];
            header |= (long)(b & 127) << shift;
            if (b < 128) return header;
        }

        throw new ParquetException("Malformed page: a run length is too long.");
    }

    private static void WriteVarint(Stream target, uint value)
    {
        for (; value > 127; value >>= 7) target.WriteByte((byte)(value | 128));
        target.WriteByte((byte)value);
    }

    private static ParquetException Truncated() => new("Malformed page: its run-length data ends too early.");
}
