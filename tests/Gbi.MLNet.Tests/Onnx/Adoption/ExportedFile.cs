using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace Gbi.Tests.Onnx.Adoption;

/// <summary>
/// A network as other programs export it, written by the numbers of onnx.proto: any operators, types, shapes, versions and domains. A size
/// of −1 is left open. Types: 1 float, 7 int64, 8 text, 9 bool, 10 float16, 11 double.
/// </summary>
internal sealed class ExportedFile
{
    public const int Float = 1;
    public const int UInt8 = 2;
    public const int Int8 = 3;
    public const int Int64 = 7;
    public const int Text = 8;
    public const int Bool = 9;
    public const int Half = 10;
    public const int Double = 11;

    private readonly List<(int Field, byte[] Content)> _graph = [];
    private readonly Dictionary<string, string> _metadata = [];
    private readonly List<byte> _outside = [];

    /// <summary>The program that is said to have written it.</summary>
    public string Producer { get; init; } = "";

    /// <summary>Version of ONNX's own operators; 0 for none.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>Version of the operators of ai.onnx.ml; 0 for none.</summary>
    public int MachineLearning { get; init; }

    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = 8;

    /// <summary>The file in which weights stand; null for the network's own.</summary>
    public string? WeightFile { get; init; }

    /// <summary>Bytes of that file.</summary>
    public byte[] Weights => [.. _outside];

    public ExportedFile Input(string name, int type, params long[] shape) => Add(11, Info(name, Tensor(type, shape)));

    public ExportedFile Output(string name, int type, params long[] shape) => Add(12, Info(name, Tensor(type, shape)));

    /// <summary>An output of maps from class to probability, as ZipMap gives it.</summary>
    public ExportedFile Maps(string name, int keyType) => Add(12, Info(name, Message(
        (4, Message((1, Message((5, Message((1, keyType), (2, Tensor(Float)))))))))));

    public ExportedFile Metadata(string key, string value)
    {
        _metadata[key] = value;
        return this;
    }

    public ExportedFile Constant(string name, float[] values, params long[] shape) =>
        WeightFile is null ? Constant(name, Float, MemoryMarshal.AsBytes<float>(values), shape) : External(name, values, shape);

    public ExportedFile Constant(string name, double[] values, params long[] shape) =>
        Constant(name, Double, MemoryMarshal.AsBytes<double>(values), shape);

    public ExportedFile Constant(string name, System.Half[] values, params long[] shape) =>
        Constant(name, Half, MemoryMarshal.AsBytes<System.Half>(values), shape);

    public ExportedFile Constant(string name, long[] values, params long[] shape) =>
        Constant(name, Int64, MemoryMarshal.AsBytes<long>(values), shape);

    public ExportedFile Constant(string name, int type, ReadOnlySpan<byte> raw, params long[] shape) =>
        Add(5, Message([.. shape.Select(size => (1, (object)size)), (2, type), (8, name), (9, raw.ToArray())]));

    /// <summary>A node; an attribute is a whole number, a float, a text, or an array of one of them.</summary>
    public ExportedFile Node(string operation, string inputs, string outputs, params (string Name, object Value)[] attributes) =>
        Node("", operation, inputs, outputs, attributes);

    /// <summary>The same of ai.onnx.ml.</summary>
    public ExportedFile MlNode(string operation, string inputs, string outputs, params (string Name, object Value)[] attributes) =>
        Node("ai.onnx.ml", operation, inputs, outputs, attributes);

    public byte[] ToBytes()
    {
        List<(int, object)> graph = [(2, "network"), .. _graph.Select(part => (part.Field, (object)part.Content))];
        List<(int, object)> model = [(1, Format), (7, Message([.. graph]))];
        if (Producer.Length > 0)
        {
            model.Add((2, Producer));
        }

        if (Opset > 0)
        {
            model.Add((8, Message((1, ""), (2, Opset))));
        }

        if (MachineLearning > 0)
        {
            model.Add((8, Message((1, "ai.onnx.ml"), (2, MachineLearning))));
        }

        model.AddRange(_metadata.Select(entry => (14, (object)Message((1, entry.Key), (2, entry.Value)))));
        return Message([.. model]);
    }

    private ExportedFile External(string name, float[] values, long[] shape)
    {
        int offset = _outside.Count;
        _outside.AddRange(MemoryMarshal.AsBytes<float>(values).ToArray());
        return Add(5, Message(
        [
            .. shape.Select(size => (1, (object)size)), (2, Float), (8, name),
            (13, Message((1, "location"), (2, WeightFile!))),
            (13, Message((1, "offset"), (2, $"{offset}"))),
            (13, Message((1, "length"), (2, $"{4 * values.Length}"))),
            (14, 1),
        ]));
    }

    private ExportedFile Node(string domain, string operation, string inputs, string outputs, (string Name, object Value)[] attributes) =>
        Add(1, Message(
        [
            .. Words(inputs).Select(input => (1, (object)input)), .. Words(outputs).Select(output => (2, (object)output)), (4, operation),
            (7, domain), .. attributes.Select(attribute => (5, (object)Attribute(attribute.Name, attribute.Value))),
        ]));

    private static string[] Words(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Attribute(string name, object value) => value switch
    {
        long or int => Message((1, name), (3, value), (20, 2)),
        float => Message((1, name), (2, value), (20, 1)),
        string => Message((1, name), (4, value), (20, 3)),
        float[] numbers => Message([(1, name), .. numbers.Select(number => (7, (object)number)), (20, 6)]),
        long[] numbers => Message([(1, name), .. numbers.Select(number => (8, (object)number)), (20, 7)]),
        string[] texts => Message([(1, name), .. texts.Select(text => (9, (object)text)), (20, 8)]),
        _ => throw new ArgumentException($"An attribute cannot be {value.GetType()}."),
    };

    private ExportedFile Add(int field, byte[] content)
    {
        _graph.Add((field, content));
        return this;
    }

    private static byte[] Info(string name, byte[] type) => Message((1, name), (2, type));

    private static byte[] Tensor(int type, params long[] shape) => Message((1, Message((1, type), (2, Message(
        [.. shape.Select(size => (1, (object)(size < 0 ? Message((2, "N")) : Message((1, size)))))])))));

    private static byte[] Message(params (int Field, object Value)[] fields)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach ((int field, object value) in fields)
            {
                Write(output, field, value);
            }
        }

        return stream.ToArray();
    }

    private static void Write(CodedOutputStream output, int field, object value)
    {
        switch (value)
        {
            case float number:
                output.WriteTag(field, WireFormat.WireType.Fixed32);
                output.WriteFloat(number);
                break;
            case string or byte[]:
                output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(value as byte[] ?? Encoding.UTF8.GetBytes((string)value)));
                break;
            default:
                output.WriteTag(field, WireFormat.WireType.Varint);
                output.WriteInt64(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
