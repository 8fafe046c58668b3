namespace Gbi.Numerics;

/// <summary>Logarithms and exponentials that keep their digits where the plain formula loses them.</summary>
public static class LogMath
{
    /// <summary>ln(1 + eˣ), without overflow for large x and without loss of digits for very negative x.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + OnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static double Sigmoid(double x)
    {
        if (x >= 0)
        {
            return 1 / (1 + Math.Exp(-x));
        }

        double exponential = Math.Exp(x);
        return exponential / (1 + exponential);
    }

    /// <summary>ln(1 + x), accurate near x = 0. Range: x > −1.</summary>
    /// <remarks>Kahan's correction of ln(1 + x) by the rounding of 1 + x.</remarks>
    public static double OnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }
}
