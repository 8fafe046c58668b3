using System.Buffers;
using System.Buffers.Binary;
using Parquet.Meta;
using Parquet.Schema;

namespace Parquet.Codecs;

/// <summary>Decodes one column chunk: required or optional, not nested.</summary>
internal sealed class ColumnReader<T>(DataField field, SchemaElement element, ColumnMetaData chunk) where T : struct
{
    // Old writers left the header of the dictionary page out of the chunk's size.
    private const int Slack = 128;

    private readonly bool _optional = field.MaxDefinitionLevel > 0;
    private T[]? _dictionary;
    private int[] _scratch = [];

    public void Read(Stream stream, Memory<T> values, Memory<int> levels, CancellationToken cancellationToken)
    {
        if (chunk.Codec is not (CompressionCodec.UNCOMPRESSED or CompressionCodec.SNAPPY or CompressionCodec.GZIP or CompressionCodec.ZSTD))
        {
            throw new NotSupportedException(
                $"Compression codec {chunk.Codec} of column '{field.Path}' is not supported by this stand-in of Parquet.Net; it reads UNCOMPRESSED, SNAPPY, GZIP and ZSTD.");
        }

        long start = chunk.DataPageOffset;
        if (chunk.DictionaryPageOffset is long at and > 0 && at < start) start = at;
        if (start < 4 || start >= stream.Length || chunk.TotalCompressedSize < 0)
            throw new ParquetException($"Malformed Parquet file: the data of column '{field.Path}' lies outside it.");
        int length = checked((int)Math.Min(chunk.TotalCompressedSize + Slack, stream.Length - start));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            stream.Position = start;
            stream.ReadExactly(buffer, 0, length);
            ReadPages(buffer, length, values.Span, levels.Span, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadPages(byte[] buffer, int length, Span<T> values, Span<int> levels, CancellationToken cancellationToken)
    {
        int total = checked((int)chunk.NumValues);
        int done = 0, present = 0, position = 0;
        while (done < total)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PageHeader page = MetaReader.ReadPage(buffer.AsSpan(position, length - position), out int headerLength);
            position += headerLength;
            if (page.CompressedSize < 0 || page.CompressedSize > length - position || page.UncompressedSize < 0)
                throw new ParquetException($"Malformed Parquet file: a page of column '{field.Path}' ends outside its column chunk.");
            switch (page.Type)
            {
                case PageType.DICTIONARY_PAGE:
                    ReadDictionary(page, buffer, position);
                    break;
                case PageType.DATA_PAGE or PageType.DATA_PAGE_V2:
                    if (page.NumValues < 0 || page.NumValues > total - done)
                        throw new ParquetException($"Malformed Parquet file: the pages of column '{field.Path}' hold more values than declared.");
                    Span<int> pageLevels = _optional ? levels.Slice(done, page.NumValues) : default;
                    present += ReadData(page, buffer, position, values[present..], pageLevels);
                    done += page.NumValues;
                    break;
                case PageType.INDEX_PAGE:
                    break;
                default:
                    throw new ParquetException($"Malformed Parquet file: column '{field.Path}' has a page of unknown type {page.Type}.");
            }

            position += page.CompressedSize;
        }
    }

    private void ReadDictionary(PageHeader page, byte[] buffer, int position)
    {
        if (_dictionary is not null) throw new ParquetException($"Malformed Parquet file: column '{field.Path}' has two dictionaries in one chunk.");
        ReadOnlySpan<byte> data = Body(page, buffer, position, 0, compressed: true);
        // A value takes a bit at least, so this bounds what a corrupt count can allocate.
        if (page.NumValues < 0 || page.NumValues > data.Length * 8L)
            throw new ParquetException($"Malformed Parquet file: the dictionary of column '{field.Path}' declares {page.NumValues} values in {data.Length} bytes.");
        _dictionary = new T[page.NumValues];
        Plain.Decode(data, _dictionary.AsSpan(), element);
    }

    private int ReadData(PageHeader page, byte[] buffer, int position, Span<T> values, Span<int> levels)
    {
        ReadOnlySpan<byte> data;
        int present = page.NumValues;
        if (page.Type == PageType.DATA_PAGE_V2)
        {
            long levelBytes = (long)page.DefinitionLength + page.RepetitionLength;
            if (page.DefinitionLength < 0 || page.RepetitionLength < 0 || levelBytes > page.CompressedSize)
                throw new ParquetException($"Malformed Parquet file: the levels of column '{field.Path}' are longer than their page.");
            if (_optional)
            {
                present = ReadLevels(buffer.AsSpan(position + page.RepetitionLength, page.DefinitionLength), levels);
            }

            data = Body(page, buffer, position, (int)levelBytes, page.IsCompressed);
        }
        else
        {
            data = Body(page, buffer, position, 0, compressed: true);
            if (_optional)
            {
                if (page.DefinitionEncoding != Encoding.RLE) throw Unsupported(page.DefinitionEncoding);
                int length = data.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(data);
                if (length < 0 || length > data.Length - 4) throw new ParquetException($"Malformed Parquet file: the levels of column '{field.Path}' are longer than their page.");
                present = ReadLevels(data.Slice(4, length), levels);
                data = data[(4 + length)..];
            }
        }

        Span<T> target = values[..present];
        switch (page.Encoding)
        {
            case Encoding.PLAIN:
                Plain.Decode(data, target, element);
                break;
            case Encoding.PLAIN_DICTIONARY or Encoding.RLE_DICTIONARY:
                LookUp(data, target);
                break;
            case Encoding.RLE when typeof(T) == typeof(bool):
                ReadRunLengthBooleans(data, target);
                break;
            default:
                throw Unsupported(page.Encoding);
        }

        return present;
    }

    private ReadOnlySpan<byte> Body(PageHeader page, byte[] buffer, int position, int levelBytes, bool compressed)
    {
        int length = page.CompressedSize - levelBytes;
        return compressed && chunk.Codec != CompressionCodec.UNCOMPRESSED
            ? PageCodec.Decompress(chunk.Codec, buffer, position + levelBytes, length, page.UncompressedSize - levelBytes)
            : buffer.AsSpan(position + levelBytes, length);
    }

    private int ReadLevels(ReadOnlySpan<byte> data, Span<int> levels)
    {
        RleBitPacked.Decode(data, 1, levels);
        int present = 0;
        foreach (int level in levels)
        {
            if ((uint)level > 1) throw new ParquetException($"Malformed Parquet file: column '{field.Path}' has a definition level of {level}.");
            present += level;
        }

        return present;
    }

    private void LookUp(ReadOnlySpan<byte> data, Span<T> target)
    {
        if (target.IsEmpty) return;
        T[] dictionary = _dictionary
            ?? throw new ParquetException($"Malformed Parquet file: column '{field.Path}' has a dictionary-encoded page and no dictionary.");
        Span<int> indexes = Indexes(data, target.Length);
        for (int i = 0; i < target.Length; i++)
        {
            int index = indexes[i];
            if ((uint)index >= (uint)dictionary.Length)
                throw new ParquetException($"Malformed Parquet file: column '{field.Path}' points at entry {index} of a dictionary of {dictionary.Length}.");
            target[i] = dictionary[index];
        }
    }

    private Span<int> Indexes(ReadOnlySpan<byte> data, int count)
    {
        if (data.IsEmpty) throw new ParquetException($"Malformed Parquet file: a page of column '{field.Path}' has no values.");
        Span<int> indexes = Scratch(count);
        RleBitPacked.Decode(data[1..], data[0], indexes);
        return indexes;
    }

    private void ReadRunLengthBooleans(ReadOnlySpan<byte> data, Span<T> target)
    {
        Span<int> bits = Scratch(target.Length);
        if (data.Length < 4) throw new ParquetException($"Malformed Parquet file: a page of column '{field.Path}' has no values.");
        RleBitPacked.Decode(data[4..], 1, bits);
        for (int i = 0; i < target.Length; i++) target[i] = (T)(object)(bits[i] != 0);   // The JIT removes the box.
    }

    private Span<int> Scratch(int count)
    {
        if (_scratch.Length < count) _scratch = new int[count];
        return _scratch.AsSpan(0, count);
    }

    private NotSupportedException Unsupported(Encoding encoding) => new(
        $"Encoding {encoding} of column '{field.Path}' is not supported by this stand-in of Parquet.Net; it reads PLAIN, dictionary and RLE booleans.");
}
