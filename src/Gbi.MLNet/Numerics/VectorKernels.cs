using System.Numerics;
using System.Numerics.Tensors;

namespace Gbi.Numerics;

/// <summary>Element-wise functions of whole spans, in vector instructions.</summary>
public static class VectorKernels
{
    /// <summary>destinationᵢ = 1 / (1 + exp(−xᵢ)).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) => TensorPrimitives.Sigmoid(x, destination);

    /// <summary>The smallest and the largest of some values, of which there is one or more; NaN where one is NaN.</summary>
    public static (T Least, T Most) Range<T>(ReadOnlySpan<T> values)
        where T : INumber<T> => (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
}
