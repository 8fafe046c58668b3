namespace Gbi.Onnx.Graphs;

/// <summary>Types of numbers in a tensor: TensorProto.DataType of onnx.proto.</summary>
internal enum OnnxType
{
    /// <summary>No tensor, or not said.</summary>
    None = 0,

    /// <summary>Single precision.</summary>
    Single = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Text = 8,
    Bool = 9,

    /// <summary>Half precision.</summary>
    Half = 10,

    /// <summary>Double precision.</summary>
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,

    /// <summary>Single precision with 8 bits of mantissa.</summary>
    BFloat16 = 16,
}
