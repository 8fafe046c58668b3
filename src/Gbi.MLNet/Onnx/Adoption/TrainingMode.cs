using Gbi.Onnx.Graphs;

namespace Gbi.Onnx.Adoption;

/// <summary>
/// Nodes that a file itself says are in training mode. The runtime may leave such a node out, so that its numbers need not show it.
/// </summary>
internal static class TrainingMode
{
    private const string Attribute = "training_mode";
    private const int RawOfTensor = TensorField.Raw;
    private const int NumbersOfTensor = 5;

    /// <summary>The first such node among those that a value needs; null where there is none.</summary>
    public static GraphNode? Find(ModelGraph graph, string value) => graph.Needed(value).FirstOrDefault(node => node.Operation switch
    {
        "BatchNormalization" => node.Attribute(Attribute)?.Number(3) == 1,
        "Dropout" => node.Inputs.Count > 2 && IsTrue(graph, node.Inputs[2]),
        _ => false,
    });

    private static bool IsTrue(ModelGraph graph, string value)
    {
        ProtoFields? constant = graph.Giver(value) is { Operation: "Constant" } giver
            ? giver.Attribute("value")?.Message(5)
            : graph.Graph.Messages(GraphField.Initializer).FirstOrDefault(tensor => tensor.Text(TensorField.Name) == value);
        return constant is not null
            && (constant.Numbers(NumbersOfTensor).Any(number => number != 0)
                || constant.Fields.Any(field => field.Number == RawOfTensor && field.Bytes.Span.ContainsAnyExcept((byte)0)));
    }
}
