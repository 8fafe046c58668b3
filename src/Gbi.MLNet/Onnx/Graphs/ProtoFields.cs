using System.Buffers.Binary;
using System.Text;
using Gbi.Events.IO.Footers;
using Gbi.Onnx.Export;
using Google.Protobuf;

namespace Gbi.Onnx.Graphs;

/// <summary>A field of a protobuf message as it stands in a file.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Type">How its value is written.</param>
/// <param name="Value">The value of a varint or a fixed number, its bits.</param>
/// <param name="Bytes">The value of a field with a length.</param>
internal readonly record struct ProtoField(int Number, WireFormat.WireType Type, ulong Value, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// A protobuf message as its fields in their order. Nothing is lost: fields that nobody asks for are written as they were read. Values
/// with a length are parts of the bytes that were read, not copies.
/// </summary>
internal sealed class ProtoFields
{
    private readonly List<ProtoField> _fields;

    private ProtoFields(List<ProtoField> fields) => _fields = fields;

    public ProtoFields() => _fields = [];

    public IReadOnlyList<ProtoField> Fields => _fields;

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public static ProtoFields Parse(ReadOnlyMemory<byte> bytes)
    {
        var fields = new List<ProtoField>();
        int at = 0;
        while (at < bytes.Length)
        {
            ulong tag = Whole(bytes.Span, ref at);
            var type = (WireFormat.WireType)(tag & 7);
            int number = tag >> 3 is > 0 and <= int.MaxValue ? (int)(tag >> 3) : throw Damaged();
            fields.Add(type switch
            {
                WireFormat.WireType.Varint => new ProtoField(number, type, Whole(bytes.Span, ref at), default),
                WireFormat.WireType.Fixed32 =>
                    new ProtoField(number, type, BinaryPrimitives.ReadUInt32LittleEndian(Next(bytes, ref at, 4).Span), default),
                WireFormat.WireType.Fixed64 =>
                    new ProtoField(number, type, BinaryPrimitives.ReadUInt64LittleEndian(Next(bytes, ref at, 8).Span), default),
                WireFormat.WireType.LengthDelimited => new ProtoField(number, type, 0, Next(bytes, ref at, Whole(bytes.Span, ref at))),
                _ => throw Damaged(),
            });
        }

        return new ProtoFields(fields);
    }

    /// <summary>The last value of a whole number; null where the field is not there.</summary>
    public long? Number(int field) => _fields.Where(found => found.Number == field && found.Type == WireFormat.WireType.Varint)
        .Select(found => (long?)(long)found.Value).LastOrDefault();

    /// <summary>All values of whole numbers, packed or not.</summary>
    public IEnumerable<long> Numbers(int field)
    {
        foreach (ProtoField found in _fields.Where(found => found.Number == field))
        {
            if (found.Type == WireFormat.WireType.Varint)
            {
                yield return (long)found.Value;
                continue;
            }

            for (int at = 0; at < found.Bytes.Length;)
            {
                yield return (long)Whole(found.Bytes.Span, ref at);
            }
        }
    }

    /// <summary>The last value of a text; "" where the field is not there.</summary>
    public string Text(int field) => Texts(field).LastOrDefault("");

    /// <summary>All values of a text.</summary>
    public IEnumerable<string> Texts(int field) => _fields
        .Where(found => found.Number == field && found.Type == WireFormat.WireType.LengthDelimited)
        .Select(found => Encoding.UTF8.GetString(found.Bytes.Span));

    /// <summary>The last value of a message; null where the field is not there.</summary>
    public ProtoFields? Message(int field) => Messages(field).LastOrDefault();

    /// <summary>All values of a message.</summary>
    public IEnumerable<ProtoFields> Messages(int field) => _fields
        .Where(found => found.Number == field && found.Type == WireFormat.WireType.LengthDelimited)
        .Select(found => Parse(found.Bytes));

    /// <summary>A message of these fields.</summary>
    public static ProtoFields Of(IEnumerable<ProtoField> fields) => new([.. fields]);

    /// <summary>The same message without some fields.</summary>
    public ProtoFields Without(params int[] fields) => Of(_fields.Where(found => !fields.Contains(found.Number)));

    /// <summary>The message for writing.</summary>
    public ProtoMessage ToMessage()
    {
        var message = new ProtoMessage();
        _fields.ForEach(field => message.Add(field));
        return message;
    }

    private static ReadOnlyMemory<byte> Next(ReadOnlyMemory<byte> bytes, ref int at, ulong length)
    {
        if (length > (ulong)(bytes.Length - at))
        {
            throw Damaged();
        }

        ReadOnlyMemory<byte> next = bytes.Slice(at, (int)length);
        at += (int)length;
        return next;
    }

    private static ulong Whole(ReadOnlySpan<byte> bytes, ref int at) =>
        Varint.TryRead(bytes, ref at, out ulong value) ? value : throw Damaged();

    private static InvalidDataException Damaged() => new("The bytes are no protobuf message.");
}
