using Google.Protobuf;

namespace Gbi.Onnx.Graphs;

/// <summary>The messages of onnx.proto that hold graphs, tensors or names of values.</summary>
internal enum MessageKind
{
    Model,
    Graph,
    Function,
    Node,
    Attribute,
    Tensor,
    SparseTensor,
    ValueInfo,
}

/// <summary>Goes through a model with all graphs within its nodes.</summary>
internal static class MessageTree
{
    private static readonly Dictionary<(MessageKind Of, int Field), MessageKind> Nested = new()
    {
        [(MessageKind.Model, ModelField.Graph)] = MessageKind.Graph,
        [(MessageKind.Model, ModelField.Function)] = MessageKind.Function,
        [(MessageKind.Function, 7)] = MessageKind.Node,
        [(MessageKind.Graph, GraphField.Node)] = MessageKind.Node,
        [(MessageKind.Graph, GraphField.Initializer)] = MessageKind.Tensor,
        [(MessageKind.Graph, GraphField.SparseInitializer)] = MessageKind.SparseTensor,
        [(MessageKind.Graph, GraphField.Input)] = MessageKind.ValueInfo,
        [(MessageKind.Graph, GraphField.Output)] = MessageKind.ValueInfo,
        [(MessageKind.Graph, GraphField.ValueInfo)] = MessageKind.ValueInfo,
        [(MessageKind.Node, NodeField.Attribute)] = MessageKind.Attribute,
        [(MessageKind.Attribute, 5)] = MessageKind.Tensor,
        [(MessageKind.Attribute, 6)] = MessageKind.Graph,
        [(MessageKind.Attribute, 10)] = MessageKind.Tensor,
        [(MessageKind.Attribute, 11)] = MessageKind.Graph,
        [(MessageKind.Attribute, 22)] = MessageKind.SparseTensor,
        [(MessageKind.Attribute, 23)] = MessageKind.SparseTensor,
        [(MessageKind.SparseTensor, 1)] = MessageKind.Tensor,
        [(MessageKind.SparseTensor, 2)] = MessageKind.Tensor,
    };

    // Graphs within nodes within graphs: more levels than a network has, fewer than a stack holds.
    private const int MaxDepth = 100;

    /// <summary>The message with each message within it, from the outside in, as <paramref name="change"/> makes it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="change">Gives a message as it should be; the same object where nothing changes.</param>
    /// <exception cref="InvalidDataException">The bytes are no model.</exception>
    public static ProtoFields Change(ProtoFields message, MessageKind kind, Func<MessageKind, ProtoFields, ProtoFields> change) =>
        Change(message, kind, change, 0);

    /// <summary>All messages of a kind within a message, and the message itself where it is of that kind.</summary>
    /// <exception cref="InvalidDataException">The bytes are no model.</exception>
    public static IEnumerable<ProtoFields> All(ProtoFields message, MessageKind kind, MessageKind wanted) => All(message, kind, wanted, 0);

    private static ProtoFields Change(
        ProtoFields message, MessageKind kind, Func<MessageKind, ProtoFields, ProtoFields> change, int depth)
    {
        RequireDepth(depth);
        ProtoFields changed = change(kind, message);
        return ProtoFields.Of(changed.Fields.Select(field => Within(kind, field) is { } of
            ? field with { Bytes = Change(ProtoFields.Parse(field.Bytes), of, change, depth + 1).ToMessage().ToBytes() }
            : field));
    }

    private static IEnumerable<ProtoFields> All(ProtoFields message, MessageKind kind, MessageKind wanted, int depth)
    {
        RequireDepth(depth);
        IEnumerable<ProtoFields> nested = message.Fields
            .Where(field => Within(kind, field) is not null)
            .SelectMany(field => All(ProtoFields.Parse(field.Bytes), Within(kind, field)!.Value, wanted, depth + 1));
        return kind == wanted ? nested.Prepend(message) : nested;
    }

    private static MessageKind? Within(MessageKind kind, ProtoField field) =>
        field.Type == WireFormat.WireType.LengthDelimited && Nested.TryGetValue((kind, field.Number), out MessageKind of) ? of : null;

    private static void RequireDepth(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException("The graphs of the model lie too deep within each other.");
        }
    }
}

/// <summary>Numbers of the fields of ModelProto.</summary>
internal static class ModelField
{
    public const int FileFormat = 1;
    public const int Producer = 2;
    public const int Graph = 7;
    public const int Opset = 8;
    public const int Metadata = 14;
    public const int Training = 20;
    public const int Function = 25;
}

/// <summary>Numbers of the fields of GraphProto.</summary>
internal static class GraphField
{
    public const int Node = 1;
    public const int Initializer = 5;
    public const int Input = 11;
    public const int Output = 12;
    public const int ValueInfo = 13;
    public const int SparseInitializer = 15;
}

/// <summary>Numbers of the fields of NodeProto.</summary>
internal static class NodeField
{
    public const int Input = 1;
    public const int Output = 2;
    public const int Operation = 4;
    public const int Attribute = 5;
    public const int Domain = 7;
}

/// <summary>Numbers of the fields of TensorProto.</summary>
internal static class TensorField
{
    public const int Dimension = 1;
    public const int Type = 2;
    public const int Name = 8;
    public const int Raw = 9;
    public const int External = 13;
    public const int Location = 14;
}
