using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Graphs;

/// <summary>An input or output of a graph as the file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its numbers; <see cref="OnnxType.None"/> where it is no tensor.</param>
/// <param name="Shape">Sizes, null where open; null as a whole where the file does not say.</param>
/// <param name="IsMaps">Whether it is a sequence of maps, such as ZipMap makes.</param>
internal sealed record GraphTensor(string Name, OnnxType Type, IReadOnlyList<long?>? Shape, bool IsMaps)
{
    /// <summary>Reads ValueInfoProto.</summary>
    public static GraphTensor Of(ProtoFields info)
    {
        ProtoFields? type = info.Message(2);
        ProtoFields? tensor = type?.Message(1);
        return new GraphTensor(
            info.Text(1),
            (OnnxType)(tensor?.Number(1) ?? 0),
            tensor?.Message(2)?.Messages(1).Select(dimension => dimension.Number(1)).ToArray(),
            type?.Message(4) is not null);
    }

    /// <summary>Type and sizes for people, such as Float [?, 5].</summary>
    public string Meaning => IsMaps ? "a map from class to probability for each event"
        : Type == OnnxType.None ? "no tensor"
        : Shape is null ? TypeName
        : $"{TypeName} [{string.Join(", ", Shape.Select(size => size is { } known and >= 0 ? Text($"{known}") : "?"))}]";

    /// <summary>Whether its numbers have a fraction.</summary>
    public bool IsReal => Type is OnnxType.Single or OnnxType.Double or OnnxType.Half or OnnxType.BFloat16;

    // As the runtime and the exporters call them.
    private string TypeName => Type switch
    {
        OnnxType.Single => "Float",
        OnnxType.Half => "Float16",
        OnnxType.Text => "String",
        _ => $"{Type}",
    };
}

/// <summary>A node of a graph.</summary>
/// <param name="Operation">Its operator.</param>
/// <param name="Domain">The operator's domain; "" for ONNX itself.</param>
/// <param name="Inputs">Names of the values that it takes.</param>
/// <param name="Outputs">Names of the values that it gives.</param>
/// <param name="Fields">All of it.</param>
internal sealed record GraphNode(
    string Operation, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, ProtoFields Fields)
{
    /// <summary>Reads NodeProto.</summary>
    public static GraphNode Of(ProtoFields node) => new(
        node.Text(NodeField.Operation), node.Text(NodeField.Domain), [.. node.Texts(NodeField.Input)], [.. node.Texts(NodeField.Output)],
        node);

    /// <summary>Its name; "" where it has none.</summary>
    public string Name => Fields.Text(3);

    /// <summary>Names of values of the graph around it that graphs within it may take, besides its own inputs.</summary>
    public IEnumerable<string> Captured => Fields.Messages(NodeField.Attribute)
        .SelectMany(attribute => MessageTree.All(attribute, MessageKind.Attribute, MessageKind.Node))
        .SelectMany(node => node.Texts(NodeField.Input))
        .Concat(Fields.Messages(NodeField.Attribute)
            .SelectMany(attribute => MessageTree.All(attribute, MessageKind.Attribute, MessageKind.Graph))
            .SelectMany(graph => graph.Messages(GraphField.Output))
            .Select(output => output.Text(1)));

    /// <summary>An attribute; null where it is not there.</summary>
    public ProtoFields? Attribute(string name) => Fields.Messages(NodeField.Attribute).FirstOrDefault(found => found.Text(1) == name);

    /// <summary>Names of classes in order, as classifiers and ZipMap have them; null where it has none.</summary>
    public string[]? ClassLabels
    {
        get
        {
            string[] labels = [.. ((string[])["classlabels_int64s", "classlabels_ints", "classlabels_strings"])
                .Select(Attribute)
                .OfType<ProtoFields>()
                .SelectMany(found => found.Numbers(8).Select(number => Text($"{number}")).Concat(found.Texts(9)))];
            return labels.Length == 0 ? null : labels;
        }
    }
}
