namespace Gbi.Onnx.Graphs;

/// <summary>An ONNX model as it stands in a file, by whomever it was written.</summary>
internal sealed class ModelGraph
{
    private ModelGraph(ProtoFields model)
    {
        Model = model;
        Graph = model.Message(ModelField.Graph) ?? throw new InvalidDataException("The model has no graph.");
        HashSet<string> constants = [.. Graph.Messages(GraphField.Initializer).Select(tensor => tensor.Text(TensorField.Name))];
        Inputs = [.. Graph.Messages(GraphField.Input).Select(GraphTensor.Of).Where(input => !constants.Contains(input.Name))];
        Outputs = [.. Graph.Messages(GraphField.Output).Select(GraphTensor.Of)];
        Nodes = [.. Graph.Messages(GraphField.Node).Select(GraphNode.Of)];
        Metadata = new Dictionary<string, string>(
            model.Messages(ModelField.Metadata).Select(entry => KeyValuePair.Create(entry.Text(1), entry.Text(2))).DistinctBy(e => e.Key));
    }

    public ProtoFields Model { get; }

    public ProtoFields Graph { get; }

    /// <summary>Inputs that need a value: those that are not constants too, as files of format 3 list them.</summary>
    public IReadOnlyList<GraphTensor> Inputs { get; }

    public IReadOnlyList<GraphTensor> Outputs { get; }

    public IReadOnlyList<GraphNode> Nodes { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Version of the operators of ONNX itself; null where the model names none.</summary>
    public long? Opset => Model.Messages(ModelField.Opset)
        .Where(entry => entry.Text(1) is "" or "ai.onnx").Select(entry => entry.Number(2)).FirstOrDefault();

    /// <summary>The program that wrote it; "" where it does not say.</summary>
    public string Producer => Model.Text(ModelField.Producer);

    /// <summary>Reads a model.</summary>
    /// <returns>The model; null where the bytes are none.</returns>
    public static ModelGraph? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return new ModelGraph(ProtoFields.Parse(bytes));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The same model with values of other names.</summary>
    /// <param name="names">New names by old.</param>
    public ModelGraph Renamed(IReadOnlyDictionary<string, string> names)
    {
        return names.Count == 0
            ? this
            : new ModelGraph(ProtoFields.Of(Model.Fields.Select(field => field.Number == ModelField.Graph
                ? field with { Bytes = MessageTree.Change(Graph, MessageKind.Graph, Rename).ToMessage().ToBytes() }
                : field)));

        ProtoFields Rename(MessageKind kind, ProtoFields message) => kind switch
        {
            MessageKind.Node => WithNames(message, NodeField.Input, NodeField.Output),
            MessageKind.Tensor => WithNames(message, TensorField.Name),
            MessageKind.ValueInfo => WithNames(message, 1),
            _ => message,
        };

        ProtoFields WithNames(ProtoFields message, params int[] fields) => ProtoFields.Of(message.Fields.Select(field =>
            fields.Contains(field.Number) && names.TryGetValue(System.Text.Encoding.UTF8.GetString(field.Bytes.Span), out string? name)
                ? field with { Bytes = System.Text.Encoding.UTF8.GetBytes(name) }
                : field));
    }

    /// <summary>Names of all values.</summary>
    public IEnumerable<string> ValueNames => MessageTree.All(Graph, MessageKind.Graph, MessageKind.Node)
        .SelectMany(node => node.Texts(NodeField.Input).Concat(node.Texts(NodeField.Output)))
        .Concat(Inputs.Select(input => input.Name))
        .Concat(Graph.Messages(GraphField.Initializer).Select(tensor => tensor.Text(TensorField.Name)));

    /// <summary>The node that gives a value; null for an input or a constant.</summary>
    public GraphNode? Giver(string value) => Nodes.FirstOrDefault(node => node.Outputs.Contains(value));

    /// <summary>The nodes that a value needs, in their order.</summary>
    public IReadOnlyList<GraphNode> Needed(string value)
    {
        var givers = new Dictionary<string, GraphNode>();
        foreach (GraphNode node in Nodes)
        {
            foreach (string output in node.Outputs)
            {
                givers.TryAdd(output, node);
            }
        }

        var needed = new HashSet<GraphNode>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>([value]);
        while (open.TryPop(out string? name))
        {
            if (givers.TryGetValue(name, out GraphNode? giver) && needed.Add(giver))
            {
                foreach (string input in giver.Inputs.Concat(giver.Captured))
                {
                    open.Push(input);
                }
            }
        }

        return [.. Nodes.Where(needed.Contains)];
    }
}
