namespace Gbi.Inference.Contours;

/// <summary>
/// Coordinates u of a plane in which the covariance of both parameters is the unit matrix, so that the contours of a Gaussian are
/// circles: (first, second) = best + L u, L Lᵀ = V, L lower triangular with a positive diagonal, which keeps the sense of turning.
/// </summary>
/// <param name="Best">Both parameters at the minimum.</param>
/// <param name="L11">L₁₁.</param>
/// <param name="L21">L₂₁.</param>
/// <param name="L22">L₂₂.</param>
internal sealed record ContourMetric((double First, double Second) Best, double L11, double L21, double L22)
{
    /// <summary>The metric of errors and a correlation; that of errors alone where the correlation is close to 1.</summary>
    public static ContourMetric Of((double First, double Second) best, double firstError, double secondError, double correlation)
    {
        double rest = 1 - (correlation * correlation);
        return rest > 1e-10
            ? new ContourMetric(best, firstError, secondError * correlation, secondError * Math.Sqrt(rest))
            : new ContourMetric(best, firstError, 0, secondError);
    }

    /// <summary>L u.</summary>
    public (double First, double Second) Direction((double X, double Y) u) => (L11 * u.X, (L21 * u.X) + (L22 * u.Y));

    /// <summary>L⁻¹ of a change of both parameters.</summary>
    public (double X, double Y) Unit((double First, double Second) change)
    {
        double x = change.First / L11;
        return (x, (change.Second - (L21 * x)) / L22);
    }

    /// <summary>u of a point.</summary>
    public (double X, double Y) At(double first, double second) => Unit((first - Best.First, second - Best.Second));

    /// <summary>Lᵀ of a slope in both parameters: the slope in u, of length 1.</summary>
    public (double X, double Y) Normal((double First, double Second) slope)
    {
        (double x, double y) = ((L11 * slope.First) + (L21 * slope.Second), L22 * slope.Second);
        double length = Math.Sqrt((x * x) + (y * y));
        return (x / length, y / length);
    }
}
