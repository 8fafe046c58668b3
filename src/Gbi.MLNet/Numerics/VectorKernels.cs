using System.Numerics.Tensors;

namespace Gbi.Numerics;

/// <summary>Element-wise functions of whole spans, in vector instructions.</summary>
public static class VectorKernels
{
    /// <summary>destinationᵢ = 1 / (1 + exp(−xᵢ)).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) => TensorPrimitives.Sigmoid(x, destination);
}
