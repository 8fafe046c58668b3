using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>
/// Element-wise loops over tiles of <see cref="Size"/> events: float columns in, double arithmetic in eight lanes, so that results
/// are the same on every machine that has fused multiply-add, whatever the width of its vectors. <see cref="TileSums"/> holds
/// the loops that add up.
/// </summary>
/// <remarks>
/// A tile of a few dozen columns stays in the first cache, so that the passes over it read memory once. The loops are compiled for speed at
/// once: a fit of a few dozen passes would be over before the runtime thought of it.
/// </remarks>
internal static unsafe class TileKernels
{
    /// <summary>Events in a tile.</summary>
    public const int Size = 128;

    /// <summary>Doubles in a lane sum.</summary>
    public const int Lanes = 8;

    /// <summary>destinationᵢ = Σ_c factor_c column_c,i.</summary>
    /// <param name="tile">Columns of a tile, one after another.</param>
    /// <param name="columns">Which columns.</param>
    /// <param name="factors">One per column.</param>
    /// <param name="ahead">How many floats further on the next tile begins, whose values are called for by the way.</param>
    /// <param name="destination">Filled; length <see cref="Size"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(float* tile, ReadOnlySpan<int> columns, ReadOnlySpan<double> factors, int ahead, double* destination)
    {
        for (int i = 0; i < Size; i += 4 * Lanes)
        {
            Vector512<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (int c = 0; c < columns.Length; c++)
            {
                float* column = tile + (columns[c] * Size) + i;
                Prefetch(column + ahead);
                Prefetch(column + ahead + (2 * Lanes));
                Vector512<double> factor = Vector512.Create(factors[c]);
                sum0 = Vector512.FusedMultiplyAdd(factor, Widen(column), sum0);
                sum1 = Vector512.FusedMultiplyAdd(factor, Widen(column + Lanes), sum1);
                sum2 = Vector512.FusedMultiplyAdd(factor, Widen(column + (2 * Lanes)), sum2);
                sum3 = Vector512.FusedMultiplyAdd(factor, Widen(column + (3 * Lanes)), sum3);
            }

            sum0.Store(destination + i);
            sum1.Store(destination + i + Lanes);
            sum2.Store(destination + i + (2 * Lanes));
            sum3.Store(destination + i + (3 * Lanes));
        }
    }

    /// <summary>valuesᵢ = exp(valuesᵢ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exp(double* values)
    {
        for (int i = 0; i < Size; i += Lanes)
        {
            Vector512.Exp(Vector512.Load(values + i)).Store(values + i);
        }
    }

    /// <summary>valuesᵢ = value.</summary>
    public static void Fill(double* values, double value) => new Span<double>(values, Size).Fill(value);

    /// <summary>valuesᵢ *= columnᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(double* values, float* column, int ahead)
    {
        for (int i = 0; i < Size; i += Lanes)
        {
            Prefetch(column + ahead + i);
            (Vector512.Load(values + i) * Widen(column + i)).Store(values + i);
        }
    }

    /// <summary>destinationᵢ = leftᵢ rightᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(double* left, double* right, double* destination)
    {
        for (int i = 0; i < Size; i += Lanes)
        {
            (Vector512.Load(left + i) * Vector512.Load(right + i)).Store(destination + i);
        }
    }

    /// <summary>destinationᵢ += factor valuesᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMultiple(double factor, double* values, double* destination)
    {
        Vector512<double> by = Vector512.Create(factor);
        for (int i = 0; i < Size; i += Lanes)
        {
            Vector512.FusedMultiplyAdd(by, Vector512.Load(values + i), Vector512.Load(destination + i)).Store(destination + i);
        }
    }

    /// <summary>destinationᵢ += aᵢ (constant + factor bᵢ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProduct(double* a, double constant, double factor, double* b, double* destination)
    {
        Vector512<double> first = Vector512.Create(constant);
        Vector512<double> by = Vector512.Create(factor);
        for (int i = 0; i < Size; i += Lanes)
        {
            Vector512<double> inner = Vector512.FusedMultiplyAdd(by, Vector512.Load(b + i), first);
            Vector512.FusedMultiplyAdd(Vector512.Load(a + i), inner, Vector512.Load(destination + i)).Store(destination + i);
        }
    }

    /// <summary>The linear form c₀ + U (c₁ + c₂ x + c₃ x²) + D (c₄ + c₅ y + c₆ y²) of the columns U, x, D, y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LinearForm(float* columns, ReadOnlySpan<double> c, int ahead, double* destination)
    {
        Vector512<double> c0 = Vector512.Create(c[0]), c1 = Vector512.Create(c[1]), c2 = Vector512.Create(c[2]),
        c3 = Vector512.Create(c[3]);
        Vector512<double> c4 = Vector512.Create(c[4]), c5 = Vector512.Create(c[5]), c6 = Vector512.Create(c[6]);
        for (int i = 0; i < Size; i += Lanes)
        {
            // Eight events are half a cache line of each of the four columns, whose lines are called for in two steps.
            float* next = columns + ahead + i + (i % (2 * Lanes) == 0 ? 0 : 2 * Size);
            Prefetch(next);
            Prefetch(next + Size);
            Vector512<double> x = Widen(columns + Size + i);
            Vector512<double> y = Widen(columns + (3 * Size) + i);
            Vector512<double> up = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(c3, x, c2), x, c1);
            Vector512<double> down = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(c6, y, c5), y, c4);
            Vector512<double> sum = Vector512.FusedMultiplyAdd(Widen(columns + i), up, c0);
            Vector512.FusedMultiplyAdd(Widen(columns + (2 * Size) + i), down, sum).Store(destination + i);
        }
    }

    /// <summary>destinationᵢ = numeratorᵢ / denominatorᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(double* numerator, double* denominator, double* destination)
    {
        for (int i = 0; i < Size; i += Lanes)
        {
            (Vector512.Load(numerator + i) / Vector512.Load(denominator + i)).Store(destination + i);
        }
    }

    /// <summary>destinationᵢ = 1 / valuesᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Invert(double* values, double* destination)
    {
        for (int i = 0; i < Size; i += Lanes)
        {
            (Vector512<double>.One / Vector512.Load(values + i)).Store(destination + i);
        }
    }

    /// <summary>destinationᵢ -= valuesᵢ².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractSquare(double* values, double* destination)
    {
        for (int i = 0; i < Size; i += Lanes)
        {
            Vector512<double> value = Vector512.Load(values + i);
            Vector512.FusedMultiplyAdd(-value, value, Vector512.Load(destination + i)).Store(destination + i);
        }
    }

    /// <summary>Whether all values are normal numbers above 0: no NaN, infinity, 0 or subnormal among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AreNormal(double* values)
    {
        Vector512<double> least = Vector512.Create(double.MaxValue);
        Vector512<double> sound = Vector512<double>.AllBitsSet;
        Vector512<double> smallest = Vector512.Create(2.2250738585072014e-308);
        for (int i = 0; i < Size; i += Lanes)
        {
            Vector512<double> value = Vector512.Load(values + i);
            sound &= Vector512.GreaterThanOrEqual(value, smallest) & Vector512.LessThanOrEqual(value, least);
        }

        return Vector512.EqualsAll(sound.AsInt64(), Vector512<long>.AllBitsSet);
    }

    // A tile is too short for the processor to see where its columns go on; without this a pass waits for memory, then computes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Widen(float* values)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Double(Vector256.Load(values));
        }

        Vector256<float> eight = Vector256.Load(values);
        return Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight));
    }
}
