using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Decodes the values of a page that are not indices of a dictionary. What it gives stays until the next call.</summary>
/// <typeparam name="T">Type of the values as they are stored.</typeparam>
internal abstract class StoredType<T> : IDisposable
{
    private T[] _values = [];

    /// <summary>Bytes that the values decoded last leave over; 0 where they are padding.</summary>
    public int Excess { get; protected set; }

    /// <summary>Decodes exactly <paramref name="count"/> values.</summary>
    /// <exception cref="InvalidDataException">The bytes hold fewer.</exception>
    /// <exception cref="NotSupportedException">The encoding is not one for this type.</exception>
    public abstract ReadOnlySpan<T> Decode(PageEncoding encoding, ReadOnlyMemory<byte> bytes, int count);

    public void Dispose() => Rented.Return(ref _values);

    /// <summary>Room for values; what it held is lost.</summary>
    protected Span<T> Room(int count) => Rented.Room(ref _values, count);

    /// <summary>Requires the bytes of the values, and takes note of more.</summary>
    protected void RequireLength(int length, long expected, int count)
    {
        Excess = length >= expected ? length - (int)expected : throw new InvalidDataException(Text(
            $"its {count} values take {expected} bytes, and it has {length} for them"));
    }

    protected static NotSupportedException Unsupported(PageEncoding encoding) =>
        new(Enum.IsDefined(encoding) ? $"its encoding is {encoding}" : Text($"its encoding is number {(int)encoding}"));
}

/// <summary>Numbers of fixed width, stored as they lie in memory.</summary>
/// <param name="isInteger">Whether the values are integers, which alone have differences as an encoding.</param>
internal sealed class NumberType<T>(bool isInteger) : StoredType<T>
    where T : unmanaged
{
    public override ReadOnlySpan<T> Decode(PageEncoding encoding, ReadOnlyMemory<byte> bytes, int count)
    {
        switch (encoding)
        {
            case PageEncoding.Plain:
                RequireLength(bytes.Length, (long)count * Unsafe.SizeOf<T>(), count);
                return MemoryMarshal.Cast<byte, T>(bytes.Span)[..count];
            case PageEncoding.ByteStreamSplit:
                RequireLength(bytes.Length, (long)count * Unsafe.SizeOf<T>(), count);
                return Joined(bytes.Span[..(count * Unsafe.SizeOf<T>())], count);
            case PageEncoding.DeltaBinaryPacked when isInteger:
                return Summed(bytes.Span, count);
            default:
                throw Unsupported(encoding);
        }
    }

    private Span<T> Joined(ReadOnlySpan<byte> streams, int count)
    {
        Span<T> values = Room(count);
        Span<byte> target = MemoryMarshal.AsBytes(values);
        int width = Unsafe.SizeOf<T>();
        for (int part = 0; part < width; part++)
        {
            ReadOnlySpan<byte> stream = streams.Slice(part * count, count);
            for (int i = 0; i < stream.Length; i++)
            {
                target[(i * width) + part] = stream[i];
            }
        }

        return values;
    }

    private Span<T> Summed(ReadOnlySpan<byte> bytes, int count)
    {
        DeltaIntegers.Require(bytes, count);
        Span<T> values = Room(count);
        int used = Unsafe.SizeOf<T>() == sizeof(int)
            ? DeltaIntegers.Decode(bytes, MemoryMarshal.Cast<T, int>(values))
            : DeltaIntegers.Decode(bytes, MemoryMarshal.Cast<T, long>(values));
        Excess = bytes[used..].ContainsAnyExcept((byte)0) ? bytes.Length - used : 0;
        return values;
    }
}

/// <summary>Truth values, as bytes of 0 or 1.</summary>
internal sealed class BooleanType : StoredType<byte>
{
    public override ReadOnlySpan<byte> Decode(PageEncoding encoding, ReadOnlyMemory<byte> bytes, int count)
    {
        switch (encoding)
        {
            case PageEncoding.Plain:
                RequireLength(bytes.Length, (count + 7L) / 8, count);
                Span<byte> bits = Room(count);
                Excess = bytes.Span[^Excess..].ContainsAnyExcept((byte)0) ? Excess : 0;
                RunLengths.UnpackBits(bytes.Span, bits);
                return bits;
            case PageEncoding.RunLengths:
                ReadOnlySpan<byte> runs = Prefixed(bytes.Span);
                RunLengths.Require(runs, 1, count);
                Span<byte> values = Room(count);
                Excess = RunLengths.DecodeBits(runs, values);
                return values;
            default:
                throw Unsupported(encoding);
        }
    }

    private static ReadOnlySpan<byte> Prefixed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return bytes;
        }

        long length = bytes.Length < sizeof(uint) ? long.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return length == bytes.Length - sizeof(uint) ? bytes[sizeof(uint)..] : throw new InvalidDataException(Text(
            $"its truth values take {length} bytes, and it has {bytes.Length - sizeof(uint)} for them"));
    }
}
