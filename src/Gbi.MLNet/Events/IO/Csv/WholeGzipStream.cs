using System.Buffers.Binary;
using System.IO.Compression;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// Decompresses a gzip file and refuses one that was cut short, which <see cref="GZipStream"/> alone reads as if it were whole: the file's
/// last four bytes are the length of its content (RFC 1952, modulo 2³²).
/// </summary>
internal sealed class WholeGzipStream : Stream
{
    private readonly GZipStream _content;
    private readonly uint _length;
    private uint _read;

    /// <summary>A stream over a file at its beginning, which stays open.</summary>
    public WholeGzipStream(Stream file)
    {
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        file.Seek(-trailer.Length, SeekOrigin.End);
        file.ReadExactly(trailer);
        file.Position = 0;
        _length = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        _content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = _content.Read(buffer);
        _read = unchecked(_read + (uint)count);
        return count > 0 || buffer.IsEmpty || _read == _length
            ? count
            : throw new InvalidDataException("The content does not have the length that the file declares.");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
