namespace Gbi.Onnx.Export;

/// <summary>
/// Functions of double precision that the runtime has in single precision alone, or that lose digits to cancellation, made of operations
/// that it has in double precision. Accurate to a few units in the last place.
/// </summary>
internal static class SpecialFunctionNodes
{
    // exp of less is 0 to any precision asked for.
    private const double LeastExponent = -700;

    // Φ(−z) exp(z²/2) = P(z)/Q(z) for 0 ≤ z < 7: Hart et al., Computer Approximations (1968), no. 5666.
    private static readonly double[] NormalNumerator =
    [
        220.2068679123761, 221.2135961699311, 112.0792914978709, 33.91286607838300, 6.373962203531650, 0.7003830644436881,
        0.03526249659989109,
    ];

    private static readonly double[] NormalDenominator =
    [
        440.4137358247522, 793.8265125199484, 637.3336333788311, 296.5642487796737, 86.78073220294608, 16.06417757920695,
        1.755667163182642, 0.08838834764831844,
    ];

    /// <summary>max(x, 0) + ln(1 + e^−|x|).</summary>
    public static GraphValue Softplus(GraphValue x)
    {
        GraphValue small = (-x.Abs()).Exp();
        // Relu has no double precision before opset 13.
        return (0.5 * (x + x.Abs())) + (small + 1.0).Log();
    }

    /// <summary>eˣ − 1 for x ≤ 0.</summary>
    /// <remarks>(u − 1) x/ln u with u = eˣ: the errors of u − 1 and of ln u are the same. Kahan, in Higham, Accuracy and Stability of
    /// Numerical Algorithms (2002), 1.14.1.</remarks>
    public static GraphValue ExpLessOne(GraphValue x)
    {
        GraphValue bounded = x.Largest(LeastExponent);
        GraphValue u = bounded.Exp();
        return GraphValue.Where(u.IsSame(u.Number(1)), x, (u - 1.0) * bounded / u.Log());
    }

    /// <summary>ln(1 + x) for x > −1.</summary>
    /// <remarks>x ln u/(u − 1) with u = 1 + x, as above.</remarks>
    public static GraphValue LogOnePlus(GraphValue x)
    {
        GraphValue u = 1.0 + x;
        return GraphValue.Where(u.IsSame(u.Number(1)), x, u.Log() * x / (u - 1.0));
    }

    /// <summary>Φ(z), the probability that a standard normal number lies below z. Accurate to 1e-14 of itself for |z| below 7.</summary>
    public static GraphValue NormalProbability(GraphValue z)
    {
        GraphValue size = z.Abs();
        GraphValue tail = (-0.5 * z * z).Exp() * Polynomial(size, NormalNumerator) / Polynomial(size, NormalDenominator);
        return GraphValue.Where(z.Less(z.Number(0)), tail, 1.0 - tail);
    }

    /// <summary>The angle of a point (x, y) in (−π, π].</summary>
    /// <remarks>The arc tangent of single precision, and one step of Newton: δ = (y cos φ − x sin φ)/(x cos φ + y sin φ).</remarks>
    public static GraphValue Angle(GraphValue y, GraphValue x)
    {
        GraphValue zero = x.Number(0);
        GraphValue steep = x.Abs().Less(y.Abs());
        GraphValue ratio = GraphValue.Where(steep, x / y, y / x);
        GraphValue arc = GraphValue.Where(ratio.IsNaN(), zero, ratio).ToSingle().Of("Atan").ToDouble();
        GraphValue ofSteep = GraphValue.Where(y.Less(zero), y.Number(-Math.PI / 2), y.Number(Math.PI / 2)) - arc;
        GraphValue half = GraphValue.Where(y.Less(zero), y.Number(-Math.PI), y.Number(Math.PI));
        GraphValue ofFlat = GraphValue.Where(x.Less(zero), arc + half, arc);
        GraphValue first = GraphValue.Where(steep, ofSteep, ofFlat);
        GraphValue sine = first.Of("Sin");
        GraphValue cosine = Cosine(first);
        GraphValue step = ((y * cosine) - (x * sine)) / ((x * cosine) + (y * sine));
        return first + GraphValue.Where(step.IsNaN(), zero, step);
    }

    /// <summary>cos x.</summary>
    public static GraphValue Cosine(GraphValue x) => (x + (Math.PI / 2)).Of("Sin");

    private static GraphValue Polynomial(GraphValue x, double[] coefficients)
    {
        GraphValue sum = x.Number(coefficients[^1]);
        for (int k = coefficients.Length - 2; k >= 0; k--)
        {
            sum = (sum * x) + coefficients[k];
        }

        return sum;
    }
}
