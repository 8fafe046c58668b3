using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gbi.Numerics;

namespace Gbi.Inference.MixtureFraction;

/// <summary>Sums over events of the score s = e/(1 + μe), e = r − 1, of a mixture's signal fraction μ.</summary>
internal static class MixtureScore
{
    /// <summary>Σ w s, Σ w s² and Σ w² s².</summary>
    /// <param name="excess">e, one per event.</param>
    /// <param name="weights">w, or empty for 1 each.</param>
    /// <param name="fraction">μ.</param>
    public static (double Score, double Information, double Variance) Sums(
        ReadOnlySpan<double> excess, ReadOnlySpan<double> weights, double fraction)
    {
        ReadOnlySpan<Vector512<double>> eights = MemoryMarshal.Cast<double, Vector512<double>>(excess);
        ReadOnlySpan<Vector512<double>> weightEights = MemoryMarshal.Cast<double, Vector512<double>>(weights);
        Vector512<double> mu = Vector512.Create(fraction);
        Vector512<double> score = default, information = default, variance = default;
        for (int i = 0; i < eights.Length; i++)
        {
            Vector512<double> slope = eights[i] / Vector512.FusedMultiplyAdd(mu, eights[i], Vector512<double>.One);
            Vector512<double> weighted = weights.IsEmpty ? slope : weightEights[i] * slope;
            score += weighted;
            information = Vector512.FusedMultiplyAdd(weighted, slope, information);
            variance = Vector512.FusedMultiplyAdd(weighted, weighted, variance);
        }

        (double Score, double Information, double Variance) sum = (
            Vector512.Sum(score), Vector512.Sum(information), Vector512.Sum(variance));
        for (int i = eights.Length * Vector512<double>.Count; i < excess.Length; i++)
        {
            double slope = excess[i] / (1 + (fraction * excess[i]));
            double weighted = weights.IsEmpty ? slope : weights[i] * slope;
            sum = (sum.Score + weighted, sum.Information + (weighted * slope), sum.Variance + (weighted * weighted));
        }

        return sum;
    }

    /// <summary>The same from ratios r = e + 1, of one vector of eight events in <paramref name="sparsity"/>.</summary>
    public static (double Score, double Information, double Variance) Sums(
        ReadOnlySpan<float> ratio, ReadOnlySpan<double> weights, double fraction, int sparsity)
    {
        ReadOnlySpan<Vector256<float>> eights = MemoryMarshal.Cast<float, Vector256<float>>(ratio);
        ReadOnlySpan<Vector512<double>> weightEights = MemoryMarshal.Cast<double, Vector512<double>>(weights);
        Vector512<double> mu = Vector512.Create(fraction);
        Vector512<double> score = default, information = default, variance = default;
        for (int i = 0; i < eights.Length; i += sparsity)
        {
            Vector512<double> excess =
                Vector512.Create(Vector256.WidenLower(eights[i]), Vector256.WidenUpper(eights[i])) - Vector512<double>.One;
            Vector512<double> slope = excess / Vector512.FusedMultiplyAdd(mu, excess, Vector512<double>.One);
            Vector512<double> weighted = weights.IsEmpty ? slope : weightEights[i] * slope;
            score += weighted;
            information = Vector512.FusedMultiplyAdd(weighted, slope, information);
            variance = Vector512.FusedMultiplyAdd(weighted, weighted, variance);
        }

        (double Score, double Information, double Variance) sum = (
            Vector512.Sum(score), Vector512.Sum(information), Vector512.Sum(variance));
        for (int i = eights.Length * Vector512<double>.Count; i < ratio.Length; i++)
        {
            double excess = ratio[i] - 1.0;
            double slope = excess / (1 + (fraction * excess));
            double weighted = weights.IsEmpty ? slope : weights[i] * slope;
            sum = (sum.Score + weighted, sum.Information + (weighted * slope), sum.Variance + (weighted * weighted));
        }

        return sum;
    }

    /// <summary>The smallest and the largest of some ratios; false where one is negative, infinite or no number.</summary>
    public static bool TryRange(ReadOnlyMemory<float> ratio, out float least, out float most)
    {
        var blocks = new (float Least, float Most)[EventBlocks.CountOf(ratio.Length)];
        EventBlocks.ForEach(ratio.Length, (start, length) =>
        {
            ReadOnlySpan<float> block = ratio.Span.Slice(start, length);
            blocks[start / EventBlocks.DefaultSize] = (TensorPrimitives.Min(block), TensorPrimitives.Max(block));
        });
        (least, most) = blocks[0];
        foreach ((float low, float high) in blocks)
        {
            (least, most) = (Math.Min(least, low), Math.Max(most, high));
        }

        return least >= 0 && most <= float.MaxValue;
    }
}
