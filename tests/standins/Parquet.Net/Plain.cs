using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Parquet.Meta;
using Parquet.Schema;
using PType = Parquet.Meta.Type;
using Text = System.Text.Encoding;

namespace Parquet.Codecs;

/// <summary>PLAIN encoding, both ways. Decoding fills the whole target or throws.</summary>
internal static class Plain
{
    private const int JulianDayOfUnixEpoch = 2440588;

    public static void Decode<T>(ReadOnlySpan<byte> source, Span<T> target, SchemaElement element) where T : struct
    {
        switch (element.Type)
        {
            case PType.BOOLEAN when typeof(T) == typeof(bool): DecodeBooleans(source, As<T, bool>(target)); break;
            case PType.FLOAT when typeof(T) == typeof(float): Copy(source, target); break;
            case PType.DOUBLE when typeof(T) == typeof(double): Copy(source, target); break;
            case PType.INT32 when typeof(T) == typeof(int) || typeof(T) == typeof(uint): Copy(source, target); break;
            case PType.INT64 when typeof(T) == typeof(long) || typeof(T) == typeof(ulong): Copy(source, target); break;
            case PType.INT32 when typeof(T) == typeof(short): Narrow(source, As<T, short>(target)); break;
            case PType.INT32 when typeof(T) == typeof(ushort): Narrow(source, As<T, ushort>(target)); break;
            case PType.INT32 when typeof(T) == typeof(sbyte): Narrow(source, As<T, sbyte>(target)); break;
            case PType.INT32 when typeof(T) == typeof(byte): Narrow(source, As<T, byte>(target)); break;
            case PType.INT32 or PType.INT64 or PType.INT96 when typeof(T) == typeof(DateTime): DecodeTimes(source, As<T, DateTime>(target), element); break;
            case PType.INT32 or PType.INT64 when typeof(T) == typeof(decimal): DecodeDecimals(source, As<T, decimal>(target), element); break;
            case PType.BYTE_ARRAY or PType.FIXED_LEN_BYTE_ARRAY: DecodeBytes(source, target, element); break;
            default: throw new NotSupportedException($"Column '{element.Name}' of type {element.Type} cannot be read as {typeof(T)}.");
        }
    }

    public static void Encode<T>(ReadOnlySpan<T> values, Stream target, SchemaElement element) where T : struct
    {
        if (typeof(T) == typeof(bool)) EncodeBooleans(As<T, bool>(values), target);
        else if (typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(int) || typeof(T) == typeof(uint)
            || typeof(T) == typeof(long) || typeof(T) == typeof(ulong)) target.Write(Bytes(values));
        else if (typeof(T) == typeof(short)) Widen(As<T, short>(values), target);
        else if (typeof(T) == typeof(ushort)) Widen(As<T, ushort>(values), target);
        else if (typeof(T) == typeof(sbyte)) Widen(As<T, sbyte>(values), target);
        else if (typeof(T) == typeof(byte)) Widen(As<T, byte>(values), target);
        else if (typeof(T) == typeof(DateTime)) EncodeTimes(As<T, DateTime>(values), target, element);
        else if (typeof(T) == typeof(decimal)) EncodeDecimals(As<T, decimal>(values), target, element);
        else if (typeof(T) == typeof(Guid)) EncodeGuids(As<T, Guid>(values), target);
        else if (typeof(T) == typeof(ReadOnlyMemory<char>)) EncodeTexts(As<T, ReadOnlyMemory<char>>(values), target);
        else if (typeof(T) == typeof(ReadOnlyMemory<byte>)) foreach (ReadOnlyMemory<byte> v in As<T, ReadOnlyMemory<byte>>(values)) WriteBytes(target, v.Span);
        else throw new NotSupportedException($"Values of type {typeof(T)} cannot be written.");
    }

