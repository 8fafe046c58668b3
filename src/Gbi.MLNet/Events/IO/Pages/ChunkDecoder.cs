using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gbi.Events.IO.Footers;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>Takes the values of a column as they are decoded, page by page.</summary>
internal interface IValueSink<T>
{
    /// <summary>Takes the next rows.</summary>
    /// <param name="values">The values that are present.</param>
    /// <param name="present">For each row 1 where a value is present, 0 where it is null; empty where all rows are alike.</param>
    /// <param name="rows">Number of rows.</param>
    void Take(ReadOnlySpan<T> values, ReadOnlySpan<byte> present, int rows);
}

/// <summary>Turns stored values into what they mean.</summary>
internal delegate void ValueMap<TStored, TValue>(ReadOnlySpan<TStored> stored, Span<TValue> values);

/// <summary>What a column chunk is decoded with.</summary>
/// <param name="Type">Decodes stored values.</param>
/// <param name="Meaning">Turns them into what they mean; null where they are that already.</param>
/// <param name="Bounds">Makes bounds of statistics.</param>
internal sealed record ChunkDecoding<TStored, TValue>(
    StoredType<TStored> Type, ValueMap<TStored, TValue>? Meaning, Func<StoredStatistics?, ValueBounds<TStored>?> Bounds);

