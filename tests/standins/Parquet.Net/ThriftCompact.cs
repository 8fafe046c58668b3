using System.Text;

namespace Parquet.Meta;

/// <summary>Reads the Thrift compact protocol from memory; every length is checked against what is left.</summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    public const int Bool = 1, BoolFalse = 2, I8 = 3, I16 = 4, I32 = 5, I64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11, Struct = 12;

    private const int DeepestNesting = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    /// <summary>Next field of a struct, or false at its end. <paramref name="id"/> goes in as the previous field's id.</summary>
    public bool NextField(ref short id, out int type)
    {
        byte head = Byte();
        type = head & 15;
        if (head == 0) return false;
        int delta = head >> 4;
        id = delta == 0 ? (short)ZigZag() : (short)(id + delta);
        return true;
    }

    public byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw Truncated();

    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 127) << shift;
            if (b < 128) return value;
        }

        throw new ParquetException("Malformed Parquet metadata: a variable-length integer has more than ten bytes.");
    }

    public long ZigZag()
    {
        ulong v = Varint();
        return (long)(v >> 1) ^ -(long)(v & 1);
    }

    public int Int() => checked((int)ZigZag());

    public string Text()
    {
        ulong length = Varint();
        if (length > (ulong)(_bytes.Length - Position)) throw Truncated();
        string text = Encoding8.GetString(_bytes.Slice(Position, (int)length));
        Position += (int)length;
        return text;
    }

    private static readonly UTF8Encoding Encoding8 = new(false);

    /// <summary>Number of elements of a list; never more than the bytes left, as each takes one at least.</summary>
    public int ListHead(out int elementType)
    {
        byte head = Byte();
        elementType = head & 15;
        ulong count = (ulong)(head >> 4);
        if (count == 15) count = Varint();
        return count <= (ulong)(_bytes.Length - Position) ? (int)count : throw Truncated();
    }

    public void Expect(int type, int expected)
    {
        if (type != expected) throw new ParquetException($"Malformed Parquet metadata: a field has Thrift type {type} where {expected} belongs.");
    }

    public void Skip(int type, int depth = 0)
    {
        if (depth > DeepestNesting) throw new ParquetException("Malformed Parquet metadata: nested too deep.");
        switch (type)
        {
            case Bool or BoolFalse: break;
            case I8: Byte(); break;
            case I16 or I32 or I64: Varint(); break;
            case Double: Advance(8); break;
            case Binary: Advance(Varint()); break;
            case List or Set:
                int count = ListHead(out int element);
                for (int i = 0; i < count; i++) SkipElement(element, depth + 1);
                break;
            case Map:
                ulong pairs = Varint();
                if (pairs == 0) break;
                byte types = Byte();
                if (pairs > (ulong)(_bytes.Length - Position)) throw Truncated();
                for (ulong i = 0; i < pairs; i++)
                {
                    SkipElement(types >> 4, depth + 1);
                    SkipElement(types & 15, depth + 1);
                }

                break;
            case Struct:
                short id = 0;
                while (NextField(ref id, out int inner)) Skip(inner, depth + 1);
                break;
            default: throw new ParquetException($"Malformed Parquet metadata: unknown Thrift type {type}.");
        }
    }

    private void SkipElement(int type, int depth)
    {
        if (type is Bool or BoolFalse) Byte();   // In a container a boolean takes a byte of its own.
        else Skip(type, depth);
    }

    private void Advance(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Position)) throw Truncated();
        Position += (int)count;
    }

    private static ParquetException Truncated() => new("Malformed Parquet metadata: it ends in the middle of a field.");
}

/// <summary>Writes the Thrift compact protocol.</summary>
internal sealed class ThriftWriter
{
    private readonly MemoryStream _out = new();
    private readonly Stack<short> _outer = new();
    private short _last;

    public byte[] ToArray() => _out.ToArray();

    public void Begin()
    {
        _outer.Push(_last);
        _last = 0;
    }

    public void End()
    {
        _out.WriteByte(0);
        _last = _outer.Pop();
    }

    public void StructField(short id)
    {
        Field(id, ThriftReader.Struct);
        Begin();
    }

    public void Int(short id, int value) => Number(id, ThriftReader.I32, value);

    public void Long(short id, long value) => Number(id, ThriftReader.I64, value);

    public void OptionalInt(short id, int? value)
    {
        if (value is int v) Int(id, v);
    }

    public void OptionalLong(short id, long? value)
    {
        if (value is long v) Long(id, v);
    }

    public void SignedByte(short id, sbyte value)
    {
        Field(id, ThriftReader.I8);
        _out.WriteByte((byte)value);
    }

    public void Bool(short id, bool value) => Field(id, value ? ThriftReader.Bool : ThriftReader.BoolFalse);

    public void Text(short id, string value)
    {
        Field(id, ThriftReader.Binary);
        TextElement(value);
    }

    public void ListHead(short id, int elementType, int count)
    {
        Field(id, ThriftReader.List);
        if (count < 15)
        {
            _out.WriteByte((byte)(count << 4 | elementType));
            return;
        }

        _out.WriteByte((byte)(0xF0 | elementType));
        Varint((ulong)count);
    }

    public void IntElement(int value) => ZigZag(value);

    public void TextElement(string value)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
        Varint((ulong)bytes.Length);
        _out.Write(bytes);
    }

    private void Number(short id, int type, long value)
    {
        Field(id, type);
        ZigZag(value);
    }

    private void Field(short id, int type)
    {
        int delta = id - _last;
        if (delta is > 0 and < 16)
        {
            _out.WriteByte((byte)(delta << 4 | type));
        }
        else
        {
            _out.WriteByte((byte)type);
            ZigZag(id);
        }

        _last = id;
    }

    private void ZigZag(long value) => Varint((ulong)(value << 1 ^ value >> 63));

    private void Varint(ulong value)
    {
        for (; value > 127; value >>= 7) _out.WriteByte((byte)(value | 128));
        _out.WriteByte((byte)value);
    }
}
