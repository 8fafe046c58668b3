using Gbi.Numerics;

namespace Gbi.Ratios.Families;

/// <summary>
/// Polynomials of second order in the local coordinates t as rows of coefficients: 1, then t_p, then t_p t_q for p ≤ q, in the order of
/// <see cref="Ratios.Parametric.Monomial.UpToSecondOrder"/>.
/// </summary>
internal static class LocalPolynomial
{
    /// <summary>The polynomial of each row at t.</summary>
    /// <param name="coefficients">Shape: [rows × width].</param>
    /// <param name="local">t, one value a parameter.</param>
    public static float[] Values(float[] coefficients, double[] local)
    {
        int width = (local.Length + 1) * (local.Length + 2) / 2;
        float[] values = new float[coefficients.Length / width];
        EventBlocks.ForEach(values.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                values[row] = (float)Value(coefficients.AsSpan(row * width, width), local);
            }
        });
        return values;
    }

    /// <summary>The same polynomial as one of t − shift: what stood at t₀ + <paramref name="shift"/> then stands at t₀.</summary>
    public static void Shift(Span<float> coefficients, ReadOnlySpan<double> shift)
    {
        int size = shift.Length;
        int at = size + 1;
        double constant = Value(coefficients, shift);
        Span<double> linear = stackalloc double[size];
        for (int p = 0; p < size; p++)
        {
            linear[p] = coefficients[p + 1];
        }

        for (int p = 0; p < size; p++)
        {
            for (int q = p; q < size; q++, at++)
            {
                linear[p] += coefficients[at] * shift[q];
                linear[q] += coefficients[at] * shift[p];
            }
        }

        coefficients[0] = (float)constant;
        for (int p = 0; p < size; p++)
        {
            coefficients[p + 1] = (float)linear[p];
        }
    }

    private static double Value(ReadOnlySpan<float> coefficients, ReadOnlySpan<double> local)
    {
        int at = local.Length + 1;
        double value = coefficients[0];
        for (int p = 0; p < local.Length; p++)
        {
            value += coefficients[p + 1] * local[p];
        }

        for (int p = 0; p < local.Length; p++)
        {
            for (int q = p; q < local.Length; q++, at++)
            {
                value += coefficients[at] * local[p] * local[q];
            }
        }

        return value;
    }
}
