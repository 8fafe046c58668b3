using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Gbi.Likelihoods.Unbinned.TileKernels;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>Sums over the events of a tile, kept in eight lanes: <see cref="TileKernels.Lanes"/> doubles for each sum.</summary>
/// <remarks>Compiled for speed at once, as <see cref="TileKernels"/>.</remarks>
internal static unsafe class TileSums
{
    /// <summary>
    /// Adds Σ ln valuesᵢ to a lane sum. The mantissas are multiplied and the exponents added, so that a tile needs one logarithm a
    /// lane; a product of 16 numbers in [1, 2) keeps the relative accuracy of one.
    /// </summary>
    /// <param name="values">Normal numbers above 0.</param>
    /// <param name="sum">Lane sum of the mantissas' logarithms.</param>
    /// <param name="exponents">Lane sum of the exponents, exact.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddLogs(double* values, double* sum, long* exponents)
    {
        Vector512<long> mantissaBits = Vector512.Create(0x000F_FFFF_FFFF_FFFF);
        Vector512<long> one = Vector512.Create(0x3FF0_0000_0000_0000);
        Vector512<double> product = Vector512<double>.One;
        Vector512<long> exponent = Vector512.Create(-1023L * (Size / Lanes));
        for (int i = 0; i < Size; i += Lanes)
        {
            Vector512<long> bits = Vector512.Load(values + i).AsInt64();
            exponent += Vector512.ShiftRightLogical(bits, 52);
            product *= ((bits & mantissaBits) | one).AsDouble();
        }

        (Vector512.Load(sum) + Vector512.Log(product)).Store(sum);
        (Vector512.Load(exponents) + exponent).Store(exponents);
    }

    /// <summary>Adds Σ weightᵢ ln valuesᵢ to a lane sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddWeightedLogs(double* values, double* weights, double* sum)
    {
        Vector512<double> total = Vector512.Load(sum);
        for (int i = 0; i < Size; i += Lanes)
        {
            total = Vector512.FusedMultiplyAdd(Vector512.Load(weights + i), Vector512.Log(Vector512.Load(values + i)), total);
        }

        total.Store(sum);
    }

    /// <summary>Adds Σ valuesᵢ to a lane sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSum(double* values, double* sum)
    {
        Vector512<double> total0 = Vector512.Load(sum), total1 = default;
        for (int i = 0; i < Size; i += 2 * Lanes)
        {
            total0 += Vector512.Load(values + i);
            total1 += Vector512.Load(values + i + Lanes);
        }

        (total0 + total1).Store(sum);
    }

    /// <summary>Adds Σ leftᵢ column_c,i to the lane sum of each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMoments(double* left, float* tile, ReadOnlySpan<int> columns, double* sums)
    {
        int c = 0;
        for (; c + 4 <= columns.Length; c += 4)
        {
            float* x0 = tile + (columns[c] * Size), x1 = tile + (columns[c + 1] * Size);
            float* x2 = tile + (columns[c + 2] * Size), x3 = tile + (columns[c + 3] * Size);
            double* at = sums + (c * Lanes);
            Vector512<double> sum0 = Vector512.Load(at), sum1 = Vector512.Load(at + Lanes);
            Vector512<double> sum2 = Vector512.Load(at + (2 * Lanes)), sum3 = Vector512.Load(at + (3 * Lanes));
            for (int i = 0; i < Size; i += Lanes)
            {
                Vector512<double> factor = Vector512.Load(left + i);
                sum0 = Vector512.FusedMultiplyAdd(factor, Widen(x0 + i), sum0);
                sum1 = Vector512.FusedMultiplyAdd(factor, Widen(x1 + i), sum1);
                sum2 = Vector512.FusedMultiplyAdd(factor, Widen(x2 + i), sum2);
                sum3 = Vector512.FusedMultiplyAdd(factor, Widen(x3 + i), sum3);
            }

            sum0.Store(at);
            sum1.Store(at + Lanes);
            sum2.Store(at + (2 * Lanes));
            sum3.Store(at + (3 * Lanes));
        }

        for (; c < columns.Length; c++)
        {
            float* x = tile + (columns[c] * Size);
            Vector512<double> sum0 = Vector512.Load(sums + (c * Lanes)), sum1 = default;
            for (int i = 0; i < Size; i += 2 * Lanes)
            {
                sum0 = Vector512.FusedMultiplyAdd(Vector512.Load(left + i), Widen(x + i), sum0);
                sum1 = Vector512.FusedMultiplyAdd(Vector512.Load(left + i + Lanes), Widen(x + i + Lanes), sum1);
            }

            (sum0 + sum1).Store(sums + (c * Lanes));
        }
    }

