namespace Gbi.Ratios;

/// <summary>
/// Polynomials of second order in the places t of a stretch as rows of coefficients: 1, then t_p, then t_p t_q for p ≤ q, in the order of
/// <see cref="Trees.Monomial.UpToSecondOrder"/>.
/// </summary>
internal static class PlacePolynomial
{
    /// <summary>The same polynomial as one of t − shift: what stood at t₀ + <paramref name="shift"/> then stands at t₀.</summary>
    public static void Shift(Span<float> coefficients, ReadOnlySpan<double> shift)
    {
        int size = shift.Length;
        int at = size + 1;
        double constant = coefficients[0];
        Span<double> linear = stackalloc double[size];
        for (int p = 0; p < size; p++)
        {
            linear[p] = coefficients[p + 1];
            constant += linear[p] * shift[p];
        }

        for (int p = 0; p < size; p++)
        {
            for (int q = p; q < size; q++, at++)
            {
                constant += coefficients[at] * shift[p] * shift[q];
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
}
