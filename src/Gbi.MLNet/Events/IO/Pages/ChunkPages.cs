using System.Buffers;
using System.IO.Hashing;
using Gbi.Events.IO.Footers;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>
/// Walks the pages of a column chunk: every header is checked against the bytes that the chunk has left before anything of the size that
/// it declares is read, and the checksum, where there is one, against the page. Keeps a window of the file in memory, as long as a page.
/// </summary>
internal sealed class ChunkPages : IDisposable
{
    private const int WindowLength = 1 << 18;
    private const int FirstHeaderLength = 1 << 10;

    // Writers of old (PARQUET-816) left the header of the dictionary out of a chunk's length.
    private const int UncountedHeader = 100;

    private readonly RandomReader _file;
    private readonly long _end;
    private readonly long _start;
    private readonly long _countedEnd;
    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;
    private int _dictionaryHeader;
    private long _position;

    /// <summary>Begins at the first page.</summary>
    /// <exception cref="InvalidDataException">The chunk does not lie within the file.</exception>
    public ChunkPages(RandomReader file, ColumnChunk chunk, long dataEnd)
    {
        _file = file;
        _position = chunk.Offset;
        if (_position < 4 || chunk.CompressedSize < 0 || chunk.CompressedSize > dataEnd - _position)
        {
            throw new InvalidDataException(
                Text($"its {chunk.CompressedSize} bytes at offset {_position} do not lie within the file"));
        }

        _start = _position;
        _countedEnd = _position + chunk.CompressedSize;
        _end = Math.Min(dataEnd, _countedEnd + UncountedHeader);
    }

    /// <summary>Number of the page that was read last, from 0.</summary>
    public int Number { get; private set; } = -1;

    private bool AtEnd => _position >= _countedEnd;

    /// <summary>Reads the next page. Its bytes stay until the next call.</summary>
    /// <exception cref="InvalidDataException">There is no further page, or it is damaged.</exception>
    public PageHeader Next(out ReadOnlyMemory<byte> body)
    {
        Number++;
        PageHeader header = NextHeader();
        body = Window(header.CompressedSize);
        _position += header.CompressedSize;
        if (header.Checksum is { } declared && Crc32.HashToUInt32(body.Span) is var actual && actual != declared)
        {
            throw new InvalidDataException(Text($"its checksum is {actual:x8}, {declared:x8} is declared"));
        }

        return header;
    }

    /// <summary>Requires that the pages end where the footer says.</summary>
    public void RequireEnd()
    {
        if (_position > _countedEnd && _position - _countedEnd != _dictionaryHeader)
        {
            throw new InvalidDataException(Text(
                $"its pages have {_position - _start} bytes, and the footer declares {_countedEnd - _start}"));
        }

        while (!AtEnd)
        {
            PageHeader header = Skip();
            if (header.HoldsData && header.ValueCount > 0)
            {
                throw new InvalidDataException(Text($"it declares {header.ValueCount} values more than the row group has rows"));
            }
        }
    }

    private PageHeader Skip()
    {
        Number++;
        PageHeader header = NextHeader();
        _position += header.CompressedSize;
        return header;
    }

    public void Dispose()
    {
        if (_window.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_window);
            _window = [];
        }
    }

    private PageHeader NextHeader()
    {
        if (_position >= _end)
        {
            throw new InvalidDataException("the column ends before it");
        }

        long left = _end - _position;
        PageHeader header = ReadHeader(out int length);
        _position += length;
        left -= length;
        _dictionaryHeader = header.Kind == PageKind.Dictionary ? length : _dictionaryHeader;
        if (header.CompressedSize < 0 || header.UncompressedSize < 0 || header.CompressedSize > left)
        {
            throw new InvalidDataException(Text(
                $"it declares {header.CompressedSize} bytes, {header.UncompressedSize} uncompressed, where the column has {left} left"));
        }

        return header.ValueCount >= 0 || header.Kind == PageKind.Index
            ? header
            : throw new InvalidDataException(Text($"it declares {header.ValueCount} values"));
    }

    // A header holds statistics of any length: it is tried on more and more bytes.
    private PageHeader ReadHeader(out int length)
    {
        long left = _end - _position;
        for (int tried = (int)Math.Min(FirstHeaderLength, left); ; tried = (int)Math.Min(16L * tried, left))
        {
            try
            {
                return PageHeader.Read(Window(tried).Span, out length);
            }
            catch (InvalidDataException) when (tried < Math.Min(left, 1 << 24))
            {
                // More bytes follow.
            }
        }
    }

    private ReadOnlyMemory<byte> Window(int length)
    {
        long skipped = _position - _windowStart;
        if (skipped < 0 || skipped + length > _windowLength)
        {
            Fill(length);
            skipped = 0;
        }

        return _window.AsMemory((int)skipped, length);
    }

    private void Fill(int length)
    {
        int wanted = (int)Math.Min(Math.Max(length, WindowLength), _end - _position);
        if (wanted > _window.Length)
        {
            Dispose();
            _window = ArrayPool<byte>.Shared.Rent(wanted);
        }

        _file.ReadExactly(_window.AsSpan(0, wanted), _position);
        _windowStart = _position;
        _windowLength = wanted;
    }
}
