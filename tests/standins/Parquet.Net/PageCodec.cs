using System.IO.Compression;
using Parquet.Meta;

namespace Parquet.Codecs;

/// <summary>Compression of whole pages.</summary>
internal static class PageCodec
{
    // Deflate cannot shrink by more than this factor, so a larger declared size is a corrupt one.
    private const long LargestRatio = 1040;

    public static byte[] Decompress(CompressionCodec codec, byte[] buffer, int offset, int length, int uncompressedLength)
    {
        if (codec == CompressionCodec.ZSTD && uncompressedLength > 0)
            return Zstd.Decompress(buffer, offset, length, uncompressedLength);
        if (uncompressedLength < 0 || uncompressedLength > (length + 64) * LargestRatio)
            throw new ParquetException($"Malformed page: {length} bytes cannot hold {uncompressedLength} uncompressed ones.");
        byte[] page = new byte[uncompressedLength];
        switch (codec)
        {
            case CompressionCodec.SNAPPY when uncompressedLength == 0:
                break;
            case CompressionCodec.SNAPPY:
                Snappy.Decompress(buffer.AsSpan(offset, length), page);
                break;
            case CompressionCodec.GZIP:
                using (var gzip = new GZipStream(new MemoryStream(buffer, offset, length, writable: false), CompressionMode.Decompress))
                {
                    if (gzip.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) < page.Length || gzip.ReadByte() >= 0)
                        throw new ParquetException("Malformed page: its Gzip data is not as long as declared.");
                }

                break;
            default:
                throw new NotSupportedException(
                    $"Compression codec {codec} is not supported by this stand-in of Parquet.Net; it reads UNCOMPRESSED, SNAPPY, GZIP and ZSTD.");
        }

        return page;
    }

    public static byte[] Compress(CompressionMethod method, CompressionLevel level, byte[] page)
    {
        switch (method)
        {
            case CompressionMethod.None:
                return page;
            case CompressionMethod.Snappy:
                return Snappy.Compress(page);
            case CompressionMethod.Gzip:
                var compressed = new MemoryStream();
                using (var gzip = new GZipStream(compressed, level, leaveOpen: true)) gzip.Write(page);
                return compressed.ToArray();
            default:
                throw new NotSupportedException($"Compression {method} is not supported by this stand-in of Parquet.Net; it writes None, Snappy and Gzip.");
        }
    }
}
