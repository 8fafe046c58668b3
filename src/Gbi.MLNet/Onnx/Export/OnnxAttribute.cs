namespace Gbi.Onnx.Export;

/// <summary>Attributes of a node: AttributeProto of onnx.proto, with the numbers of its fields and of its types.</summary>
internal static class OnnxAttribute
{
    private const int Name = 1;
    private const int Type = 20;

    public static ProtoMessage Integer(string name, long value) => new ProtoMessage().Add(Name, name).Add(3, value).Add(Type, 2);

    public static ProtoMessage Text(string name, string value) => new ProtoMessage().Add(Name, name).Add(4, value).Add(Type, 3);

    /// <summary>A vector of double precision: TensorProto inside.</summary>
    public static ProtoMessage Vector(string name, IReadOnlyCollection<double> values) =>
        new ProtoMessage().Add(Name, name).Add(5, OnnxTensor.Vector(values)).Add(Type, 4);

    public static ProtoMessage Integers(string name, IEnumerable<long> values) =>
        new ProtoMessage().Add(Name, name).Add(8, values).Add(Type, 7);

    public static ProtoMessage Texts(string name, IEnumerable<string> values)
    {
        ProtoMessage attribute = new ProtoMessage().Add(Name, name);
        foreach (string value in values)
        {
            attribute.Add(9, value);
        }

        return attribute.Add(Type, 8);
    }
}
