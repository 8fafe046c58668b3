using System.Runtime.InteropServices;
using Parquet.Meta;

namespace Parquet.Codecs;

/// <summary>Zstandard by the system's libzstd, where there is one; reading only.</summary>
internal static class Zstd
{
    private const ulong UnknownSize = ulong.MaxValue;

    // Zstandard's own densest blocks repeat one byte for 128 KiB; a larger ratio is a corrupt length.
    private const long LargestRatio = 1 << 17;

    private static readonly Lazy<bool> Available = new(static () => NativeLibrary.TryLoad("libzstd.so.1", out _));

    public static byte[] Decompress(byte[] buffer, int offset, int length, int uncompressedLength)
    {
        if (!Available.Value)
            throw new NotSupportedException(
                $"Compression codec {CompressionCodec.ZSTD} is read by this stand-in of Parquet.Net through the system's libzstd.so.1, which is missing; install libzstd.");
        ReadOnlySpan<byte> page = buffer.AsSpan(offset, length);
        ulong declared = ContentSize(in MemoryMarshal.GetReference(page), (nuint)length);
        if ((declared != UnknownSize && declared != (ulong)uncompressedLength) || uncompressedLength > (length + 64) * LargestRatio)
            throw new ParquetException($"Malformed page: {length} bytes of Zstandard data cannot hold {uncompressedLength} uncompressed ones.");
        byte[] result = new byte[uncompressedLength];
        nuint written = Decompress(
            ref MemoryMarshal.GetArrayDataReference(result), (nuint)result.Length, in MemoryMarshal.GetReference(page), (nuint)length);
        return written == (nuint)result.Length
            ? result
            : throw new ParquetException("Malformed page: its Zstandard data is damaged or not as long as declared.");
    }

    [DllImport("libzstd.so.1", EntryPoint = "ZSTD_decompress")]
    private static extern nuint Decompress(ref byte target, nuint capacity, in byte source, nuint size);

    [DllImport("libzstd.so.1", EntryPoint = "ZSTD_getFrameContentSize")]
    private static extern ulong ContentSize(in byte source, nuint size);
}
