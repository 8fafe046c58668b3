using System.Text;

namespace Gbi.Events.IO.Footers;

/// <summary>The field of a Thrift struct that comes next.</summary>
internal struct ThriftField
{
    /// <summary>Its number in the struct.</summary>
    public int Id;

    /// <summary>Its type in the compact protocol.</summary>
    public byte Type;

    private const byte True = 1, False = 2, Struct = 12;

    /// <summary>Requires a struct, whose fields are read next.</summary>
    public readonly void RequireStruct()
    {
        if (Type != Struct)
        {
            throw ThriftReader.Broken();
        }
    }

    /// <summary>The truth value, which is part of the type.</summary>
    public readonly bool AsBoolean() => Type is True or False ? Type == True : throw ThriftReader.Broken();
}

/// <summary>
/// Reads Thrift's compact protocol out of memory, as footers and page headers of Parquet are written. Never reads beyond the bytes, takes
/// no length on trust, and refuses a field of another type than asked for.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int DeepestStruct = 32;
    private const byte True = 1, False = 2, Int8 = 3, Int16 = 4, Int32 = 5, Int64 = 6, Number = 7, Binary = 8, List = 9, Set = 10, Map = 11,
        Struct = 12, Uuid = 13;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read until now.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the head of the next field; false at the end of the struct. Begin a struct with a new field.</summary>
    public bool Next(ref ThriftField field)
    {
        byte head = ReadByte();
        if (head == 0)
        {
            return false;
        }

        field.Type = (byte)(head & 0xF);
        field.Id = head >> 4 is var step and > 0 ? field.Id + step : (int)Varint.ZigZag(ReadVarint());
        return field.Type is >= True and <= Uuid ? true : throw Broken();
    }

    public int ReadInt32(in ThriftField field)
    {
        long value = ReadInt64(field);
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Broken();
    }

    public long ReadInt64(in ThriftField field) => field.Type switch
    {
        Int8 => (sbyte)ReadByte(),
        Int16 or Int32 or Int64 => Varint.ZigZag(ReadVarint()),
        _ => throw Broken(),
    };

    public ReadOnlySpan<byte> ReadBinary(in ThriftField field) => field.Type == Binary ? Take(ReadVarint()) : throw Broken();

    public string ReadText(in ThriftField field) => Encoding.UTF8.GetString(ReadBinary(field));

    /// <summary>Reads the head of a list; an element takes a byte at least, so that the length is bounded by the bytes.</summary>
    public int ReadListLength(in ThriftField field, out ThriftField element)
    {
        if (field.Type is not (List or Set))
        {
            throw Broken();
        }

        byte head = ReadByte();
        element = new ThriftField { Type = (byte)(head & 0xF) };
        ulong length = head >> 4 == 15 ? ReadVarint() : (ulong)(head >> 4);
        return length <= (ulong)(_bytes.Length - Position) ? (int)length : throw Broken();
    }

    public void Skip(in ThriftField field) => Skip(field.Type, isElement: false, 0);

    private void Skip(byte type, bool isElement, int depth)
    {
        if (depth > DeepestStruct)
        {
            throw Broken();
        }

        switch (type)
        {
            case True or False:
                Take(isElement ? 1u : 0);
                break;
            case Int8:
                Take(1);
                break;
            case Int16 or Int32 or Int64:
                ReadVarint();
                break;
            case Number:
                Take(sizeof(double));
                break;
            case Binary:
                Take(ReadVarint());
                break;
            case Uuid:
                Take(16);
                break;
            case List or Set:
                var list = new ThriftField { Type = List };
                for (int left = ReadListLength(list, out ThriftField element); left > 0; left--)
                {
                    Skip(element.Type, isElement: true, depth + 1);
                }

                break;
            case Map:
                SkipMap(depth);
                break;
            case Struct:
                for (var field = default(ThriftField); Next(ref field);)
                {
                    Skip(field.Type, isElement: false, depth + 1);
                }

                break;
            default:
                throw Broken();
        }
    }

    private void SkipMap(int depth)
    {
        ulong length = ReadVarint();
        if (length > (ulong)(_bytes.Length - Position))
        {
            throw Broken();
        }

        byte types = length > 0 ? ReadByte() : (byte)0;
        for (ulong left = length; left > 0; left--)
        {
            Skip((byte)(types >> 4), isElement: true, depth + 1);
            Skip((byte)(types & 0xF), isElement: true, depth + 1);
        }
    }

    private ulong ReadVarint()
    {
        int at = Position;
        if (!Varint.TryRead(_bytes, ref at, out ulong value))
        {
            throw Broken();
        }

        Position = at;
        return value;
    }

    private byte ReadByte() => Position < _bytes.Length ? _bytes[Position++] : throw Broken();

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_bytes.Length - Position))
        {
            throw Broken();
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }

    internal static InvalidDataException Broken() => new("a header is broken");
}
