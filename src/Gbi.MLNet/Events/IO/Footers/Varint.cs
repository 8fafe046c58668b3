namespace Gbi.Events.IO.Footers;

/// <summary>Integers of seven bits a byte, the lowest first, as headers, runs and differences are written.</summary>
internal static class Varint
{
    /// <summary>Reads one and moves on; false where the bytes end before it does, or it has more than 64 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The signed number that an unsigned one stands for: 0, −1, 1, −2, …</summary>
    public static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
