using System.Diagnostics.CodeAnalysis;
using Gbi.Onnx.Graphs;
using Google.Protobuf;

namespace Gbi.Onnx.Export;

/// <summary>
/// A protobuf message under construction. Fields are written in the order of the calls, so that the same calls give the same
/// bytes; a repeated field is one that is added several times, or a packed one.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Both streams hold memory alone, which is freed without being disposed of.")]
internal sealed class ProtoMessage
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _output;

    public ProtoMessage() => _output = new CodedOutputStream(_bytes, leaveOpen: true);

    /// <summary>Adds text in UTF-8.</summary>
    public ProtoMessage Add(int field, string text)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteString(text);
        return this;
    }

    /// <summary>Adds a whole number (int64, int32 or an enum).</summary>
    public ProtoMessage Add(int field, long number)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteInt64(number);
        return this;
    }

    /// <summary>Adds a message.</summary>
    public ProtoMessage Add(int field, ProtoMessage message) => AddBytes(field, message);

    /// <summary>Adds a field as it was read from a file.</summary>
    public ProtoMessage Add(ProtoField field)
    {
        _output.WriteTag(field.Number, field.Type);
        switch (field.Type)
        {
            case WireFormat.WireType.Varint:
                _output.WriteUInt64(field.Value);
                break;
            case WireFormat.WireType.Fixed32:
                _output.WriteFixed32((uint)field.Value);
                break;
            case WireFormat.WireType.Fixed64:
                _output.WriteFixed64(field.Value);
                break;
            default:
                _output.WriteBytes(UnsafeByteOperations.UnsafeWrap(field.Bytes));
                break;
        }

        return this;
    }

    /// <summary>Adds the fields of another message to this one.</summary>
    public ProtoMessage Append(ProtoMessage other)
    {
        _output.Flush();
        other.WriteTo(_bytes);
        return this;
    }

    /// <summary>Adds whole numbers, packed.</summary>
    public ProtoMessage Add(int field, IEnumerable<long> numbers)
    {
        var packed = new ProtoMessage();
        foreach (long number in numbers)
        {
            packed._output.WriteInt64(number);
        }

        return AddBytes(field, packed);
    }

    /// <summary>Adds double-precision numbers, packed.</summary>
    public ProtoMessage Add(int field, IEnumerable<double> numbers)
    {
        var packed = new ProtoMessage();
        foreach (double number in numbers)
        {
            packed._output.WriteDouble(number);
        }

        return AddBytes(field, packed);
    }

    /// <summary>Adds single-precision numbers, packed.</summary>
    public ProtoMessage Add(int field, IEnumerable<float> numbers)
    {
        var packed = new ProtoMessage();
        foreach (float number in numbers)
        {
            packed._output.WriteFloat(number);
        }

        return AddBytes(field, packed);
    }

    /// <summary>The message as text.</summary>
    public string ToBase64()
    {
        _output.Flush();
        return Convert.ToBase64String(_bytes.GetBuffer(), 0, (int)_bytes.Length);
    }

    /// <summary>The message's bytes.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        _output.Flush();
        return _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);
    }

    /// <summary>Writes the message.</summary>
    public void WriteTo(Stream stream)
    {
        _output.Flush();
        _bytes.WriteTo(stream);
    }

    private ProtoMessage AddBytes(int field, ProtoMessage content)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteBytes(UnsafeByteOperations.UnsafeWrap(content.ToBytes()));
        return this;
    }
}
