using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Gbi.Events.IO.Footers;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>A time as Impala and Spark wrote it: nanoseconds of the day, and the Julian day.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct Int96(long Nanoseconds, int JulianDay);

/// <summary>How stored values become what they mean.</summary>
internal static class ColumnMaps
{
    private const int MostDecimalDigits = 28;
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;
    private const int JulianDayOfEpoch = 2_440_588;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Numbers of another type, rounded to it; a double beyond the range of single precision becomes infinite.</summary>
    public static void Numbers<TStored, TValue>(ReadOnlySpan<TStored> stored, Span<TValue> values)
        where TStored : unmanaged, INumberBase<TStored>
        where TValue : unmanaged, INumberBase<TValue>
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = TValue.CreateTruncating(stored[i]);
        }
    }

    /// <summary>Integers of 8 or 16 bits, which are stored in 32.</summary>
    public static ValueMap<int, TValue> Narrow<TNumber, TValue>()
        where TNumber : unmanaged, IBinaryInteger<TNumber>, IMinMaxValue<TNumber>
        where TValue : unmanaged, INumberBase<TValue>
    {
        int least = int.CreateTruncating(TNumber.MinValue), largest = int.CreateTruncating(TNumber.MaxValue);
        return (stored, values) =>
        {
            for (int i = 0; i < stored.Length; i++)
            {
                values[i] = stored[i] >= least && stored[i] <= largest
                    ? TValue.CreateTruncating(stored[i])
                    : throw new InvalidDataException(Text($"it holds {stored[i]} where values lie between {least} and {largest}"));
            }
        };
    }

    public static void Booleans(ReadOnlySpan<byte> stored, Span<bool> values) => stored.CopyTo(MemoryMarshal.AsBytes(values));

    /// <summary>Decimals of up to 18 digits as numbers.</summary>
    public static ValueMap<TStored, TValue> DecimalNumbers<TStored, TValue>(int scale)
        where TStored : unmanaged, INumberBase<TStored>
        where TValue : unmanaged, INumberBase<TValue>
    {
        double unit = Math.Pow(10, scale);
        return (stored, values) =>
        {
            for (int i = 0; i < stored.Length; i++)
            {
                values[i] = TValue.CreateTruncating(double.CreateTruncating(stored[i]) / unit);
            }
        };
    }

    /// <summary>Decimals of any number of digits as numbers.</summary>
    public static ValueMap<ReadOnlyMemory<byte>, TValue> LongDecimalNumbers<TValue>(int scale)
        where TValue : unmanaged, INumberBase<TValue>
    {
        double unit = Math.Pow(10, scale);
        return (stored, values) =>
        {
            for (int i = 0; i < stored.Length; i++)
            {
                values[i] = TValue.CreateTruncating((double)Integer(stored[i]) / unit);
            }
        };
    }

    public static ValueMap<TStored, decimal> Decimals<TStored>(int scale)
        where TStored : unmanaged, INumberBase<TStored>
    {
        RequireDigits(scale <= MostDecimalDigits);
        return (stored, values) =>
        {
            for (int i = 0; i < stored.Length; i++)
            {
                values[i] = Scaled(long.CreateTruncating(stored[i]), scale);
            }
        };
    }

    public static ValueMap<ReadOnlyMemory<byte>, decimal> LongDecimals(int scale)
    {
        RequireDigits(scale <= MostDecimalDigits);
        return (stored, values) =>
        {
            for (int i = 0; i < stored.Length; i++)
            {
                values[i] = Scaled(Integer(stored[i]), scale);
            }
        };
    }

    public static void Dates(ReadOnlySpan<int> stored, Span<DateTime> values)
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = Time(stored[i] * (Int128)TimeSpan.TicksPerDay);
        }
    }

    /// <summary>Times since 1970, to 100 ns.</summary>
    public static ValueMap<long, DateTime> Timestamps(TimeUnit unit) => (stored, values) =>
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = Time(unit switch
            {
                TimeUnit.Milliseconds => stored[i] * (Int128)TimeSpan.TicksPerMillisecond,
                TimeUnit.Microseconds => stored[i] * (Int128)TicksPerMicrosecond,
                _ => ((Int128)stored[i] - (((stored[i] % 100) + 100) % 100)) / 100,
            });
        }
    };

    public static void OldTimestamps(ReadOnlySpan<Int96> stored, Span<DateTime> values)
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = Time(
                ((stored[i].JulianDay - (Int128)JulianDayOfEpoch) * TimeSpan.TicksPerDay) + (stored[i].Nanoseconds / 100));
        }
    }

    public static void Guids(ReadOnlySpan<ReadOnlyMemory<byte>> stored, Span<Guid> values)
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = new Guid(stored[i].Span, bigEndian: true);
        }
    }

    public static void Texts(ReadOnlySpan<ReadOnlyMemory<byte>> stored, Span<ReadOnlyMemory<char>> values)
    {
        try
        {
            for (int i = 0; i < stored.Length; i++)
            {
                values[i] = Utf8.GetString(stored[i].Span).AsMemory();
            }
        }
        catch (DecoderFallbackException cause)
        {
            throw new InvalidDataException("it holds text that is not UTF-8", cause);
        }
    }

    public static void Copies(ReadOnlySpan<ReadOnlyMemory<byte>> stored, Span<ReadOnlyMemory<byte>> values)
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = stored[i].ToArray();
        }
    }

    private static BigInteger Integer(ReadOnlyMemory<byte> bytes) => new(bytes.Span, isUnsigned: false, isBigEndian: true);

    private static decimal Scaled(BigInteger value, int scale)
    {
        BigInteger digits = BigInteger.Abs(value);
        RequireDigits(digits <= (BigInteger)decimal.MaxValue);
        Span<int> parts = stackalloc int[4];
        decimal.GetBits((decimal)digits, parts);
        return new decimal(parts[0], parts[1], parts[2], value.Sign < 0, (byte)scale);
    }

    private static void RequireDigits(bool fit)
    {
        if (!fit)
        {
            throw new OverflowException(Text($"its decimals have more than {MostDecimalDigits} digits"));
        }
    }

    private static DateTime Time(Int128 ticks)
    {
        Int128 whole = ticks + DateTime.UnixEpoch.Ticks;
        return whole >= 0 && whole <= DateTime.MaxValue.Ticks
            ? new DateTime((long)whole, DateTimeKind.Utc)
            : throw new OverflowException("its times are not all between the years 1 and 9999");
    }
}
