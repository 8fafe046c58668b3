using System.Runtime.CompilerServices;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>First and second derivative of the loss of one event.</summary>
internal readonly record struct GradientPair(float Gradient, float Hessian);

/// <summary>Sums of gradient pairs.</summary>
internal struct GradientSum : IStatisticsSum<GradientSum, GradientPair>
{
    public double Gradient;
    public double Hessian;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref GradientSum sum, in GradientPair statistics)
    {
        sum.Gradient += statistics.Gradient;
        sum.Hessian += statistics.Hessian;
    }

    public static GradientSum operator +(in GradientSum left, in GradientSum right) =>
        new() { Gradient = left.Gradient + right.Gradient, Hessian = left.Hessian + right.Hessian };

    public static GradientSum operator -(in GradientSum left, in GradientSum right) =>
        new() { Gradient = left.Gradient - right.Gradient, Hessian = left.Hessian - right.Hessian };
}

/// <summary>
/// The logistic ratio: Σ w [softplus(F) − y F], y = 1 in the numerator. Its minimiser is F = ln (W₁ p₁ / W₀ p₀).
/// </summary>
internal readonly struct LogisticObjective(float[] weights, bool[] isNumerator, TreeOptions options)
    : ITreeObjective<GradientSum, GradientPair>
{
    private readonly double _l2 = options.L2;
    private readonly double _minHessian = options.MinLeafHessian;

    public int OutputCount => 1;

    public void BeginTree(int tree)
    {
    }

    public void Fill(int start, ReadOnlySpan<float> outputs, Span<GradientPair> statistics)
    {
        Span<float> probability = stackalloc float[256];
        for (int from = 0; from < outputs.Length; from += probability.Length)
        {
            int length = Math.Min(probability.Length, outputs.Length - from);
            VectorKernels.Sigmoid(outputs.Slice(from, length), probability);
            for (int i = 0; i < length; i++)
            {
                int row = start + from + i;
                float p = probability[i];
                float w = weights[row];
                statistics[from + i] = new GradientPair(w * (isNumerator[row] ? p - 1 : p), w * p * (1 - p));
            }
        }
    }

    public bool TryReduction(in GradientSum sum, out double reduction)
    {
        reduction = 0.5 * sum.Gradient * sum.Gradient / (sum.Hessian + _l2);
        return sum.Hessian >= _minHessian;
    }

    public void LeafValues(in GradientSum sum, Span<float> values) =>
        values[0] = sum.Hessian >= _minHessian ? (float)(-sum.Gradient / (sum.Hessian + _l2)) : 0;
}
