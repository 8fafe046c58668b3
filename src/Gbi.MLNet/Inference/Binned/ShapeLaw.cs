namespace Gbi.Inference.Binned;

/// <summary>
/// How a shift runs through down − nominal, 0 and up − nominal at α = −1, 0, +1: Δ(α) = S α + A t(α) with S = (up − down)/2 and
/// A = (up + down)/2 − nominal in each bin, and t(α) of the law.
/// </summary>
public enum ShapeLaw
{
    /// <summary>t = |α|, with a kink at 0 (HistFactory code 0).</summary>
    Linear,

    /// <summary>t = α² within ±1, 2|α| − 1 beyond (HistFactory code 2).</summary>
    QuadraticLinear,

    /// <summary>t = α² (15 − 10 α² + 3 α⁴)/8 within ±1, |α| beyond: twice continuously differentiable (HistFactory code 4p).</summary>
    PolynomialLinear,
}

/// <summary>t(α) of a shape law.</summary>
internal static class ShapeCurve
{
    /// <summary>t, t′ and t″ at α.</summary>
    public static (double Value, double Slope, double Curvature) At(ShapeLaw law, double alpha)
    {
        double size = Math.Abs(alpha);
        double sign = alpha >= 0 ? 1 : -1;
        double square = alpha * alpha;
        return law switch
        {
            ShapeLaw.PolynomialLinear when size < 1 => (
                square * (15 + (square * ((3 * square) - 10))) / 8,
                alpha * (15 + (square * ((9 * square) - 20))) / 4,
                (15 + (square * ((45 * square) - 60))) / 4),
            ShapeLaw.QuadraticLinear when size <= 1 => (square, 2 * alpha, 2),
            ShapeLaw.QuadraticLinear => ((2 * size) - 1, 2 * sign, 0),
            _ => (size, sign, 0),
        };
    }
}