/// <summary>
/// Decodes the pages of a column chunk of flat values, each once. What is passed on is right as far as the file itself can tell: every page
/// has the length, the number of values and of nulls, and the checksum that it declares, uses up its bytes, refers to entries that its
/// dictionary has, and keeps to the bounds of the footer; the pages together hold the rows of the row group.
/// </summary>
internal sealed class ChunkDecoder<TStored, TValue>(
    ChunkDecoding<TStored, TValue> decoding, ColumnChunk chunk, bool isNullable, IValueSink<TValue> sink) : IDisposable
{
    private readonly PageCodec _codec = new(chunk.Codec);
    private readonly PageLevels _levels = new();
    private readonly ValueBounds<TStored>? _chunkBounds = decoding.Bounds(chunk.Statistics);
    private TValue[]? _dictionary;
    private TStored[]? _uncheckedDictionary;
    private TValue[] _values = [];
    private int[] _indices = [];
    private long _nullCount;
    private string? _excess;

    /// <summary>Decodes all pages.</summary>
    /// <exception cref="InvalidDataException">The chunk is damaged; the message names the page.</exception>
    /// <exception cref="NotSupportedException">A compression or encoding is unknown.</exception>
    public void Decode(ChunkPages pages, long rowCount, CancellationToken cancellationToken)
    {
        long left = rowCount;
        try
        {
            while (left > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                PageHeader header = pages.Next(out ReadOnlyMemory<byte> body);
                if (header.Kind == PageKind.Dictionary)
                {
                    ReadDictionary(header, body);
                }
                else if (header.HoldsData)
                {
                    left = header.ValueCount <= left ? left - header.ValueCount : throw new InvalidDataException(Text(
                        $"it declares {header.ValueCount} values where {left} of the row group's {rowCount} rows are left"));
                    ReadData(header, body, pages.Number);
                }
            }

            pages.RequireEnd();
        }
        catch (Exception cause) when (cause is InvalidDataException or NotSupportedException or OverflowException)
        {
            string message = Text($"page {pages.Number}: {cause.Message}");
            throw cause switch
            {
                NotSupportedException => new NotSupportedException(message, cause),
                OverflowException => new OverflowException(message, cause),
                _ => new InvalidDataException(message, cause),
            };
        }

        RequireNulls();
        _chunkBounds?.Require();
    }

    public void Dispose()
    {
        _codec.Dispose();
        decoding.Type.Dispose();
        Rented.Return(ref _values);
        Rented.Return(ref _indices);
        _levels.Dispose();
    }

    private void ReadDictionary(PageHeader header, ReadOnlyMemory<byte> body)
    {
        if (_dictionary is not null)
        {
            throw new InvalidDataException("it is a second dictionary");
        }

        if (header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary))
        {
            throw new NotSupportedException(Text($"the encoding of its dictionary is number {(int)header.Encoding}"));
        }

        ReadOnlyMemory<byte> bytes = _codec.Decompress(body, header.UncompressedSize);
        ReadOnlySpan<TStored> stored = decoding.Type.Decode(PageEncoding.Plain, bytes, header.ValueCount);
        _dictionary = new TValue[stored.Length];
        Translate(stored).CopyTo(_dictionary);

        // Entries may lie outside the bounds as long as no row has them.
        ValueBounds<TStored>? bounds = decoding.Bounds(chunk.Statistics);
        bounds?.Check(stored);
        if (bounds is { HasNaN: true } or { Violation: not null })
        {
            _uncheckedDictionary = stored.ToArray();
        }
    }

    private void ReadData(PageHeader header, ReadOnlyMemory<byte> body, int number)
    {
        ReadOnlyMemory<byte> bytes = header.Kind == PageKind.Data
            ? _codec.Decompress(body, header.UncompressedSize)
            : DecompressValues(header, ref body);
        int rows = header.ValueCount, count = rows;
        ReadOnlySpan<byte> present = default;
        if (isNullable && rows > 0)
        {
            int length = 0;
            present = header.Kind == PageKind.Data
                ? _levels.Read(header, bytes.Span, out count, out length)
                : _levels.Read(header, body.Span, out count);
            bytes = bytes[length..];
        }

        int nulls = rows - count;
        if (header.NullCount is { } declared and not 0 && declared != nulls)
        {
            throw new InvalidDataException(Text($"it has {nulls} nulls, and its header declares {declared}"));
        }

        _nullCount += nulls;
        ReadOnlySpan<TValue> values = header.Encoding is PageEncoding.PlainDictionary or PageEncoding.RunLengthDictionary
            ? LookUp(bytes.Span, count, out int excess)
            : Translate(Checked(Plain(header.Encoding, bytes, count, out excess), header.Statistics));
        if (excess > 0 && nulls > 0 && header.NullCount != nulls)
        {
            _excess ??= Text($"page {number}: its {count} values of {rows} rows do not use up its bytes, {excess} are left");
        }

        sink.Take(values, present, rows);
    }

    private ReadOnlySpan<TStored> Plain(PageEncoding encoding, ReadOnlyMemory<byte> bytes, int count, out int excess)
    {
        ReadOnlySpan<TStored> values = decoding.Type.Decode(encoding, bytes, count);
        excess = decoding.Type.Excess;
        return values;
    }

    /// <summary>
    /// Some writers leave bytes behind the values, some declare no nulls where there are; both at once means that a level was changed.
    /// </summary>
    private void RequireNulls()
    {
        long? declared = chunk.Statistics?.NullCount;
        if (declared is { } nulls and not 0 && nulls != _nullCount)
        {
            throw new InvalidDataException(Text($"it has {_nullCount} nulls, and its footer declares {nulls}"));
        }

        if (_excess is not null && declared != _nullCount)
        {
            throw new InvalidDataException(_excess);
        }
    }

    /// <summary>Values of a page of version 2; its definition levels remain as the body.</summary>
    private ReadOnlyMemory<byte> DecompressValues(PageHeader header, ref ReadOnlyMemory<byte> body)
    {
        long levels = (long)header.RepetitionBytes + header.DefinitionBytes;
        if (header.RepetitionBytes < 0 || header.DefinitionBytes < 0 || levels > body.Length || levels > header.UncompressedSize)
        {
            throw new InvalidDataException(Text($"it declares {levels} bytes of levels, more than it has"));
        }

        ReadOnlyMemory<byte> values = body[(int)levels..];
        int length = header.UncompressedSize - (int)levels;
        body = body.Slice(header.RepetitionBytes, header.DefinitionBytes);
        return header.IsCompressed || values.Length == length && _codec.IsNone
            ? _codec.Decompress(values, length)
            : values.Length == length ? values : throw new InvalidDataException(Text(
                $"its values take {values.Length} bytes, {length} are declared"));
    }

    private ReadOnlySpan<TStored> Checked(ReadOnlySpan<TStored> values, StoredStatistics? ofPage)
    {
        if (decoding.Bounds(ofPage) is { } bounds)
        {
            bounds.Check(values);
            bounds.Require();
        }
        else
        {
            _chunkBounds?.Check(values);
        }

        return values;
    }

    private ReadOnlySpan<TValue> Translate(ReadOnlySpan<TStored> stored)
    {
        if (decoding.Meaning is null)
        {
            return MemoryMarshal.CreateReadOnlySpan(
                ref Unsafe.As<TStored, TValue>(ref MemoryMarshal.GetReference(stored)), stored.Length);
        }

        Span<TValue> values = Rented.Room(ref _values, stored.Length);
        decoding.Meaning(stored, values);
        return values;
    }

    private ReadOnlySpan<TValue> LookUp(ReadOnlySpan<byte> bytes, int count, out int excess)
    {
        if (_dictionary is null)
        {
            throw new InvalidDataException("no dictionary precedes it");
        }

        excess = 0;
        if (bytes.IsEmpty)
        {
            return count == 0 ? default : throw new InvalidDataException(Text($"it is empty where {count} values are declared"));
        }

        RunLengths.Require(bytes[1..], bytes[0], count);
        Span<int> indices = Rented.Room(ref _indices, count);
        excess = RunLengths.Decode(bytes[1..], bytes[0], indices);
        TValue[] dictionary = _dictionary;
        Span<TValue> values = Rented.Room(ref _values, count);
        for (int i = 0; i < indices.Length; i++)
        {
            int index = indices[i];
            values[i] = (uint)index < (uint)dictionary.Length ? dictionary[index] : throw new InvalidDataException(Text(
                $"it refers to entry {(uint)index} of a dictionary of {dictionary.Length}"));
        }

        CheckEntries(indices);
        return values;
    }

    private void CheckEntries(ReadOnlySpan<int> indices)
    {
        if (_uncheckedDictionary is not { } stored || _chunkBounds is null)
        {
            return;
        }

        foreach (int index in indices)
        {
            _chunkBounds.Check(stored.AsSpan(index, 1));
        }
    }
}
