using Gbi.Numerics;

namespace Gbi.Ratios.Families;

/// <summary>
/// Polynomials of second order in the places t of a stretch as rows of coefficients: 1, then t_p, then t_p t_q for p ≤ q, in the order of
/// <see cref="Ratios.Parametric.Monomial.UpToSecondOrder"/>.
/// </summary>
internal static class PlacePolynomial
{
    /// <summary>The polynomial of each row at a place, t.</summary>
    /// <param name="coefficients">Shape: [rows × width].</param>
    /// <param name="place">One value a parameter.</param>
    public static float[] Values(float[] coefficients, double[] place)
    {
        int width = (place.Length + 1) * (place.Length + 2) / 2;
        float[] values = new float[coefficients.Length / width];
        EventBlocks.ForEach(values.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                values[row] = (float)Value(coefficients.AsSpan(row * width, width), place);
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

    private static double Value(ReadOnlySpan<float> coefficients, ReadOnlySpan<double> place)
    {
        int at = place.Length + 1;
        double value = coefficients[0];
        for (int p = 0; p < place.Length; p++)
        {
            value += coefficients[p + 1] * place[p];
        }

        for (int p = 0; p < place.Length; p++)
        {
            for (int q = p; q < place.Length; q++, at++)
            {
                value += coefficients[at] * place[p] * place[q];
            }
        }

        return value;
    }
}