    /// <summary>Adds Σ leftᵢ right_j,i to the lane sum of each of <paramref name="count"/> arrays that follow one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMoments(double* left, double* right, int count, double* sums)
    {
        for (int j = 0; j < count; j++)
        {
            double* x = right + (j * Size);
            Vector512<double> sum0 = Vector512.Load(sums + (j * Lanes)), sum1 = default;
            for (int i = 0; i < Size; i += 2 * Lanes)
            {
                sum0 = Vector512.FusedMultiplyAdd(Vector512.Load(left + i), Vector512.Load(x + i), sum0);
                sum1 = Vector512.FusedMultiplyAdd(Vector512.Load(left + i + Lanes), Vector512.Load(x + i + Lanes), sum1);
            }

            (sum0 + sum1).Store(sums + (j * Lanes));
        }
    }

    /// <summary>
    /// Adds Σ weightᵢ array_a,i array_b,i for all b ≥ a to the lane sums of a matrix [count × count]. Entries below the diagonal are left
    /// with numbers without meaning: four columns and two rows at a time, from the last column down, are faster than single ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(double* weights, double* arrays, int count, double* sums)
    {
        for (int a = 0; a < count; a += 2)
        {
            // Two rows together; the last row of an odd number is its own partner, whose sums go nowhere.
            double* left = arrays + (a * Size);
            double* partner = a + 1 < count ? left + Size : left;
            double* row = sums + (a * count * Lanes);
            double* next = a + 1 < count ? row + (count * Lanes) : null;
            int b = count;
            for (; b > a && b >= 4; b -= 4)
            {
                AddEightProducts(
                    weights, left, partner, arrays + ((b - 4) * Size), row + ((b - 4) * Lanes),
                    next == null ? null : next + ((b - 4) * Lanes));
            }

            for (int rest = a; rest < b; rest++)
            {
                AddProducts(weights, left, arrays + (rest * Size), row + (rest * Lanes));
                if (next != null)
                {
                    AddProducts(weights, partner, arrays + (rest * Size), next + (rest * Lanes));
                }
            }
        }
    }

    private static void AddEightProducts(double* weights, double* left, double* partner, double* right, double* sums, double* partnerSums)
    {
        Vector512<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        Vector512<double> sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        for (int i = 0; i < Size; i += Lanes)
        {
            Vector512<double> weight = Vector512.Load(weights + i);
            Vector512<double> first = weight * Vector512.Load(left + i);
            Vector512<double> second = weight * Vector512.Load(partner + i);
            Vector512<double> right0 = Vector512.Load(right + i), right1 = Vector512.Load(right + Size + i);
            Vector512<double> right2 = Vector512.Load(right + (2 * Size) + i), right3 = Vector512.Load(right + (3 * Size) + i);
            sum0 = Vector512.FusedMultiplyAdd(first, right0, sum0);
            sum1 = Vector512.FusedMultiplyAdd(first, right1, sum1);
            sum2 = Vector512.FusedMultiplyAdd(first, right2, sum2);
            sum3 = Vector512.FusedMultiplyAdd(first, right3, sum3);
            sum4 = Vector512.FusedMultiplyAdd(second, right0, sum4);
            sum5 = Vector512.FusedMultiplyAdd(second, right1, sum5);
            sum6 = Vector512.FusedMultiplyAdd(second, right2, sum6);
            sum7 = Vector512.FusedMultiplyAdd(second, right3, sum7);
        }

        AddFour(sums, sum0, sum1, sum2, sum3);
        if (partnerSums != null)
        {
            AddFour(partnerSums, sum4, sum5, sum6, sum7);
        }
    }

    private static void AddFour(double* sums, Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d)
    {
        (Vector512.Load(sums) + a).Store(sums);
        (Vector512.Load(sums + Lanes) + b).Store(sums + Lanes);
        (Vector512.Load(sums + (2 * Lanes)) + c).Store(sums + (2 * Lanes));
        (Vector512.Load(sums + (3 * Lanes)) + d).Store(sums + (3 * Lanes));
    }

    private static void AddProducts(double* weights, double* left, double* right, double* sum)
    {
        Vector512<double> sum0 = Vector512.Load(sum), sum1 = default;
        for (int i = 0; i < Size; i += 2 * Lanes)
        {
            sum0 = Vector512.FusedMultiplyAdd(Vector512.Load(weights + i) * Vector512.Load(left + i), Vector512.Load(right + i), sum0);
            sum1 = Vector512.FusedMultiplyAdd(
                Vector512.Load(weights + i + Lanes) * Vector512.Load(left + i + Lanes), Vector512.Load(right + i + Lanes), sum1);
        }

        (sum0 + sum1).Store(sum);
    }
}
