using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gbi.Trees.Binning;

/// <summary>
/// Finds the bins of values: the number of borders below each, bit by bit, eight values at a time where the processor can gather.
/// </summary>
internal sealed unsafe class BinSearch
{
    private readonly float[] _edges = new float[FeatureBins.CodeCount];

    /// <summary>A search among ascending borders, at most 254.</summary>
    public BinSearch(ReadOnlySpan<float> edges)
    {
        // Borders that are not there lie beyond every value.
        Array.Fill(_edges, float.PositiveInfinity);
        edges.CopyTo(_edges);
    }

    /// <summary>Codes of values; <see cref="FeatureBins.MissingCode"/> for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Find(ReadOnlySpan<float> values, Span<byte> codes)
    {
        int at = 0;
        if (Avx2.IsSupported)
        {
            fixed (float* edges = _edges)
            {
                for (; at + 8 <= values.Length; at += 8)
                {
                    Vector256<int> found = FindEight(edges, Vector256.Create(values[at..]));
                    Vector128<ushort> narrow = Vector128.Narrow(found.GetLower().AsUInt32(), found.GetUpper().AsUInt32());
                    Vector128.Narrow(narrow, narrow).GetLower().CopyTo(codes[at..]);
                }
            }
        }

        for (; at < values.Length; at++)
        {
            codes[at] = FindOne(values[at]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> FindEight(float* edges, Vector256<float> values)
    {
        Vector256<int> below = Vector256<int>.Zero;
        for (int bit = 128; bit > 0; bit >>= 1)
        {
            Vector256<float> probe = Avx2.GatherVector256(edges + bit - 1, below, sizeof(float));
            below += Vector256.GreaterThan(values, probe).AsInt32() & Vector256.Create(bit);
        }

        return Vector256.ConditionalSelect(
            Vector256.Equals(values, values).AsInt32(), below, Vector256.Create((int)FeatureBins.MissingCode));
    }

    private byte FindOne(float value)
    {
        int below = 0;
        for (int bit = 128; bit > 0; bit >>= 1)
        {
            below += value > _edges[below + bit - 1] ? bit : 0;
        }

        return float.IsNaN(value) ? FeatureBins.MissingCode : (byte)below;
    }
}
