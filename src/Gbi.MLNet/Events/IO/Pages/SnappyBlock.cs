using System.Buffers.Binary;

namespace Gbi.Events.IO.Pages;

/// <summary>The structure of a block of Snappy, without its content.</summary>
internal static class SnappyBlock
{
    private const uint Literal = 0, ShortCopy = 1, Copy = 2, LongestShortLiteral = 60;

    /// <summary>The length of what a block makes; −1 where a copy begins before the block, or a part of the block is missing.</summary>
    public static int LengthOf(ReadOnlySpan<byte> block)
    {
        int at = block.IndexOfAnyInRange((byte)0, (byte)0x7F) + 1;
        long length = 0;

        // Each of millions of elements costs little: those that are frequent come first.
        while ((uint)at < (uint)block.Length)
        {
            uint tag = block[at], kind = tag & 3, size = (tag >> 2) + 1;
            if (kind == Literal && size <= LongestShortLiteral)
            {
                at += (int)size + 1;
                length += size;
                continue;
            }

            ReadOnlySpan<byte> left = block[(at + 1)..];
            int more = kind switch
            {
                Literal => (int)(size - LongestShortLiteral),
                ShortCopy => 1,
                Copy => 2,
                _ => 4,
            };
            if (more > left.Length)
            {
                return -1;
            }

            uint number = more switch
            {
                1 => left[0],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(left),
                3 => BinaryPrimitives.ReadUInt16LittleEndian(left) | ((uint)left[2] << 16),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(left),
            };
            at += 1 + more;
            if (kind == Literal)
            {
                if (number >= block.Length - at)
                {
                    return -1;
                }

                at += (int)number + 1;
                length += (long)number + 1;
                continue;
            }

            (uint offset, uint copied) = kind == ShortCopy ? (((tag >> 5) << 8) | number, 4 + ((tag >> 2) & 7)) : (number, size);
            if (offset == 0 || offset > length)
            {
                return -1;
            }

            length += copied;
        }

        return at == block.Length && length <= int.MaxValue ? (int)length : -1;
    }
}
