using System.Numerics;
using System.Numerics.Tensors;

namespace Gbi.Numerics;

/// <summary>Element-wise functions of whole spans, in vector instructions.</summary>
public static class VectorKernels
{
    /// <summary>destinationᵢ = 1 / (1 + exp(−xᵢ)).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) => TensorPrimitives.Sigmoid(x, destination);

    /// <summary>Σ xᵢ yᵢ; lengths agree.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => TensorPrimitives.Dot(x, y);

    /// <summary>destinationᵢ = xᵢ yᵢ; lengths agree.</summary>
    public static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> destination) =>
        TensorPrimitives.Multiply(x, y, destination);

    /// <summary>destinationᵢ = xᵢ factor + addendᵢ; lengths agree, and destination may be the addend.</summary>
    public static void AddScaled(ReadOnlySpan<double> x, double factor, ReadOnlySpan<double> addend, Span<double> destination) =>
        TensorPrimitives.MultiplyAdd(x, factor, addend, destination);

    /// <summary>The smallest and the largest of some values, of which there is one or more; NaN where one is NaN.</summary>
    public static (T Least, T Most) Range<T>(ReadOnlySpan<T> values)
        where T : INumber<T> => (TensorPrimitives.Min(values), TensorPrimitives.Max(values));

    /// <summary>destinationᵢ = exp xᵢ, widened before; lengths agree.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<double> destination)
    {
        TensorPrimitives.ConvertChecked(x, destination);
        TensorPrimitives.Exp(destination, destination);
    }

    /// <summary>valuesᵢ = ln valuesᵢ.</summary>
    public static void Log(Span<double> values) => TensorPrimitives.Log(values, values);

    /// <summary>sumᵢ += xᵢ; lengths agree.</summary>
    public static void AddTo(ReadOnlySpan<double> x, Span<double> sum) => TensorPrimitives.Add(sum, x, sum);

    /// <summary>sumᵢ += xᵢ²; lengths agree.</summary>
    public static void AddSquareTo(ReadOnlySpan<double> x, Span<double> sum) => TensorPrimitives.MultiplyAdd(x, x, sum, sum);
}
