using System.Buffers.Binary;

namespace Gbi.Events.IO.Pages;

/// <summary>The structure of a block of Snappy, without its content.</summary>
internal static class SnappyBlock
{
    private const int Literal = 0, ShortCopy = 1, Copy = 2, LongestShortLiteral = 60;

    /// <summary>The length of what a block makes; −1 where a copy begins before the block, or a part of the block is missing.</summary>
    public static int LengthOf(ReadOnlySpan<byte> block)
    {
        int at = block.IndexOfAnyInRange((byte)0, (byte)0x7F) + 1;
        long length = 0;
        while (at < block.Length)
        {
            int tag = block[at++], kind = tag & 3, size = tag >> 2;
            int more = kind switch
            {
                Literal => Math.Max(0, size - LongestShortLiteral + 1),
                ShortCopy => 1,
                Copy => 2,
                _ => 4,
            };
            if (more > block.Length - at)
            {
                return -1;
            }

            uint number = Number(block.Slice(at, more));
            at += more;
            if (kind == Literal)
            {
                long literal = 1 + (more == 0 ? size : (long)number);
                if (literal > block.Length - at)
                {
                    return -1;
                }

                at += (int)literal;
                length += literal;
                continue;
            }

            long offset = kind == ShortCopy ? ((uint)(tag >> 5) << 8) | number : number;
            if (offset == 0 || offset > length)
            {
                return -1;
            }

            length += kind == ShortCopy ? 4 + (size & 7) : 1 + size;
        }

        return length <= int.MaxValue ? (int)length : -1;
    }

    private static uint Number(ReadOnlySpan<byte> bytes)
    {
        Span<byte> four = stackalloc byte[sizeof(uint)];
        four.Clear();
        bytes.CopyTo(four);
        return BinaryPrimitives.ReadUInt32LittleEndian(four);
    }
}
