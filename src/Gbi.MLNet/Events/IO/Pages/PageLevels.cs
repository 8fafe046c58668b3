using System.Buffers.Binary;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Decodes the definition levels of a page of flat values: 1 where a value is present, 0 where it is null.</summary>
internal sealed class PageLevels : IDisposable
{
    private byte[] _present = [];

    /// <summary>Levels at the beginning of a page of version 1.</summary>
    /// <param name="header">The page's header.</param>
    /// <param name="bytes">The page.</param>
    /// <param name="count">Number of values that are present.</param>
    /// <param name="length">Bytes of the levels.</param>
    /// <returns>The levels; empty where all are alike. They stay until the next call.</returns>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public ReadOnlySpan<byte> Read(PageHeader header, ReadOnlySpan<byte> bytes, out int count, out int length)
    {
        switch (header.LevelEncoding)
        {
            case PageEncoding.RunLengths:
                long declared = bytes.Length < sizeof(uint) ? long.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                RequireWithin(declared <= bytes.Length - sizeof(uint));
                length = sizeof(uint) + (int)declared;
                return Read(header, bytes[sizeof(uint)..length], out count);
            case PageEncoding.BitPacked:
                length = (int)((header.ValueCount + 7L) / 8);
                RequireWithin(length <= bytes.Length);
                Span<byte> present = Rented.Room(ref _present, header.ValueCount);
                for (int row = 0; row < present.Length; row++)
                {
                    present[row] = (byte)((bytes[row / 8] >> (7 - (row % 8))) & 1);
                }

                return Mixed(present, out count);
            default:
                throw new NotSupportedException(Text($"the encoding of its levels is number {(int)header.LevelEncoding}"));
        }
    }

    /// <summary>Levels that take all of the bytes, as in a page of version 2.</summary>
    public ReadOnlySpan<byte> Read(PageHeader header, ReadOnlySpan<byte> bytes, out int count)
    {
        int rows = header.ValueCount;
        if (bytes.IsEmpty && header.NullCount is { } nulls && (nulls == 0 || nulls == rows))
        {
            count = rows - nulls;
            return default;
        }

        var runs = new RunLengths(bytes, 1);
        Run first = runs.Next(rows);
        if (first.Packed.IsEmpty && first.Count == rows)
        {
            RequireNoExcess(runs.Excess);
            count = first.Value * rows;
            return default;
        }

        RunLengths.Require(bytes, 1, rows);
        Span<byte> present = Rented.Room(ref _present, rows);
        RequireNoExcess(RunLengths.DecodeBits(bytes, present));
        return Mixed(present, out count);
    }

    public void Dispose() => Rented.Return(ref _present);

    private static ReadOnlySpan<byte> Mixed(ReadOnlySpan<byte> present, out int count)
    {
        count = present.Count((byte)1);
        return count == 0 || count == present.Length ? default : present;
    }

    private static void RequireWithin(bool isWithin)
    {
        if (!isWithin)
        {
            throw new InvalidDataException("its levels are longer than the page");
        }
    }

    private static void RequireNoExcess(int excess)
    {
        if (excess > 0)
        {
            throw new InvalidDataException(Text($"its levels do not use up their bytes, {excess} are left"));
        }
    }
}
