using Gbi.Onnx.Graphs;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Export;

/// <summary>
/// An ONNX graph under construction (GraphProto of onnx.proto). Values go by name: a method adds a node or a constant and returns
/// the name of its result, the next method takes it.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>Name of the dimension that counts events; its size is left open.</summary>
    public const string Events = "events";

    /// <summary>The operators of ONNX itself.</summary>
    public const string Core = "";

    /// <summary>The operators for models that are not networks.</summary>
    public const string MachineLearning = "ai.onnx.ml";

    // Opsets 17 and 3 came with ONNX 1.12, whose files have format 8; ONNX Runtime reads them since 1.12.
    public const int FileFormat = 8;
    public const int CoreVersion = 17;
    private const int MachineLearningVersion = 3;

    private readonly ProtoMessage _graph = new();
    private readonly Dictionary<string, string> _known = [];
    private readonly string _prefix;
    private readonly long? _batch;
    private int _values;

    /// <summary>A graph without nodes.</summary>
    /// <param name="prefix">Stands before the names of its values, so that they differ from those of a graph that it joins.</param>
    /// <param name="batch">The one number of events that it takes; null for any.</param>
    public OnnxGraph(string prefix = "", long? batch = null) => (_prefix, _batch) = (prefix, batch);

    /// <summary>Its nodes, constants, inputs and outputs: fields of GraphProto, to be joined with those of another graph.</summary>
    public ProtoMessage Content => _graph;

    /// <summary>Adds an input, [events × width], single precision.</summary>
    public string Input(string name, int width)
    {
        _graph.Add(GraphField.Input, Describe(name, OnnxType.Single, width));
        return name;
    }

    /// <summary>Names a value as an output, [events] or, with a width, [events × width]; single precision.</summary>
    public void Output(string name, string value, int? width = null)
    {
        Give(name, value);
        _graph.Add(GraphField.Output, Describe(name, OnnxType.Single, width));
    }

    /// <summary>Names a value as an output of unknown shape.</summary>
    public void Output(string name, string value, OnnxType type)
    {
        Give(name, value);
        ProtoMessage tensor = new ProtoMessage().Add(1, (long)type);
        _graph.Add(GraphField.Output, new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, tensor)));
    }

    /// <summary>Gives a value one more name, which a graph that this one joins takes.</summary>
    public void Give(string name, string value) => AddNode("Identity", [value], name, [], Core);

    /// <summary>Adds a node with one result; the same operation on the same values is added once.</summary>
    public string Add(string operation, string[] inputs, ProtoMessage[]? attributes = null, string domain = Core)
    {
        string content = string.Join(' ', [operation, .. inputs, .. (attributes ?? []).Select(attribute => attribute.ToBase64())]);
        return Once(content, () =>
        {
            string result = NewName(operation);
            AddNode(operation, inputs, result, attributes ?? [], domain);
            return result;
        });
    }

    /// <summary>Adds a conversion of numbers.</summary>
    public string Cast(string value, OnnxType type) => Add("Cast", [value], [OnnxAttribute.Integer("to", (long)type)]);

    /// <summary>Adds a change of shape; −1 stands for the size that the others leave.</summary>
    public string Reshape(string value, params long[] shape) => Add("Reshape", [value, Constant(shape)]);

    /// <summary>Adds a number of double precision.</summary>
    public string Constant(double value) => Constant(OnnxTensor.Scalar(value));

    /// <summary>Adds a number of single precision.</summary>
    public string Constant(float value) => Constant(OnnxTensor.Scalar(value));

    /// <summary>Adds a whole number.</summary>
    public string Constant(long value) => Constant(OnnxTensor.Scalar(value));

    /// <summary>Adds numbers of double precision, [n].</summary>
    public string Constant(IReadOnlyCollection<double> values) => Constant(OnnxTensor.Vector(values));

    /// <summary>Adds numbers of single precision, [n].</summary>
    public string Constant(IReadOnlyCollection<float> values) => Constant(OnnxTensor.Vector(values));

    /// <summary>Adds whole numbers, [n].</summary>
    public string Constant(IReadOnlyCollection<long> values) => Constant(OnnxTensor.Vector(values));

    /// <summary>The whole model (ModelProto) with its metadata.</summary>
    public ProtoMessage ToModel(string producerVersion, IEnumerable<(string Key, string Value)> metadata)
    {
        ProtoMessage model = new ProtoMessage()
            .Add(1, FileFormat)
            .Add(2, "Gbi.MLNet")
            .Add(3, producerVersion)
            .Add(ModelField.Graph, _graph.Add(2, "gbi"))
            .Add(ModelField.Opset, new ProtoMessage().Add(1, Core).Add(2, CoreVersion))
            .Add(ModelField.Opset, new ProtoMessage().Add(1, MachineLearning).Add(2, MachineLearningVersion));
        foreach ((string key, string value) in metadata)
        {
            model.Add(ModelField.Metadata, Entry(key, value));
        }

        return model;
    }

    /// <summary>An entry of the metadata: StringStringEntryProto.</summary>
    public static ProtoMessage Entry(string key, string value) => new ProtoMessage().Add(1, key).Add(2, value);

    private string Constant(ProtoMessage tensor) => Once($"Constant {tensor.ToBase64()}", () =>
    {
        string name = NewName("Constant");
        _graph.Add(GraphField.Initializer, tensor.Add(TensorField.Name, name));
        return name;
    });

    /// <summary>What was added before is not added again.</summary>
    private string Once(string content, Func<string> add) =>
        _known.TryGetValue(content, out string? name) ? name : _known[content] = add();

    private void AddNode(string operation, string[] inputs, string output, ProtoMessage[] attributes, string domain)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        node.Add(NodeField.Output, output).Add(NodeField.Operation, operation).Add(NodeField.Domain, domain);
        if (_prefix.Length == 0)
        {
            // A node's name has to be its own; those of a graph that this one joins are not known here.
            node.Add(3, output);
        }

        foreach (ProtoMessage attribute in attributes)
        {
            node.Add(5, attribute);
        }

        _graph.Add(GraphField.Node, node);
    }

    private string NewName(string operation) => Text($"{_prefix}{operation}_{_values++}");

    /// <summary>ValueInfoProto: a name, the type of its numbers and its shape.</summary>
    private ProtoMessage Describe(string name, OnnxType type, int? width)
    {
        ProtoMessage events = _batch is { } batch ? new ProtoMessage().Add(1, batch) : new ProtoMessage().Add(2, Events);
        ProtoMessage shape = new ProtoMessage().Add(1, events);
        if (width is { } columns)
        {
            shape.Add(1, new ProtoMessage().Add(1, columns));
        }

        ProtoMessage tensor = new ProtoMessage().Add(1, (long)type).Add(2, shape);
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, tensor));
    }
}
