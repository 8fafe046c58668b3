using System.Buffers.Binary;
using System.Numerics;
using Gbi.Events.IO.Footers;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Decodes DELTA_BINARY_PACKED: blocks of differences, packed in miniblocks of as many bits as they need.</summary>
internal static class DeltaIntegers
{
    private const int LargestBlock = 1 << 20;

    /// <summary>Checks that bytes can hold a number of values, before memory is taken for these.</summary>
    /// <exception cref="InvalidDataException">They cannot.</exception>
    public static void Require(ReadOnlySpan<byte> bytes, int count)
    {
        int at = 0;
        ulong block = count == 0 ? 1 : ReadVarint(bytes, ref at), miniblocks = count == 0 ? 0 : ReadVarint(bytes, ref at);
        if (count > 1 && (block == 0 || (((ulong)count - 2) / block) + 1 > (ulong)bytes.Length / (miniblocks + 1)))
        {
            throw new InvalidDataException(Text($"it cannot hold the {count} values that are declared"));
        }
    }

    /// <summary>Decodes as many values as there is room for.</summary>
    /// <param name="bytes">The encoded values; others may follow.</param>
    /// <param name="values">All values.</param>
    /// <returns>How many bytes they take.</returns>
    /// <exception cref="InvalidDataException">The bytes hold another number of values, or end before.</exception>
    public static int Decode<T>(ReadOnlySpan<byte> bytes, Span<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (values.IsEmpty && bytes.IsEmpty)
        {
            return 0;
        }

        int at = 0;
        ulong block = ReadVarint(bytes, ref at), miniblocks = ReadVarint(bytes, ref at), count = ReadVarint(bytes, ref at);
        if (block is 0 or > LargestBlock || miniblocks == 0 || miniblocks > block || block % miniblocks != 0
            || block / miniblocks % 8 != 0)
        {
            throw new InvalidDataException(Text($"its blocks are of {block} values in {miniblocks} parts"));
        }

        if (count != (ulong)values.Length)
        {
            throw new InvalidDataException(Text($"it holds {count} values where {values.Length} are declared"));
        }

        ulong value = ReadZigZag(bytes, ref at);
        if (values.IsEmpty)
        {
            return at;
        }

        values[0] = T.CreateTruncating((long)value);
        values = values[1..];
        int size = (int)(block / miniblocks);
        while (!values.IsEmpty)
        {
            ulong least = ReadZigZag(bytes, ref at);
            ReadOnlySpan<byte> widths = Take(bytes, ref at, (int)miniblocks);
            for (int mini = 0; mini < widths.Length && !values.IsEmpty; mini++)
            {
                int taken = Math.Min(size, values.Length);
                long whole = (long)size * widths[mini] / 8, needed = (((long)taken * widths[mini]) + 7) / 8;

                // The last miniblock may be cut to the values that there are.
                bool isLast = taken == values.Length;
                int length = (int)(isLast ? Math.Max(needed, Math.Min(whole, bytes.Length - at)) : whole);
                value = Add(Take(bytes, ref at, length), widths[mini], least, value, values[..taken]);
                values = values[taken..];
            }
        }

        return at;
    }

    private static ulong Add<T>(ReadOnlySpan<byte> packed, int bitWidth, ulong least, ulong value, Span<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (bitWidth > 64)
        {
            throw new InvalidDataException(Text($"its values have {bitWidth} bits"));
        }

        ulong mask = bitWidth == 64 ? ulong.MaxValue : (1UL << bitWidth) - 1;
        // Nine bytes are read for each value: the last ones from a copy with room behind it.
        Span<byte> tail = stackalloc byte[32];
        tail.Clear();
        int tailStart = Math.Max(0, packed.Length - 16);
        packed[tailStart..].CopyTo(tail);
        long bit = 0;
        for (int i = 0; i < values.Length; i++, bit += bitWidth)
        {
            int start = (int)(bit >> 3), shift = (int)(bit & 7);
            ReadOnlySpan<byte> from = start + 9 <= packed.Length ? packed[start..] : tail[(start - tailStart)..];
            ulong delta = BinaryPrimitives.ReadUInt64LittleEndian(from) >> shift;
            if (shift + bitWidth > 64)
            {
                delta |= (ulong)from[8] << (64 - shift);
            }

            value = unchecked(value + least + (delta & mask));
            values[i] = T.CreateTruncating((long)value);
        }

        return value;
    }

    private static ulong ReadZigZag(ReadOnlySpan<byte> bytes, ref int at) => (ulong)Varint.ZigZag(ReadVarint(bytes, ref at));

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at) => Varint.TryRead(bytes, ref at, out ulong value)
        ? value
        : throw new InvalidDataException("it ends before its values do");

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, ref int at, int length)
    {
        if (length > bytes.Length - at)
        {
            throw new InvalidDataException("it ends before its values do");
        }

        at += length;
        return bytes.Slice(at - length, length);
    }
}
