using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gbi.Inference;

/// <summary>Sums over events of the score s = e/(1 + μe), e = r − 1, of a mixture's signal fraction μ.</summary>
internal static class MixtureScore
{
    /// <summary>Σ w s, Σ w s² and Σ w² s².</summary>
    /// <param name="excess">e, one an event.</param>
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

        (double Score, double Information, double Variance) sum = (Vector512.Sum(score), Vector512.Sum(information), Vector512.Sum(variance));
        for (int i = eights.Length * Vector512<double>.Count; i < excess.Length; i++)
        {
            double slope = excess[i] / (1 + (fraction * excess[i]));
            double weighted = weights.IsEmpty ? slope : weights[i] * slope;
            sum = (sum.Score + weighted, sum.Information + (weighted * slope), sum.Variance + (weighted * weighted));
        }

        return sum;
    }

    /// <summary>e = r − 1 of every event; false where a ratio is negative, infinite or no number.</summary>
    public static bool TryExcess(ReadOnlySpan<float> ratio, Span<double> excess)
    {
        Vector256<float> most = Vector256.Create(float.MaxValue);
        Vector256<float> sound = Vector256<float>.AllBitsSet;
        ReadOnlySpan<Vector256<float>> eights = MemoryMarshal.Cast<float, Vector256<float>>(ratio);
        Span<Vector512<double>> targets = MemoryMarshal.Cast<double, Vector512<double>>(excess);
        for (int i = 0; i < eights.Length; i++)
        {
            sound &= Vector256.GreaterThanOrEqual(eights[i], Vector256<float>.Zero) & Vector256.LessThanOrEqual(eights[i], most);
            targets[i] = Vector512.Create(Vector256.WidenLower(eights[i]), Vector256.WidenUpper(eights[i])) - Vector512<double>.One;
        }

        bool all = Vector256.EqualsAll(sound.AsInt32(), Vector256<int>.AllBitsSet);
        for (int i = eights.Length * Vector256<float>.Count; i < ratio.Length; i++)
        {
            all &= ratio[i] is >= 0 and <= float.MaxValue;
            excess[i] = ratio[i] - 1.0;
        }

        return all;
    }

    /// <summary>The smallest and the largest value; not empty, no NaN.</summary>
    public static (double Least, double Most) Range(ReadOnlySpan<double> values)
    {
        ReadOnlySpan<Vector512<double>> eights = MemoryMarshal.Cast<double, Vector512<double>>(values);
        Vector512<double> low = Vector512.Create(values[0]);
        Vector512<double> high = low;
        foreach (Vector512<double> eight in eights)
        {
            low = Vector512.MinNative(low, eight);
            high = Vector512.MaxNative(high, eight);
        }

        (double least, double most) = (values[0], values[0]);
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            (least, most) = (Math.Min(least, low[lane]), Math.Max(most, high[lane]));
        }

        foreach (double value in values[(eights.Length * Vector512<double>.Count)..])
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return (least, most);
    }
}
