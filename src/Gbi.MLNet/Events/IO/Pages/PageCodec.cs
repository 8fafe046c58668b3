using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using K4os.Compression.LZ4;
using ZstdSharp;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>
/// Decompresses pages. What comes out has exactly the length that the page declares; memory grows with what is decoded, not with what is
/// declared. Keeps one buffer for all pages.
/// </summary>
internal sealed class PageCodec(int codec) : IDisposable
{
    private const int None = 0, Snappy = 1, Gzip = 2, Brotli = 4, HadoopLz4 = 5, Zstd = 6, Lz4 = 7;
    private const int FirstLength = 1 << 20;
    private const int Lz4Frame = 0x184D2204;

    // No byte of these codecs makes more than these; a page that declares more is refused before memory is taken for it.
    private const int LargestSnappyRatio = 64, LargestLz4Ratio = 256, LargestUsualRatio = 256;

    private byte[] _buffer = [];
    private Decompressor? _zstd;

    /// <summary>Whether pages are as they are.</summary>
    public bool IsNone => codec == None;

    /// <summary>The bytes of a page. They stay until the next call.</summary>
    /// <exception cref="InvalidDataException">The page is damaged.</exception>
    /// <exception cref="NotSupportedException">The compression is unknown.</exception>
    public ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> compressed, int length)
    {
        if (codec == None)
        {
            return compressed.Length == length ? compressed : throw Wrong(compressed.Length, length);
        }

        if (length == 0)
        {
            return default;
        }

        int actual;
        try
        {
            actual = codec switch
            {
                Snappy => DecompressSnappy(compressed.Span, length),
                Gzip => DecompressStream(bytes => new GZipStream(bytes, CompressionMode.Decompress), compressed, length),
                Brotli => DecompressStream(bytes => new BrotliStream(bytes, CompressionMode.Decompress), compressed, length),
                Zstd => DecompressZstd(compressed, length),
                Lz4 => DecompressLz4(compressed.Span, Room(length, compressed.Length, LargestLz4Ratio)),
                HadoopLz4 => DecompressHadoop(compressed.Span, Room(length, compressed.Length, LargestLz4Ratio)),
                3 => throw new NotSupportedException("its compression is LZO"),
                _ => throw new NotSupportedException(Text($"its compression is number {codec}")),
            };
        }
        catch (Exception cause) when (cause is not NotSupportedException)
        {
            throw new InvalidDataException("it cannot be decompressed", cause);
        }

        return actual == length ? _buffer.AsMemory(0, length) : throw Wrong(actual, length);
    }

    public void Dispose()
    {
        _zstd?.Dispose();
        Release();
    }

    private static InvalidDataException Wrong(int actual, int length) => new(actual < 0 || actual > length
        ? Text($"it does not decompress to the {length} bytes that it declares")
        : Text($"it decompresses to {actual} bytes, {length} are declared"));

    private int DecompressSnappy(ReadOnlySpan<byte> compressed, int length)
    {
        // The package cuts off what goes beyond the declared length.
        int declared = Snappier.Snappy.GetUncompressedLength(compressed);
        int found = declared == length ? SnappyBlock.LengthOf(compressed) : declared;
        return found == length ? Snappier.Snappy.Decompress(compressed, Room(length, compressed.Length, LargestSnappyRatio)) : found;
    }

    private int DecompressZstd(ReadOnlyMemory<byte> compressed, int length)
    {
        if (length > FirstLength + ((long)LargestUsualRatio * compressed.Length))
        {
            return DecompressStream(bytes => new DecompressionStream(bytes), compressed, length);
        }

        _zstd ??= new Decompressor();
        return _zstd.TryUnwrap(compressed.Span, Room(length), out int written) ? written : -1;
    }

    // One byte more than declared is asked for: decoders that know of a checksum look at it at the end only.
    private int DecompressStream(Func<Stream, Stream> decode, ReadOnlyMemory<byte> compressed, int length)
    {
        using Stream content = decode(StreamOf(compressed));
        int count = 0;
        Span<byte> more = stackalloc byte[1];
        Room(Math.Min(length, FirstLength));
        while (true)
        {
            if (count == _buffer.Length && count < length)
            {
                Grow((int)Math.Min(2L * count, length));
            }

            int read = content.Read(count < length ? _buffer.AsSpan(count, Math.Min(_buffer.Length, length) - count) : more);
            if (read == 0)
            {
                return count;
            }

            count += read;
            if (count > length)
            {
                return -1;
            }
        }
    }

    // Pages are parts of arrays.
    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> part)
        ? new MemoryStream(part.Array!, part.Offset, part.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);

    private static int DecompressLz4(ReadOnlySpan<byte> compressed, Span<byte> target) => LZ4Codec.Decode(compressed, target);

    // Writers have written three things under this name: Hadoop's blocks behind two lengths each, a bare block, and LZ4's own frames.
    private static int DecompressHadoop(ReadOnlySpan<byte> compressed, Span<byte> target)
    {
        if (compressed.Length >= 4 && BinaryPrimitives.ReadInt32LittleEndian(compressed) == Lz4Frame)
        {
            throw new NotSupportedException("its compression is LZ4 in frames");
        }

        ReadOnlySpan<byte> left = compressed;
        int count = 0;
        while (left.Length >= 8)
        {
            int block = BinaryPrimitives.ReadInt32BigEndian(left), stored = BinaryPrimitives.ReadInt32BigEndian(left[4..]);
            left = left[8..];
            if (block < 0 || block > target.Length - count || stored < 0 || stored > left.Length
                || LZ4Codec.Decode(left[..stored], target.Slice(count, block)) != block)
            {
                return DecompressLz4(compressed, target);
            }

            count += block;
            left = left[stored..];
        }

        return left.IsEmpty ? count : DecompressLz4(compressed, target);
    }

    private Span<byte> Room(int length, int compressed, int ratio) => length <= FirstLength + ((long)compressed * ratio)
        ? Room(length)
        : throw new InvalidDataException("it cannot hold what it declares");

    private Span<byte> Room(int length)
    {
        if (_buffer.Length < length)
        {
            Release();
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        return _buffer.AsSpan(0, length);
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Grow(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(length);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