    private static void Copy<T>(ReadOnlySpan<byte> source, Span<T> target) where T : struct
    {
        Span<byte> bytes = MemoryMarshal.CreateSpan(
            ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(target)), checked(target.Length * Unsafe.SizeOf<T>()));
        Need(source, bytes.Length);
        source[..bytes.Length].CopyTo(bytes);
    }

    private static void Narrow<T>(ReadOnlySpan<byte> source, Span<T> target) where T : INumberBase<T>
    {
        Need(source, 4L * target.Length);
        ReadOnlySpan<int> wide = MemoryMarshal.Cast<byte, int>(source);
        for (int i = 0; i < target.Length; i++) target[i] = T.CreateTruncating(wide[i]);
    }

    private static void Widen<T>(ReadOnlySpan<T> values, Stream target) where T : INumberBase<T>
    {
        int[] wide = new int[values.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = int.CreateTruncating(values[i]);
        target.Write(MemoryMarshal.AsBytes(wide.AsSpan()));
    }

    private static void DecodeBooleans(ReadOnlySpan<byte> source, Span<bool> target)
    {
        Need(source, (target.Length + 7L) / 8);
        for (int i = 0; i < target.Length; i++) target[i] = (source[i >> 3] >> (i & 7) & 1) != 0;
    }

    private static void EncodeBooleans(ReadOnlySpan<bool> values, Stream target)
    {
        byte[] bits = new byte[(values.Length + 7) / 8];
        for (int i = 0; i < values.Length; i++) if (values[i]) bits[i >> 3] |= (byte)(1 << (i & 7));
        target.Write(bits);
    }

    private static void DecodeTimes(ReadOnlySpan<byte> source, Span<DateTime> target, SchemaElement element)
    {
        int size = element.Type switch { PType.INT32 => 4, PType.INT64 => 8, _ => 12 };
        Need(source, (long)size * target.Length);
        DateTimeKind kind = element.Logical is { Kind: LogicalKind.Timestamp, IsAdjustedToUtc: false } ? DateTimeKind.Local : DateTimeKind.Utc;
        for (int i = 0; i < target.Length; i++)
        {
            ReadOnlySpan<byte> at = source[(i * size)..];
            target[i] = size switch
            {
                4 => DateTime.UnixEpoch.AddDays(BinaryPrimitives.ReadInt32LittleEndian(at)),
                8 => new DateTime(DateTime.UnixEpoch.Ticks + ToTicks(BinaryPrimitives.ReadInt64LittleEndian(at), Unit(element)), kind),
                _ => new DateTime(
                    DateTime.UnixEpoch.Ticks + (BinaryPrimitives.ReadInt32LittleEndian(at[8..]) - (long)JulianDayOfUnixEpoch) * TimeSpan.TicksPerDay
                    + BinaryPrimitives.ReadInt64LittleEndian(at) / 100),
            };
        }
    }

    private static void EncodeTimes(ReadOnlySpan<DateTime> values, Stream target, SchemaElement element)
    {
        Span<byte> buffer = stackalloc byte[12];
        foreach (DateTime value in values)
        {
            DateTime utc = value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value;
            long day = Math.DivRem(utc.Ticks, TimeSpan.TicksPerDay, out long timeOfDay) - DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay;
            switch (element.Type)
            {
                case PType.INT32:
                    BinaryPrimitives.WriteInt32LittleEndian(buffer, (int)day);
                    target.Write(buffer[..4]);
                    break;
                case PType.INT64:
                    BinaryPrimitives.WriteInt64LittleEndian(buffer, FromTicks(utc.Ticks, Unit(element)));
                    target.Write(buffer[..8]);
                    break;
                default:
                    BinaryPrimitives.WriteInt64LittleEndian(buffer, timeOfDay * 100);
                    BinaryPrimitives.WriteInt32LittleEndian(buffer[8..], (int)(day + JulianDayOfUnixEpoch));
                    target.Write(buffer);
                    break;
            }
        }
    }

    private static DateTimeTimeUnit Unit(SchemaElement element) => element.Logical.Kind == LogicalKind.Timestamp
        ? element.Logical.Unit
        : element.ConvertedType == ConvertedType.TIMESTAMP_MICROS ? DateTimeTimeUnit.Micros : DateTimeTimeUnit.Millis;

    private static long ToTicks(long value, DateTimeTimeUnit unit) => unit switch
    {
        DateTimeTimeUnit.Millis => checked(value * TimeSpan.TicksPerMillisecond),
        DateTimeTimeUnit.Micros => checked(value * TimeSpan.TicksPerMicrosecond),
        _ => value / 100,
    };

    private static long FromTicks(long ticks, DateTimeTimeUnit unit) => unit switch
    {
        DateTimeTimeUnit.Millis => (ticks / TimeSpan.TicksPerMillisecond) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMillisecond),
        DateTimeTimeUnit.Micros => (ticks / TimeSpan.TicksPerMicrosecond) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond),
        _ => checked((ticks - DateTime.UnixEpoch.Ticks) * 100),
    };

    private static void DecodeDecimals(ReadOnlySpan<byte> source, Span<decimal> target, SchemaElement element)
    {
        decimal unit = (decimal)Math.Pow(10, -(element.Scale ?? 0));
        int size = element.Type == PType.INT32 ? 4 : 8;
        Need(source, (long)size * target.Length);
        for (int i = 0; i < target.Length; i++)
        {
            ReadOnlySpan<byte> at = source[(i * size)..];
            target[i] = unit * (size == 4 ? BinaryPrimitives.ReadInt32LittleEndian(at) : BinaryPrimitives.ReadInt64LittleEndian(at));
        }
    }

    private static void EncodeDecimals(ReadOnlySpan<decimal> values, Stream target, SchemaElement element)
    {
        BigInteger scale = BigInteger.Pow(10, element.Scale ?? 0);
        int size = element.Type switch { PType.INT32 => 4, PType.INT64 => 8, _ => element.TypeLength ?? 16 };
        byte[] buffer = new byte[size];
        foreach (decimal value in values)
        {
            decimal whole = decimal.Truncate(value);
            BigInteger unscaled = new BigInteger(whole) * scale + new BigInteger((value - whole) * (decimal)scale);
            buffer.AsSpan().Fill(unscaled.Sign < 0 ? (byte)255 : (byte)0);
            bool bigEndian = element.Type == PType.FIXED_LEN_BYTE_ARRAY;
            int count = unscaled.GetByteCount();
            if (count > size) throw new ParquetException($"Value {value} does not fit into column '{element.Name}' (precision {element.Precision}, scale {element.Scale}).");
            unscaled.TryWriteBytes(bigEndian ? buffer.AsSpan(size - count) : buffer, out _, isBigEndian: bigEndian);
            target.Write(buffer);
        }
    }

    private static void DecodeBytes<T>(ReadOnlySpan<byte> source, Span<T> target, SchemaElement element) where T : struct
    {
        int fixedLength = element.Type == PType.FIXED_LEN_BYTE_ARRAY ? element.TypeLength ?? 0 : -1;
        BigInteger scale = BigInteger.Pow(10, Math.Clamp(element.Scale ?? 0, 0, 38));
        for (int i = 0; i < target.Length; i++)
        {
            int length = fixedLength;
            if (length < 0)
            {
                Need(source, 4);
                length = BinaryPrimitives.ReadInt32LittleEndian(source);
                source = source[4..];
            }

            Need(source, (uint)length);
            ReadOnlySpan<byte> value = source[..length];
            source = source[length..];
            if (typeof(T) == typeof(ReadOnlyMemory<char>)) As<T, ReadOnlyMemory<char>>(target)[i] = Text.UTF8.GetString(value).AsMemory();
            else if (typeof(T) == typeof(ReadOnlyMemory<byte>)) As<T, ReadOnlyMemory<byte>>(target)[i] = value.ToArray();
            else if (typeof(T) == typeof(Guid) && length == 16) As<T, Guid>(target)[i] = new Guid(value, bigEndian: true);
            else if (typeof(T) == typeof(decimal)) As<T, decimal>(target)[i] = ToDecimal(new BigInteger(value, isBigEndian: true), scale);
            else throw new NotSupportedException($"Column '{element.Name}' of type {element.Type} cannot be read as {typeof(T)}.");
        }
    }

    private static decimal ToDecimal(BigInteger unscaled, BigInteger scale)
    {
        BigInteger whole = BigInteger.DivRem(unscaled, scale, out BigInteger rest);
        return (decimal)whole + (decimal)rest / (decimal)scale;
    }

    private static void EncodeGuids(ReadOnlySpan<Guid> values, Stream target)
    {
        Span<byte> buffer = stackalloc byte[16];
        foreach (Guid value in values)
        {
            value.TryWriteBytes(buffer, bigEndian: true, out _);
            target.Write(buffer);
        }
    }

    private static void EncodeTexts(ReadOnlySpan<ReadOnlyMemory<char>> values, Stream target)
    {
        byte[] buffer = new byte[256];
        foreach (ReadOnlyMemory<char> value in values)
        {
            int most = Text.UTF8.GetMaxByteCount(value.Length);
            if (most > buffer.Length) buffer = new byte[most];
            WriteBytes(target, buffer.AsSpan(0, Text.UTF8.GetBytes(value.Span, buffer)));
        }
    }

    private static void WriteBytes(Stream target, ReadOnlySpan<byte> value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        target.Write(length);
        target.Write(value);
    }

    private static void Need(ReadOnlySpan<byte> source, long bytes)
    {
        if (bytes < 0 || source.Length < bytes) throw new ParquetException("Malformed page: it ends before its last value.");
    }

    private static Span<TTo> As<TFrom, TTo>(Span<TFrom> span) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<TFrom, TTo>(ref MemoryMarshal.GetReference(span)), span.Length);

    private static ReadOnlySpan<TTo> As<TFrom, TTo>(ReadOnlySpan<TFrom> span) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TFrom, TTo>(ref MemoryMarshal.GetReference(span)), span.Length);

    private static ReadOnlySpan<byte> Bytes<T>(ReadOnlySpan<T> span) where T : struct =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(span)), checked(span.Length * Unsafe.SizeOf<T>()));
}
