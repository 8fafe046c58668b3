using System.Buffers.Binary;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Values of any length, or of one and the same: text, bytes, decimals of many digits.</summary>
/// <param name="fixedLength">Length of each value; 0 where each has its own.</param>
internal sealed class ByteArrayType(int fixedLength) : StoredType<ReadOnlyMemory<byte>>
{
    public override ReadOnlySpan<ReadOnlyMemory<byte>> Decode(
        PageEncoding encoding, ReadOnlyMemory<byte> bytes, int count) => encoding switch
        {
            PageEncoding.Plain when fixedLength > 0 => Cut(bytes, count),
            PageEncoding.Plain => Prefixed(bytes, count),
            PageEncoding.DeltaLengthByteArray when fixedLength == 0 => WithLengths(bytes, count),
            PageEncoding.DeltaByteArray => WithPrefixes(bytes, count),
            PageEncoding.ByteStreamSplit when fixedLength > 0 => Cut(Joined(bytes.Span, count), count),
            _ => throw Unsupported(encoding),
        };

    private ReadOnlySpan<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> bytes, int count)
    {
        RequireLength(bytes.Length, (long)count * fixedLength, count);
        Span<ReadOnlyMemory<byte>> values = Room(count);
        for (int i = 0; i < count; i++)
        {
            values[i] = bytes.Slice(i * fixedLength, fixedLength);
        }

        return values;
    }

    private ReadOnlySpan<ReadOnlyMemory<byte>> Prefixed(ReadOnlyMemory<byte> bytes, int count)
    {
        RequireRoom(bytes.Length / sizeof(int), count);
        Span<ReadOnlyMemory<byte>> values = Room(count);
        ReadOnlySpan<byte> all = bytes.Span;
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            long length = all.Length - at < sizeof(uint) ? -1 : BinaryPrimitives.ReadUInt32LittleEndian(all[at..]);
            at += sizeof(uint);
            if (length < 0 || length > all.Length - at)
            {
                throw new InvalidDataException(Text($"value {i} of {count} does not lie within it"));
            }

            values[i] = bytes.Slice(at, (int)length);
            at += (int)length;
        }

        RequireLength(all.Length, at, count);
        return values;
    }

    private ReadOnlySpan<ReadOnlyMemory<byte>> WithLengths(ReadOnlyMemory<byte> bytes, int count)
    {
        DeltaIntegers.Require(bytes.Span, count);
        int[] lengths = new int[count];
        int at = DeltaIntegers.Decode<int>(bytes.Span, lengths);
        Span<ReadOnlyMemory<byte>> values = Room(count);
        for (int i = 0; i < count; i++)
        {
            if (lengths[i] < 0 || lengths[i] > bytes.Length - at)
            {
                throw new InvalidDataException(Text($"value {i} of {count} does not lie within it"));
            }

            values[i] = bytes.Slice(at, lengths[i]);
            at += lengths[i];
        }

        RequireLength(bytes.Length, at, count);
        return values;
    }

    private ReadOnlySpan<ReadOnlyMemory<byte>> WithPrefixes(ReadOnlyMemory<byte> bytes, int count)
    {
        DeltaIntegers.Require(bytes.Span, count);
        int[] kept = new int[count];
        int at = DeltaIntegers.Decode<int>(bytes.Span, kept);
        ReadOnlyMemory<byte> before = default;
        Span<ReadOnlyMemory<byte>> values = Room(count);
        WithLengths(bytes[at..], count);
        for (int i = 0; i < count; i++)
        {
            if (kept[i] < 0 || kept[i] > before.Length)
            {
                throw new InvalidDataException(Text($"value {i} of {count} takes {kept[i]} bytes of one that has {before.Length}"));
            }

            before = values[i] = kept[i] == 0 ? values[i] : Concatenated(before[..kept[i]], values[i]);
            if (fixedLength > 0 && before.Length != fixedLength)
            {
                throw new InvalidDataException(Text($"value {i} of {count} has {before.Length} bytes where all have {fixedLength}"));
            }
        }

        return values;
    }

    private static byte[] Concatenated(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> rest)
    {
        byte[] whole = new byte[head.Length + rest.Length];
        head.CopyTo(whole);
        rest.CopyTo(whole.AsMemory(head.Length));
        return whole;
    }

    private byte[] Joined(ReadOnlySpan<byte> streams, int count)
    {
        RequireLength(streams.Length, (long)count * fixedLength, count);
        byte[] joined = new byte[count * fixedLength];
        for (int i = 0; i < joined.Length; i++)
        {
            joined[i] = streams[((i % fixedLength) * count) + (i / fixedLength)];
        }

        return joined;
    }

    private static void RequireRoom(int most, int count)
    {
        if (count > most)
        {
            throw new InvalidDataException(Text($"it declares {count} values, more than its bytes can hold"));
        }
    }
}
