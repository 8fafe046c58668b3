using System.Buffers.Binary;
using Gbi.Events.IO.Footers;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Run of the hybrid encoding: one value many times, or values packed one behind the other.</summary>
internal readonly ref struct Run(int count, int value, ReadOnlySpan<byte> packed)
{
    /// <summary>Number of values that are wanted of it.</summary>
    public int Count { get; } = count;

    /// <summary>The value, where it is one.</summary>
    public int Value { get; } = value;

    /// <summary>The packed values; empty where it is one value.</summary>
    public ReadOnlySpan<byte> Packed { get; } = packed;
}

/// <summary>
/// Decodes the hybrid of run lengths and packed bits, in which levels, indices of dictionaries and truth values are written. Refuses bytes
/// that end before the values do, and counts those behind them: a run that was changed shows in one or the other.
/// </summary>
internal ref struct RunLengths
{
    private const int LargestFill = 256;
    private const int FewValues = 1 << 20;
    private readonly int _bitWidth;
    private ReadOnlySpan<byte> _bytes;

    /// <summary>Begins at the first run.</summary>
    /// <param name="bytes">All runs.</param>
    /// <param name="bitWidth">Bits of a value. Range: [0, 32].</param>
    public RunLengths(ReadOnlySpan<byte> bytes, int bitWidth)
    {
        _bytes = bytes;
        _bitWidth = bitWidth is >= 0 and <= 32 ? bitWidth : throw new InvalidDataException(Text($"its values have {bitWidth} bits"));
    }

    /// <summary>Checks that bytes hold a number of values, before memory is taken for these.</summary>
    /// <exception cref="InvalidDataException">They end before.</exception>
    public static void Require(ReadOnlySpan<byte> bytes, int bitWidth, int count)
    {
        if (count <= FewValues)
        {
            return;
        }

        var runs = new RunLengths(bytes, bitWidth);
        for (int left = count; left > 0;)
        {
            left -= runs.Next(left).Count;
        }
    }

    /// <summary>Decodes as many values as there is room for; gives the number of bytes behind them, 0 where these are padding.</summary>
    public static int Decode(ReadOnlySpan<byte> bytes, int bitWidth, Span<int> values)
    {
        var runs = new RunLengths(bytes, bitWidth);
        while (!values.IsEmpty)
        {
            Run run = runs.Next(values.Length);
            if (run.Packed.IsEmpty)
            {
                values[..run.Count].Fill(run.Value);
            }
            else
            {
                Unpack(run.Packed, bitWidth, values[..run.Count]);
            }

            values = values[run.Count..];
        }

        return runs.Excess;
    }

    /// <summary>Decodes values of one bit, each to a byte of 0 or 1; gives the number of bytes behind them, 0 where these are
    /// padding.</summary>
    public static int DecodeBits(ReadOnlySpan<byte> bytes, Span<byte> bits)
    {
        var runs = new RunLengths(bytes, 1);
        while (!bits.IsEmpty)
        {
            Run run = runs.Next(bits.Length);
            if (run.Packed.IsEmpty)
            {
                bits[..run.Count].Fill((byte)run.Value);
            }
            else
            {
                UnpackBits(run.Packed, bits[..run.Count]);
            }

            bits = bits[run.Count..];
        }

        return runs.Excess;
    }

    /// <summary>Reads the head of the next run.</summary>
    /// <param name="wanted">Values that are still to be decoded, 1 or more.</param>
    public Run Next(int wanted)
    {
        uint head = ReadVarint();
        long count = head >> 1;
        if (count == 0)
        {
            throw new InvalidDataException("a run of it is empty");
        }

        if ((head & 1) == 0)
        {
            int width = (_bitWidth + 7) / 8;
            if (width > _bytes.Length)
            {
                throw Short(wanted);
            }

            uint value = 0;
            for (int i = 0; i < width; i++)
            {
                value |= (uint)_bytes[i] << (8 * i);
            }

            _bytes = _bytes[width..];
            return _bitWidth == 32 || value >> _bitWidth == 0
                ? new Run((int)Math.Min(count, wanted), (int)value, default)
                : throw new InvalidDataException(Text($"a run of it holds {value}, more than {_bitWidth} bits"));
        }

        count *= 8;
        long length = count / 8 * _bitWidth;
        int used = (int)(((Math.Min(count, wanted) * (long)_bitWidth) + 7) / 8);
        if (length > _bytes.Length)
        {
            // The last group of eight may be cut to the values that there are.
            if (count - wanted is < 0 or >= 8 || used > _bytes.Length)
            {
                throw Short(wanted);
            }

            length = _bytes.Length;
        }

        // DuckDB fills a run up to 256 values with what it had before.
        ReadOnlySpan<byte> packed = _bytes[..used];
        if (count - wanted >= LargestFill && _bytes[used..(int)length].ContainsAnyExcept((byte)0))
        {
            length = used;
        }

        _bytes = _bytes[(int)length..];
        return _bitWidth == 0 ? new Run((int)Math.Min(count, wanted), 0, default) : new Run((int)Math.Min(count, wanted), 0, packed);
    }

    /// <summary>Bytes behind the runs that were read; 0 where they are padding.</summary>
    public readonly int Excess => _bytes.ContainsAnyExcept((byte)0) ? _bytes.Length : 0;

    /// <summary>Spreads bits, the lowest first, to bytes of 0 or 1.</summary>
    public static void UnpackBits(ReadOnlySpan<byte> packed, Span<byte> bits)
    {
        const ulong Each = 0x0101010101010101, Mine = 0x8040201008040201, Lower = 0x7F7F7F7F7F7F7F7F;
        int whole = bits.Length / 8;
        for (int i = 0; i < whole; i++)
        {
            ulong mine = packed[i] * Each & Mine;
            BinaryPrimitives.WriteUInt64LittleEndian(bits[(8 * i)..], ((mine + Lower) >> 7) & Each);
        }

        for (int i = 8 * whole; i < bits.Length; i++)
        {
            bits[i] = (byte)((packed[whole] >> (i & 7)) & 1);
        }
    }

    private static void Unpack(ReadOnlySpan<byte> packed, int bitWidth, Span<int> values)
    {
        ulong mask = bitWidth == 32 ? uint.MaxValue : (1u << bitWidth) - 1;
        int i = 0;
        long bit = 0;
        for (long last = (8L * packed.Length) - 64; i < values.Length && bit <= last; i++, bit += bitWidth)
        {
            values[i] = (int)((BinaryPrimitives.ReadUInt64LittleEndian(packed[(int)(bit >> 3)..]) >> (int)(bit & 7)) & mask);
        }

        Span<byte> tail = stackalloc byte[24];
        int start = (int)(bit >> 3);
        packed[start..].CopyTo(tail);
        for (bit -= 8L * start; i < values.Length; i++, bit += bitWidth)
        {
            values[i] = (int)((BinaryPrimitives.ReadUInt64LittleEndian(tail[(int)(bit >> 3)..]) >> (int)(bit & 7)) & mask);
        }
    }

    private uint ReadVarint()
    {
        int at = 0;
        if (!Varint.TryRead(_bytes, ref at, out ulong value))
        {
            throw new InvalidDataException("it ends before its values do");
        }

        _bytes = _bytes[at..];
        return value <= uint.MaxValue ? (uint)value : throw new InvalidDataException("a run of it is too long");
    }

    private static InvalidDataException Short(int wanted) => new(Text($"it ends {wanted} values too early"));
}
