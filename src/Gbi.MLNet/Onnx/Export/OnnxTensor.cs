using Gbi.Onnx.Graphs;

namespace Gbi.Onnx.Export;

/// <summary>Numbers with a shape: TensorProto of onnx.proto, with the numbers of its fields.</summary>
internal static class OnnxTensor
{
    private const int Dimensions = 1;
    private const int Type = 2;

    /// <summary>A number of double precision, without dimensions.</summary>
    public static ProtoMessage Scalar(double value) => new ProtoMessage().Add(Type, (long)OnnxType.Double).Add(10, [value]);

    /// <summary>A number of single precision, without dimensions.</summary>
    public static ProtoMessage Scalar(float value) => new ProtoMessage().Add(Type, (long)OnnxType.Single).Add(4, [value]);

    /// <summary>A whole number, without dimensions.</summary>
    public static ProtoMessage Scalar(long value) => new ProtoMessage().Add(Type, (long)OnnxType.Int64).Add(7, [value]);

    /// <summary>Numbers of single precision, [n].</summary>
    public static ProtoMessage Vector(IReadOnlyCollection<float> values) =>
        new ProtoMessage().Add(Dimensions, values.Count).Add(Type, (long)OnnxType.Single).Add(4, values);

    /// <summary>Numbers of double precision, [n].</summary>
    public static ProtoMessage Vector(IReadOnlyCollection<double> values) =>
        new ProtoMessage().Add(Dimensions, values.Count).Add(Type, (long)OnnxType.Double).Add(10, values);

    /// <summary>Whole numbers, [n].</summary>
    public static ProtoMessage Vector(IReadOnlyCollection<long> values) =>
        new ProtoMessage().Add(Dimensions, values.Count).Add(Type, (long)OnnxType.Int64).Add(7, values);
}
