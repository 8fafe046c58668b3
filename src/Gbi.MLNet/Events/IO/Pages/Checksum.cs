using System.Buffers.Binary;

namespace Gbi.Events.IO.Pages;

/// <summary>CRC-32 as gzip has it (polynomial 0xEDB88320, reflected), eight bytes at a time.</summary>
internal static class Checksum
{
    private const int Lanes = 8;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        uint sum = uint.MaxValue;
        for (; bytes.Length >= Lanes; bytes = bytes[Lanes..])
        {
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ sum;
            sum = table[(7 * 256) + (byte)eight]
                ^ table[(6 * 256) + (byte)(eight >> 8)]
                ^ table[(5 * 256) + (byte)(eight >> 16)]
                ^ table[(4 * 256) + (byte)(eight >> 24)]
                ^ table[(3 * 256) + (byte)(eight >> 32)]
                ^ table[(2 * 256) + (byte)(eight >> 40)]
                ^ table[256 + (byte)(eight >> 48)]
                ^ table[(byte)(eight >> 56)];
        }

        foreach (byte one in bytes)
        {
            sum = table[(byte)(sum ^ one)] ^ (sum >> 8);
        }

        return ~sum;
    }

    // Row k gives the effect of a byte that k zero bytes follow.
    private static uint[] MakeTable()
    {
        uint[] table = new uint[Lanes * 256];
        for (uint start = 0; start < 256; start++)
        {
            uint sum = start;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0xEDB88320u);
            }

            table[start] = sum;
        }

        for (int entry = 256; entry < table.Length; entry++)
        {
            uint before = table[entry - 256];
            table[entry] = table[(byte)before] ^ (before >> 8);
        }

        return table;
    }
}
