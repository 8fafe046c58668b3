using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Gbi.Tests.Onnx;

/// <summary>
/// A small network as an ONNX file, written by the numbers of onnx.proto and not by the package's own writer. A dimension of −1 is left
/// open; metadata are those of the contract unless they are changed.
/// </summary>
internal sealed class NetworkFile
{
    private readonly List<(int Field, byte[] Content)> _graph = [];

    public int Opset { get; init; } = 17;

    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>log_ratio = x·w + b of each event; with several rows of weights, members [members × events].</summary>
    public static NetworkFile Linear(string features, float[][] weights, float[] biases, int batch = -1)
    {
        int width = weights[0].Length;
        var file = new NetworkFile
        {
            Metadata =
            {
                ["gbi.kind"] = "ratio", ["gbi.features"] = features, ["gbi.numerator"] = "signal", ["gbi.denominator"] = "background"
            }
        };
        file.Input("features", batch, width);
        float[] columns = [.. Enumerable.Range(0, width).SelectMany(input => weights.Select(row => row[input]))];
        file.Constant("w", columns, width, weights.Length).Constant("b", biases, weights.Length);
        file.Node("MatMul", "xw", "features", "w").Node("Add", "sum", "xw", "b");
        return weights.Length == 1
            ? file.Node("Identity", "log_ratio", "sum").Output("log_ratio", batch, 1)
            : file.Node("Transpose", "log_ratio", "sum").Output("log_ratio", weights.Length, batch);
    }

    /// <summary>A ratio net of dense layers with random weights, biases 0 and ReLU between them.</summary>
    public static NetworkFile Dense(int seed, int inputs, params int[] hidden)
    {
        string names = string.Join(',', Enumerable.Range(0, inputs).Select(input => $"x{input}"));
        var file = new NetworkFile
        {
            Metadata =
            {
                ["gbi.kind"] = "ratio", ["gbi.features"] = names, ["gbi.numerator"] = "signal", ["gbi.denominator"] = "background"
            }
        };
        file.Input("features", -1, inputs);
        var random = new Random(seed);
        string value = "features";
        int width = inputs;
        foreach (int size in hidden)
        {
            value = file.Layer(value, random, width, size, isLast: false);
            width = size;
        }

        return file.Node("Identity", "log_ratio", file.Layer(value, random, width, 1, isLast: true)).Output("log_ratio", -1, 1);
    }

    public NetworkFile With(string key, string? value)
    {
        if (value is null)
        {
            Metadata.Remove(key);
        }
        else
        {
            Metadata[key] = value;
        }

        return this;
    }

    public NetworkFile Input(string name, params long[] shape) => Add(11, Described(name, shape));

    public NetworkFile Output(string name, params long[] shape) => Add(12, Described(name, shape));

    public NetworkFile Constant(string name, float[] values, params long[] shape)
    {
        byte[] raw = MemoryMarshal.AsBytes<float>(values).ToArray();
        return Add(5, Message(message =>
        {
            Array.ForEach(shape, size => Write(message, 1, size));
            Write(message, 2, 1);
            Write(message, 8, name);
            Write(message, 9, raw);
        }));
    }

    public NetworkFile Indices(string name, params long[] values) => Add(5, Message(message =>
    {
        Write(message, 1, values.Length);
        Write(message, 2, 7);
        Array.ForEach(values, value => Write(message, 7, value));
        Write(message, 8, name);
    }));

    /// <summary>A node; of an attribute's value, only whole numbers are needed here.</summary>
    public NetworkFile Node(string operation, string output, string[] inputs, params (string Name, long Value)[] attributes) =>
        Add(1, Message(message =>
    {
        Array.ForEach(inputs, input => Write(message, 1, input));
        Write(message, 2, output);
        Write(message, 4, operation);
        foreach ((string name, long value) in attributes)
        {
            Write(message, 5, Message(attribute =>
            {
                Write(attribute, 1, name);
                Write(attribute, 3, value);
                Write(attribute, 20, 2);
            }));
        }
    }));

    public NetworkFile Node(string operation, string output, params string[] inputs) => Node(operation, output, inputs, []);

    public byte[] ToBytes() => Message(model =>
    {
        Write(model, 1, 8);
        Write(model, 7, Message(graph =>
        {
            Write(graph, 2, "network");
            _graph.ForEach(part => Write(graph, part.Field, part.Content));
        }));
        Write(model, 8, Message(opset => Write(opset, 2, Opset)));
        foreach ((string key, string value) in Metadata)
        {
            Write(model, 14, Message(pair =>
            {
                Write(pair, 1, key);
                Write(pair, 2, value);
            }));
        }
    });

    private string Layer(string value, Random random, int inputs, int outputs, bool isLast)
    {
        string name = $"layer{_graph.Count}";
        float scale = MathF.Sqrt(2f / inputs);
        float[] weights = [.. Enumerable.Range(0, inputs * outputs).Select(_ => scale * ((2 * random.NextSingle()) - 1))];
        Constant($"{name}_w", weights, inputs, outputs).Constant($"{name}_b", new float[outputs], outputs);
        Node("MatMul", $"{name}_xw", value, $"{name}_w").Node("Add", $"{name}_sum", $"{name}_xw", $"{name}_b");
        if (isLast)
        {
            return $"{name}_sum";
        }

        Node("Relu", name, $"{name}_sum");
        return name;
    }

    private NetworkFile Add(int field, byte[] content)
    {
        _graph.Add((field, content));
        return this;
    }

    private static byte[] Described(string name, long[] shape) => Message(info =>
    {
        Write(info, 1, name);
        Write(info, 2, Message(type => Write(type, 1, Message(tensor =>
        {
            Write(tensor, 1, 1);
            Write(tensor, 2, Message(dimensions => Array.ForEach(shape, size => Write(dimensions, 1, Message(dimension =>
            {
                if (size >= 0)
                {
                    Write(dimension, 1, size);
                }
                else
                {
                    Write(dimension, 2, "events");
                }
            })))));
        }))));
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            write(output);
        }

        return stream.ToArray();
    }

    private static void Write(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Write(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Write(CodedOutputStream output, int field, byte[] content)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
    }
}
